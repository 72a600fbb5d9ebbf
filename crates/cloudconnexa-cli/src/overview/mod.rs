//! What a page shows of a run besides its findings.

mod timeline;
mod traffic;

use std::sync::LazyLock;

use cloudconnexa_drift::{Drift, Known, Profile, compare};

use crate::coverage;
use crate::drift::ProfileCollector;
use crate::run::{Lenses, Values};
pub(crate) use timeline::Shown;
use traffic::Shared;
pub(crate) use traffic::{Reasons, Traffic};

static SCHEMA: LazyLock<Known> = LazyLock::new(Known::built_in);

/// All that was seen.
#[derive(Debug)]
pub(crate) struct Overview {
    pub(crate) traffic: Traffic,
    pub(crate) coverage: coverage::Report,
    pub(crate) drift: Differences,
}

/// How events differ from what is known.
#[derive(Debug)]
pub(crate) struct Differences {
    pub(crate) drift: Drift,
    /// The earlier profile that they were compared with, beside the schema.
    pub(crate) against: Option<String>,
    /// From so many records.
    pub(crate) records: u64,
}

/// A profile of an earlier run, and what it is called.
#[derive(Clone, Debug)]
pub(crate) struct Earlier {
    pub(crate) name: String,
    pub(crate) profile: Profile,
}

/// Where those who look put what they see.
#[derive(Clone, Debug)]
pub(crate) struct Lookout {
    traffic: Shared,
    counter: coverage::Counter,
    profiles: ProfileCollector,
    earlier: Option<Earlier>,
    values: Values,
}

impl Lookout {
    /// Adds those who look to `lenses`. Of values that are masked none is kept for the end.
    pub(crate) fn new(lenses: &mut Lenses, earlier: Option<Earlier>, values: Values) -> Self {
        let (traffic, counter, profiles) =
            (Shared::default(), coverage::Counter::default(), ProfileCollector::new());
        lenses.add(traffic.lens());
        lenses.add(counter.lens());
        lenses.add(profiles.lens());
        Self { traffic, counter, profiles, earlier, values }
    }

    /// What was seen; for the end of a run.
    pub(crate) fn take(self) -> Overview {
        let mut profile = self.profiles.profile();
        if self.values == Values::Masked {
            profile.mask();
        }
        let before = self.earlier.as_ref().map(|earlier| &earlier.profile);
        Overview {
            traffic: self.traffic.take(),
            coverage: coverage::Report::new(&self.counter.take(), &[], &[]),
            drift: Differences {
                drift: compare(&profile, &SCHEMA, before),
                against: self.earlier.map(|earlier| earlier.name),
                records: profile.records,
            },
        }
    }
}

#[cfg(test)]
impl Overview {
    /// Of these records.
    pub(crate) fn of(records: &[String], earlier: Option<Earlier>, values: Values) -> Self {
        use cloudconnexa_validator::records::Record;
        use cloudconnexa_validator::{Position, Validator};

        use crate::run::Seen;

        let mut lenses = Lenses::default();
        let watch = Lookout::new(&mut lenses, earlier, values);
        let (validator, mut lenses) = (Validator::new(), lenses.make());
        let mut checker = validator.checker();
        for record in records {
            let record = Record::alone(record.as_bytes(), Position::START);
            let is_valid = validator.check(record.bytes, record.at).is_valid();
            let outline = checker.outline(record.bytes).expect("an object");
            let seen = Seen { record, outline, is_valid };
            for lens in &mut lenses {
                lens.look(&seen);
            }
        }
        for lens in &mut lenses {
            lens.end();
        }
        watch.take()
    }
}
