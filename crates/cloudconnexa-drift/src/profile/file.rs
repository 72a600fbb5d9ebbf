//! Profiles as text: one JSON object, whose last member is a checksum of everything before it.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Profile;
use crate::hash::hash;

/// The version of the format that is written, and the only one that is read.
pub const FORMAT: u64 = 1;

/// The greatest text that is read, in bytes: a profile full of unknown names has about 20 MiB.
const MAX_BYTES: usize = 256 << 20;

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(title = "A profile of ccxlog drift"))]
#[serde(rename_all = "camelCase")]
pub(crate) struct File<P> {
    /// The version of this format.
    pub(crate) ccxlog_profile: u64,
    /// What was observed.
    pub(crate) profile: P,
    /// A checksum of the text before it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) check: String,
}

/// The reason why a text cannot be used as a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileError {
    kind: ProfileErrorKind,
    message: String,
}

/// The kind of a [`ProfileError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProfileErrorKind {
    /// The text is longer than any profile.
    TooLong,
    /// The text is not a profile.
    NotAProfile,
    /// The profile has a format that this version does not read.
    UnsupportedFormat,
    /// The text does not end with a checksum.
    Incomplete,
    /// The checksum does not match.
    Damaged,
    /// The counts are so great that merging could overflow.
    Implausible,
}

impl ProfileError {
    fn new(kind: ProfileErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> ProfileErrorKind {
        self.kind
    }
}

impl fmt::Display for ProfileError {
    /// Writes a fragment that continues "the profile …".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ProfileError {}

impl Profile {
    /// Writes the profile as text. Equal profiles have equal texts.
    #[must_use]
    pub fn to_text(&self) -> String {
        let file = File { ccxlog_profile: FORMAT, profile: self, check: String::new() };
        // Cannot fail: keys are strings, and there are no floats.
        let text = serde_json::to_string_pretty(&file).unwrap_or_default();
        let checked = text.trim_end_matches("\n}");
        format!("{checked},\n  \"check\": \"{:016x}\"\n}}\n", hash(checked.as_bytes()))
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    ///
    /// ```
    /// use cloudconnexa_drift::{Profile, ProfileErrorKind};
    ///
    /// let text = Profile::default().to_text();
    /// assert_eq!(Profile::from_text(text.as_bytes())?, Profile::default());
    /// let error = Profile::from_text(text.replace("\"records\": 0", "\"records\": 9").as_bytes()).unwrap_err();
    /// assert_eq!(error.kind(), ProfileErrorKind::Damaged);
    /// # Ok::<(), cloudconnexa_drift::ProfileError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error for any other text: cut, changed anywhere, or of another format.
    pub fn from_text(text: &[u8]) -> Result<Self, ProfileError> {
        use ProfileErrorKind as Kind;
        let refuse = |kind, message: &str| Err(ProfileError::new(kind, message));
        if text.len() > MAX_BYTES {
            return refuse(Kind::TooLong, "is too long for a profile");
        }
        let Ok(text) = str::from_utf8(text) else {
            return refuse(Kind::NotAProfile, "is not a profile of `ccxlog drift`: it is not UTF-8");
        };
        if let Some(version) = format_version(text)
            && version != FORMAT
        {
            let message = format!(
                "is a profile of format {version}, and this ccxlog reads format {FORMAT}; write it again with this version"
            );
            return Err(ProfileError::new(Kind::UnsupportedFormat, message));
        }
        let Some((checked, rest)) = text.rsplit_once(",\n  \"check\": \"") else {
            return refuse(
                Kind::Incomplete,
                "is not a complete profile of `ccxlog drift`: its checksum is missing; write it again with `--write-profile`",
            );
        };
        if rest != format!("{:016x}\"\n}}\n", hash(checked.as_bytes())) {
            return refuse(
                Kind::Damaged,
                "is damaged or was edited: its checksum is wrong; write it again with `--write-profile`",
            );
        }
        match serde_json::from_str::<File<Self>>(text) {
            Ok(file) if file.profile.is_plausible() => Ok(file.profile),
            Ok(_) => refuse(
                Kind::Implausible,
                "has counts that are impossibly high; write it again with `--write-profile`",
            ),
            Err(error) => {
                let message = format!("is not a profile of `ccxlog drift`: {error}");
                Err(ProfileError::new(Kind::NotAProfile, message))
            }
        }
    }

    /// Returns whether sums of many such profiles stay within 64 bits: anybody can make a valid checksum.
    fn is_plausible(&self) -> bool {
        fn is_small(value: &Value) -> bool {
            match value {
                Value::Number(number) => number.as_u64().is_some_and(|number| number < 1 << 48),
                Value::Array(values) => values.iter().all(is_small),
                Value::Object(members) => members.values().all(is_small),
                _ => true,
            }
        }
        serde_json::to_value(self).is_ok_and(|value| is_small(&value))
    }
}

/// Returns the format version at the start of a text, whatever follows.
fn format_version(text: &str) -> Option<u64> {
    let rest = text.strip_prefix("{\n  \"ccxlogProfile\": ")?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(feature = "schemars")]
pub(crate) fn schema() -> schemars::Schema {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<File<Profile>>()
}
