//! Files of Parquet in a folder: tables, or events of OCSF.

use std::io;

use cloudconnexa_convert::ocsf::OcsfVersion;
use cloudconnexa_convert::parquet::Files;
use cloudconnexa_convert::parquet::security_lake::LakeKey;
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

/// The folders of a custom source of Amazon Security Lake.
#[derive(Clone, Debug)]
pub(crate) struct Lake {
    pub(crate) version: OcsfVersion,
    pub(crate) region: String,
    pub(crate) account: String,
}

/// The files of a lake in a folder.
#[derive(Debug)]
pub(super) struct LakeFiles {
    pub(super) files: PartitionFiles,
    pub(super) lake: Lake,
}

impl Files<LakeKey> for LakeFiles {
    type File = StagedFile;

    fn open(&mut self, partition: LakeKey, number: u64) -> io::Result<StagedFile> {
        let Lake { version, region, account } = &self.lake;
        let folder = partition.folder(*version, region, account);
        self.files.folder.create(format!("{folder}/{}-{number:05}.parquet", self.files.prefix))
    }

    fn end(&mut self, file: StagedFile) -> io::Result<()> {
        self.files.folder.end(file)
    }
}
