//! Limits on what a gzip member may inflate to.

/// Limits on what one gzip member may inflate to, as a protection against decompression bombs.
///
/// ```
/// use cloudconnexa_inflate::Limits;
///
/// let limits = Limits::default().with_max_bytes(1 << 30);
/// assert_eq!(limits.max_bytes, 1 << 30);
/// assert_eq!(limits.max_ratio, 1000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Limits {
    /// Inclusive upper bound of a member's size, in inflated bytes.
    pub max_bytes: u64,
    /// Inclusive upper bound of inflated bytes per compressed byte.
    ///
    /// Applies only to members that inflate to more than [`Limits::RATIO_EXEMPT_BYTES`].
    pub max_ratio: u64,
}

impl Limits {
    /// Up to this many inflated bytes, a member may have any ratio: 64 MiB.
    pub const RATIO_EXEMPT_BYTES: u64 = 64 << 20;

    /// No limits at all.
    pub const UNLIMITED: Self = Self { max_bytes: u64::MAX, max_ratio: u64::MAX };

    /// Sets the upper bound of a member's size, in inflated bytes.
    #[must_use]
    pub fn with_max_bytes(self, max_bytes: u64) -> Self {
        Self { max_bytes, ..self }
    }

    /// Sets the upper bound of inflated bytes per compressed byte.
    #[must_use]
    pub fn with_max_ratio(self, max_ratio: u64) -> Self {
        Self { max_ratio, ..self }
    }
}

impl Default for Limits {
    /// Any size, and a ratio of at most 1000.
    ///
    /// Deflate can reach 1032. Logs compress by a factor of 10, and rarely of 200.
    fn default() -> Self {
        Self { max_ratio: 1000, ..Self::UNLIMITED }
    }
}
