//! Profiles as text: one JSON object, whose last member is a checksum over all that stands in front of it.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Profile;
use crate::hash::hash;

/// The version of the format that is written, and the only one that is read.
pub const FORMAT: u64 = 1;

/// The greatest file that is read: one that is full of unknown names has some 20 MiB.
const MOST: usize = 256 << 20;

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(title = "A profile of ccxlog drift"))]
#[serde(rename_all = "camelCase")]
pub(crate) struct File<P> {
    /// The version of this format.
    pub(crate) ccxlog_profile: u64,
    /// What was seen.
    pub(crate) profile: P,
    /// A checksum over the text in front of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) check: String,
}

/// Why a text is no profile that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileError(String);

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ProfileError {}

impl Profile {
    /// Writes it as text, which is the same for equal profiles.
    #[must_use]
    pub fn to_text(&self) -> String {
        let file = File { ccxlog_profile: FORMAT, profile: self, check: String::new() };
        // Nothing in it can fail to be written: keys are texts, and there is no float.
        let text = serde_json::to_string_pretty(&file).unwrap_or_default();
        let front = text.trim_end_matches("\n}");
        format!("{front},\n  \"check\": \"{:016x}\"\n}}\n", hash(front.as_bytes()))
    }

    /// Reads what [`to_text`](Self::to_text) wrote. Anything else is refused, whatever was changed in it.
    ///
    /// ```
    /// use cloudconnexa_drift::Profile;
    ///
    /// let text = Profile::default().to_text();
    /// assert_eq!(Profile::from_text(text.as_bytes())?, Profile::default());
    /// let error = Profile::from_text(text.replace("\"records\": 0", "\"records\": 9").as_bytes()).unwrap_err();
    /// assert!(error.to_string().starts_with("is damaged"));
    /// # Ok::<(), cloudconnexa_drift::ProfileError>(())
    /// ```
    pub fn from_text(text: &[u8]) -> Result<Self, ProfileError> {
        let refuse = |why: &str| Err(ProfileError(why.to_owned()));
        if text.len() > MOST {
            return refuse("is too long for a profile");
        }
        let Ok(text) = str::from_utf8(text) else {
            return refuse("is no profile of `ccxlog drift`: it is not UTF-8");
        };
        if let Some(version) = version(text)
            && version != FORMAT
        {
            return Err(ProfileError(format!(
                "is a profile of format {version}, and this ccxlog reads {FORMAT}; write it again with this one"
            )));
        }
        let Some((front, behind)) = text.rsplit_once(",\n  \"check\": \"") else {
            return refuse(
                "is no whole profile of `ccxlog drift`: its checksum is missing; write it again with `--write-profile`",
            );
        };
        if behind != format!("{:016x}\"\n}}\n", hash(front.as_bytes())) {
            return refuse(
                "is damaged or was edited: its checksum is wrong; write it again with `--write-profile`",
            );
        }
        match serde_json::from_str::<File<Self>>(text) {
            Ok(file) if file.profile.is_sound() => Ok(file.profile),
            Ok(_) => refuse("counts more than anybody can have seen; write it again with `--write-profile`"),
            Err(error) => Err(ProfileError(format!("is no profile of `ccxlog drift`: {error}"))),
        }
    }

    /// Whether sums of many like it stay within 64 bits: a checksum is easily made.
    fn is_sound(&self) -> bool {
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

/// The version that a text names at its begin.
fn version(text: &str) -> Option<u64> {
    let rest = text.strip_prefix("{\n  \"ccxlogProfile\": ")?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(feature = "schemars")]
pub(crate) fn schema() -> schemars::Schema {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<File<Profile>>()
}
