//! Tables as files of Parquet in a folder.

use std::io;

use cloudconnexa_convert::parquet::Files;
use cloudconnexa_convert::rows::PartitionKey;

use super::folder::{OutputFolder, StagedFile};

/// The files of partitions in a folder.
#[derive(Debug)]
pub(super) struct PartitionFiles {
    pub(super) folder: OutputFolder,
    /// What the names of files start with.
    pub(super) prefix: String,
}

impl Files for PartitionFiles {
    type File = StagedFile;

    fn open(&mut self, partition: PartitionKey, number: u64) -> io::Result<StagedFile> {
        self.folder.create(format!("{partition}/{}-{number:05}.parquet", self.prefix))
    }

    fn end(&mut self, file: StagedFile) -> io::Result<()> {
        self.folder.end(file)
    }
}
