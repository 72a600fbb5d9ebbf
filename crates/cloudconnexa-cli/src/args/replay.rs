//! `ccxlog replay`.

use std::path::PathBuf;

use super::PartitionArgs;

pub(super) const HELP: &str = "\
Examples:
  ccxlog replay bad.jsonl --accepted good-2.jsonl.gz --rejected bad-2.jsonl
  ccxlog replay bad.jsonl --accepted good-2.jsonl.gz --rejected bad.jsonl

Records that are valid now are written byte for byte as they first came
in; the others stay rejected, with their original positions. A line that
is not a line of a rejected file is reported and kept as it is.

All of REJECTED has to be readable. There is no --skip-unreadable: the
records after the damage would be in neither output, and lost if an
output replaces REJECTED.

Exit codes:
  0  everything was accepted
  1  something stays rejected
  2  the command failed, and neither file was replaced";

#[derive(Debug, clap::Args)]
pub(crate) struct ReplayArgs {
    /// Files that `ccxlog split` or `ccxlog replay` wrote as rejected, or `-` for standard input
    #[arg(value_name = "REJECTED", required = true)]
    pub(crate) inputs: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) partition: PartitionArgs,
}
