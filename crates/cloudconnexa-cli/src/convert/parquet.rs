//! Files of Parquet in a folder: tables, or events of OCSF.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cloudconnexa_convert::ocsf::OcsfVersion;
use cloudconnexa_convert::parquet::Files;
use cloudconnexa_convert::parquet::security_lake::{LakeKey, LakePart};
use cloudconnexa_convert::rows::{Partition, PartitionKey, SpareRows};

use super::encoders::Encoders;
use super::folder::{OutputFolder, StagedFile};

/// Writers of tables.
pub(super) type TableEncoders = Encoders<PartitionFiles, Partition>;

/// Writers of events of OCSF.
pub(super) type LakeEncoders = Encoders<LakeFiles, LakePart>;

/// A folder that several writers create files in.
#[derive(Clone, Debug)]
pub(super) struct SharedFolder(Arc<Mutex<OutputFolder>>);

impl SharedFolder {
    pub(super) fn new(folder: OutputFolder) -> Self {
        Self(Arc::new(Mutex::new(folder)))
    }

    fn lock(&self) -> MutexGuard<'_, OutputFolder> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the folder once no writer has it any more.
    pub(super) fn into_inner(self) -> Option<OutputFolder> {
        Some(Arc::into_inner(self.0)?.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Starts the writers of tables. Most events are flows, and most others are those of sessions.
pub(super) fn tables(
    folder: &SharedFolder,
    prefix: &str,
    is_threaded: bool,
    spare: SpareRows,
) -> TableEncoders {
    let shard_of = |partition: &Partition| match partition.key.table().name {
        "flow_established" => 0,
        "client_connected" | "client_disconnected" => 1,
        _ => 2,
    };
    let files = || PartitionFiles { folder: folder.clone(), prefix: prefix.to_owned() };
    Encoders::new(&[8, 4, 4], shard_of, is_threaded, files, move |part| spare.put(part))
}

/// Starts the writer of events of OCSF.
pub(super) fn security_lake(
    folder: &SharedFolder,
    prefix: &str,
    lake: &Lake,
    is_threaded: bool,
) -> LakeEncoders {
    let files = || PartitionFiles { folder: folder.clone(), prefix: prefix.to_owned() };
    Encoders::new(&[16], |_| 0, is_threaded, || LakeFiles { files: files(), lake: lake.clone() }, drop)
}

/// The files of partitions in a folder.
#[derive(Debug)]
pub(super) struct PartitionFiles {
    folder: SharedFolder,
    /// What the names of files start with.
    prefix: String,
}

impl Files for PartitionFiles {
    type File = StagedFile;

    fn open(&mut self, partition: PartitionKey, number: u64) -> io::Result<StagedFile> {
        self.folder.lock().create(format!("{partition}/{}-{number:05}.parquet", self.prefix))
    }

    fn end(&mut self, file: StagedFile) -> io::Result<()> {
        file.sync()?;
        self.folder.lock().add(file);
        Ok(())
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
    files: PartitionFiles,
    lake: Lake,
}

impl Files<LakeKey> for LakeFiles {
    type File = StagedFile;

    fn open(&mut self, partition: LakeKey, number: u64) -> io::Result<StagedFile> {
        let Lake { version, region, account } = &self.lake;
        let folder = partition.folder(*version, region, account);
        self.files.folder.lock().create(format!("{folder}/{}-{number:05}.parquet", self.files.prefix))
    }

    fn end(&mut self, file: StagedFile) -> io::Result<()> {
        self.files.end(file)
    }
}
