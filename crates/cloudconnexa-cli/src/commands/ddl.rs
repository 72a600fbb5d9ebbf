//! `ccxlog ddl`: prints the statements that make databases read tables.

use std::io::Write as _;
use std::path::Path;

use cloudconnexa_convert::ddl::{self, Dialect, Options};
use cloudconnexa_convert::table::TABLES;

use crate::args::{DdlArgs, DdlDialect};
use crate::exit::Exit;
use crate::terminal;

pub(super) fn run(args: &DdlArgs) -> Exit {
    let dialect = match args.dialect {
        DdlDialect::Athena => Dialect::Athena,
        DdlDialect::Duckdb => Dialect::DuckDb,
        DdlDialect::Clickhouse => Dialect::ClickHouse,
        DdlDialect::Snowflake => Dialect::Snowflake,
        DdlDialect::Bigquery => Dialect::BigQuery,
        DdlDialect::Spark => Dialect::Spark,
    };
    let location = match (dialect, args.location.contains("://")) {
        (Dialect::Athena | Dialect::Snowflake | Dialect::BigQuery, false) => {
            let wanted = if dialect == Dialect::BigQuery { "gs" } else { "s3" };
            terminal::problem(&format!(
                "`--location {}` is a folder of this machine, which no such database reads; copy the tables to a bucket, and \
                 give `{wanted}://BUCKET/PREFIX`",
                args.location
            ));
            return Exit::Failure;
        }
        (_, true) => args.location.clone(),
        // Databases resolve other paths by themselves.
        (_, false) => match std::path::absolute(&args.location) {
            Ok(path) => path.to_string_lossy().into_owned(),
            Err(_) => args.location.clone(),
        },
    };
    let mut options = Options::new(location);
    options.database.clone_from(&args.database);
    let folder = Path::new(&args.location);
    if folder.is_dir() {
        let is_without = |name: &&str| !folder.join(name).is_dir();
        options.without_files =
            TABLES.iter().map(|table| table.name).filter(is_without).map(str::to_owned).collect();
    }
    let mut out = terminal::stdout();
    let printed = out.write_all(ddl::statements(dialect, &options).as_bytes());
    Exit::from_printing(printed.and_then(|()| out.flush()))
}
