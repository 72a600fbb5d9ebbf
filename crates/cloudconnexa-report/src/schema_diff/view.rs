//! A comparison with what is needed to show it: names and texts of the schemas, what is tolerated, what is declared.

use cloudconnexa_compat::{
    ChangeFinding, ChangeLevel, ChangeLocation, ChangedField, Comparison, Question, Side, Size,
};
use cloudconnexa_validator::Severity;

/// How many fields of a change are named.
const MAX_FIELDS: usize = 4;

/// One of the two schemas.
#[derive(Clone, Copy, Debug)]
pub struct SchemaSide<'a> {
    /// The name: a version, or a path.
    pub name: &'a str,
    /// Whether the name is the path of a file.
    pub is_file: bool,
    /// The text.
    pub text: &'a str,
}

/// A comparison, and how to show it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SchemaDiff<'a> {
    /// What was found.
    pub comparison: &'a Comparison,
    /// The schema that was there before.
    pub old: SchemaSide<'a>,
    /// The schema that takes its place.
    pub new: SchemaSide<'a>,
    /// Whether what is undecided counts as passed.
    pub allows_undecided: bool,
    /// The folder that the events are written to which show what breaks.
    pub examples_folder: Option<&'a str>,
    /// The columns of the terminal.
    pub width: usize,
}

impl<'a> SchemaDiff<'a> {
    /// Takes a comparison of two schemas.
    #[must_use]
    pub fn new(comparison: &'a Comparison, old: SchemaSide<'a>, new: SchemaSide<'a>) -> Self {
        Self { comparison, old, new, allows_undecided: false, examples_folder: None, width: 100 }
    }

    /// Returns whether nothing breaks, apart from what is accepted, and nothing is undecided unless that is allowed.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.comparison.findings.iter().all(|finding| self.severity(finding) != Severity::Error)
            && self.unexplained().next().is_none()
    }

    /// Returns the answers that are not yes and that no change accounts for, unless they are allowed.
    pub(super) fn unexplained(
        &self,
    ) -> impl Iterator<Item = (&'a cloudconnexa_compat::EventVerdict, Question, cloudconnexa_compat::Answer)>
    {
        let allows_undecided = self.allows_undecided;
        self.comparison.unexplained().filter(move |(_, _, answer)| {
            !allows_undecided || *answer != cloudconnexa_compat::Answer::Undecided
        })
    }

    /// Returns how severe a change is.
    pub(super) fn severity(&self, finding: &ChangeFinding) -> Severity {
        match finding.level() {
            ChangeLevel::Note => Severity::Note,
            _ if finding.accepted.is_some() => Severity::Warning,
            ChangeLevel::Undecided if self.allows_undecided => Severity::Warning,
            ChangeLevel::Undecided | ChangeLevel::Break => Severity::Error,
        }
    }

    /// Returns where a change is shown: in the new schema, or in the old one if it is gone; a released version has no file, so
    /// that the other is preferred then.
    pub(super) fn place<'f>(
        &self,
        finding: &'f ChangeFinding,
    ) -> Option<(Side, SchemaSide<'a>, &'f ChangeLocation)> {
        let new = finding.new.as_ref().map(|location| (Side::New, self.new, location));
        let old = finding.old.as_ref().map(|location| (Side::Old, self.old, location));
        new.or(old)
    }

    /// Says what a change is about: `/log/port` of `flow-established`.
    pub(super) fn fields(finding: &ChangeFinding) -> Option<String> {
        let one = |field: &ChangedField| match (&field.event, field.pointer.as_str()) {
            (None, "") => None,
            (None, pointer) => Some(format!("`{pointer}` of every event")),
            (Some(event), "") => Some(format!("`{event}`")),
            (Some(event), pointer) => Some(format!("`{pointer}` of `{event}`")),
        };
        let named: Vec<String> = finding.fields.iter().filter_map(one).collect();
        let more = named.len().saturating_sub(MAX_FIELDS);
        let shown = named.into_iter().take(MAX_FIELDS).collect::<Vec<_>>().join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Some(shown + &more).filter(|text| !text.is_empty())
    }

    /// Says whom a change breaks.
    pub(super) fn breaks(finding: &ChangeFinding) -> Option<String> {
        let list = finding.breaks.iter().map(|question| question.affected()).collect::<Vec<_>>().join("; ");
        Some(list).filter(|list| !list.is_empty())
    }

    /// Says what is undecided about a change.
    pub(super) fn undecided(finding: &ChangeFinding) -> Option<String> {
        let list =
            finding.undecided.iter().map(|question| question.affected()).collect::<Vec<_>>().join("; ");
        (!list.is_empty()).then(|| format!("neither a proof nor an event was found; it may break {list}"))
    }

    /// Says what to do about a change.
    pub(super) fn help(&self, finding: &ChangeFinding) -> Option<String> {
        if finding.level() == ChangeLevel::Note || finding.accepted.is_some() {
            return None;
        }
        let major = self.comparison.old_version.map(|version| version.next(Size::Major));
        let release =
            major.map_or("release a new major version".to_owned(), |version| format!("release {version}"));
        let keep = match finding.rule.id {
            "value-narrowed" | "value-replaced" => "keep taking what was taken",
            "value-widened" => "keep to what was taken",
            _ if finding.breaks == [Question::Types] && self.comparison.untyped.is_some() => {
                "keep to what types can be generated from, which the warning names"
            }
            "field-added" | "field-required" if finding.breaks.contains(&Question::Backward) => {
                "make it optional"
            }
            "field-added" => "leave it out",
            "field-optional" => "keep it required",
            "field-removed" => "keep it, and mark it as deprecated",
            "event-removed" => "keep it",
            "known-value-removed" | "known-value-added" => "keep the list as it was",
            "list-closed" => "leave the list open",
            "fields-closed" => "leave the object open",
            "type-renamed" => "keep the name",
            _ => "keep it as it was",
        };
        Some(format!("{keep}, or {release}"))
    }

    /// Sums up in one sentence.
    pub(super) fn summary(&self) -> String {
        let findings = &self.comparison.findings;
        if findings.is_empty() && self.comparison.size == Size::None {
            return "No changes".to_owned();
        }
        let count =
            |test: &dyn Fn(&ChangeFinding) -> bool| findings.iter().filter(|finding| test(finding)).count();
        let changes =
            if findings.len() == 1 { "1 change".to_owned() } else { format!("{} changes", findings.len()) };
        let breaking = count(&|finding| finding.level() == ChangeLevel::Break);
        let mut parts = vec![match breaking {
            0 => "none breaks".to_owned(),
            1 => "1 breaks".to_owned(),
            many => format!("{many} break"),
        }];
        let undecided = count(&|finding| finding.level() == ChangeLevel::Undecided);
        if undecided > 0 {
            parts.push(format!("{undecided} undecided"));
        }
        let unexplained = self.comparison.unexplained().count();
        if unexplained > 0 {
            parts.push(format!("{unexplained} without a change that accounts for it"));
        }
        let accepted = count(&|finding| finding.level() != ChangeLevel::Note && finding.accepted.is_some());
        if accepted > 0 {
            parts.push(format!("{accepted} accepted"));
        }
        let needed = match self.comparison.needed() {
            Some(version) => version.to_string(),
            None => format!("a {} one", self.comparison.size.name()),
        };
        let declared = self.comparison.new_version.map_or("none".to_owned(), |version| version.to_string());
        format!("{changes}: {}. Version needed: {needed}, declared: {declared}", parts.join(", "))
    }
}
