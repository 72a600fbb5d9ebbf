//! Versions, and which one a change requires.

use std::fmt;

/// A version by Semantic Versioning, without pre-release or build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Version {
    /// Raised by changes that break somebody.
    pub major: u64,
    /// Raised by additions.
    pub minor: u64,
    /// Raised by everything else.
    pub patch: u64,
}

/// How much a change changes, for programs that use the types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Size {
    /// Nothing.
    None,
    /// Texts and limits, but no type.
    Patch,
    /// Types or fields are added.
    Minor,
    /// Programs may no longer compile.
    Major,
}

impl Size {
    /// Returns the word for it: `none`, `patch`, `minor` or `major`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl Version {
    /// Reads the version at the end of an `$id`, after the last `:` or `/`. A pre-release counts as the release that it precedes.
    ///
    /// ```
    /// use cloudconnexa_compat::Version;
    ///
    /// let version = Version::of_id("urn:cloudconnexa-events:schema:log-event:1.4.0").expect("it has one");
    /// assert_eq!((version.major, version.minor, version.patch), (1, 4, 0));
    /// assert_eq!(Version::of_id("https://example.com/schemas/log-event.json"), None);
    /// ```
    #[must_use]
    pub fn of_id(id: &str) -> Option<Self> {
        Self::parse(id.trim_end_matches('#').rsplit([':', '/']).next()?)
    }

    /// Reads a version such as `1.4.0` or `v2.0.0-rc.1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let numbers = text.split(['-', '+']).next()?;
        let mut numbers = numbers.split('.').map(|number| {
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            if is_number { number.parse().ok() } else { None }
        });
        let version = Self { major: numbers.next()??, minor: numbers.next()??, patch: numbers.next()?? };
        numbers.next().is_none().then_some(version)
    }

    /// Returns the lowest version that may follow with a change of this size. As Cargo reads versions, a break before 1.0
    /// raises the second number, and an addition the third.
    ///
    /// ```
    /// use cloudconnexa_compat::{Size, Version};
    ///
    /// let next = |version, size| Version::parse(version).expect("a version").next(size).to_string();
    /// assert_eq!(next("1.4.2", Size::Major), "2.0.0");
    /// assert_eq!(next("1.4.2", Size::Minor), "1.5.0");
    /// assert_eq!(next("0.1.0", Size::Major), "0.2.0");
    /// assert_eq!(next("0.1.0", Size::Minor), "0.1.1");
    /// ```
    #[must_use]
    pub fn next(self, size: Size) -> Self {
        let Self { major, minor, patch } = self;
        match (size, major) {
            (Size::None, _) => self,
            (Size::Major, 1..) => Self { major: major.saturating_add(1), minor: 0, patch: 0 },
            (Size::Major, 0) | (Size::Minor, 1..) => Self { major, minor: minor.saturating_add(1), patch: 0 },
            (Size::Minor, 0) | (Size::Patch, _) => Self { major, minor, patch: patch.saturating_add(1) },
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}
