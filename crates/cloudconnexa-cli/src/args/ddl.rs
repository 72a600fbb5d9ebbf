//! `ccxlog ddl`.

use clap::ValueEnum;

pub(super) const HELP: &str = "\
Examples:
  ccxlog ddl --for duckdb --location lake/ | duckdb lake.db
  ccxlog ddl --for athena --location s3://my-lake/cloudconnexa/ > tables.sql

The statements make the tables of `ccxlog convert --to parquet`, and the
views `sessions`, `refused_logins` and `blocked_flows_by_hour`. Columns
and their order never change: when a version of ccxlog has new ones, run
the statements again.";

#[derive(Debug, clap::Args)]
pub(crate) struct DdlArgs {
    /// The database that the statements are for
    #[arg(long = "for", value_enum, value_name = "DATABASE")]
    pub(crate) dialect: DdlDialect,

    /// Where `ccxlog convert` has written the tables, or where they were copied to: a folder, or `s3://BUCKET/PREFIX`
    #[arg(long, value_name = "PATH")]
    pub(crate) location: String,

    /// Put the tables into this database, schema or data set; by default, the current one
    #[arg(long, value_name = "NAME")]
    pub(crate) database: Option<String>,
}

/// A database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DdlDialect {
    /// Amazon Athena, with partition projection
    Athena,
    /// `DuckDB`
    Duckdb,
    /// `ClickHouse`, or chDB
    Clickhouse,
    /// Snowflake
    Snowflake,
    /// `BigQuery`
    Bigquery,
    /// Apache Spark, also as AWS Glue, EMR or Databricks
    Spark,
}
