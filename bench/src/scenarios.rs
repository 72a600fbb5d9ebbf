//! The input to validate: events as the vendor writes them, and events that are unusual in one way each.

use cloudconnexa_sample::{Format, Options, Sample, Spelling};

/// Events, and whether they are valid.
pub struct Scenario {
    pub name: &'static str,
    pub valid: bool,
    options: Options,
}

/// Returns all scenarios, the usual events first.
pub fn all() -> Vec<Scenario> {
    let usual = Options::default;
    let scenario = |name, options| Scenario { name, valid: true, options };
    vec![
        scenario("plain", usual()),
        scenario("unknown field in every event", usual().unknown_field(true)),
        scenario("keys shuffled", usual().shuffle_keys(true)),
        scenario("pretty-printed", usual().format(Format::Pretty)),
        scenario("escapes in every text", usual().spelling(Spelling::Escaped)),
        scenario("texts beyond ASCII", usual().spelling(Spelling::NonAscii)),
        Scenario { valid: false, ..scenario("every event invalid", usual().invalid(1_000_000)) },
    ]
}

/// Records, one after the other.
pub struct Input {
    pub text: Vec<u8>,
    /// The index after each record and its line end.
    pub ends: Vec<usize>,
}

impl Scenario {
    /// Generates `count` events.
    pub fn events(&self, count: usize) -> Input {
        let mut sample = Sample::new(&self.options);
        let mut input = Input { text: Vec::new(), ends: Vec::with_capacity(count) };
        for _ in 0..count {
            sample.event(&mut input.text);
            input.text.push(b'\n');
            input.ends.push(input.text.len());
        }
        input
    }
}

impl Input {
    /// Returns the number of records for which `is_valid` returns true.
    pub fn count(&self, mut is_valid: impl FnMut(&[u8]) -> bool) -> usize {
        let mut start = 0;
        let mut valid = 0;
        for &end in &self.ends {
            valid += usize::from(is_valid(&self.text[start..end]));
            start = end;
        }
        valid
    }

    /// Returns the total size in bytes.
    pub fn bytes(&self) -> f64 {
        self.text.len() as f64
    }
}
