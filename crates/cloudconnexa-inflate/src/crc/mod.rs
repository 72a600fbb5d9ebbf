//! CRC-32 as in gzip: with tables of our own, or by crc32fast.

#[cfg(any(test, not(feature = "crc32fast")))]
mod tables;
#[cfg(test)]
mod tests;

/// The checksum of what it was updated with.
#[cfg(not(feature = "crc32fast"))]
#[derive(Clone, Debug, Default)]
pub(crate) struct Crc32(u32);

#[cfg(not(feature = "crc32fast"))]
impl Crc32 {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0 = tables::update(self.0, bytes);
    }

    pub(crate) fn value(&self) -> u32 {
        self.0
    }

    pub(crate) fn reset(&mut self) {
        self.0 = 0;
    }
}

/// The checksum of what it was updated with.
#[cfg(feature = "crc32fast")]
#[derive(Clone, Debug, Default)]
pub(crate) struct Crc32(crc32fast::Hasher);

#[cfg(feature = "crc32fast")]
impl Crc32 {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn value(&self) -> u32 {
        self.0.clone().finalize()
    }

    pub(crate) fn reset(&mut self) {
        self.0.reset();
    }
}
