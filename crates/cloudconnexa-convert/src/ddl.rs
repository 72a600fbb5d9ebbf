//! SQL statements that create the tables in a database: their locations, their columns, and views for common questions.
//!
//! # Examples
//!
//! ```
//! use cloudconnexa_convert::ddl::{self, Dialect, Options};
//!
//! let statements = ddl::statements(Dialect::Athena, &Options::new("s3://my-lake/cloudconnexa"));
//! assert!(statements.contains("LOCATION 's3://my-lake/cloudconnexa/client_disconnected/'"));
//! ```

mod views;

use std::fmt::Write as _;

use crate::table::{DAY_COLUMN, Kind, TABLES, Table};

/// The maximum number of characters in a comment, a limit of AWS Glue.
const MAX_COMMENT: usize = 255;

/// A database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// Amazon Athena, with partition projection: no partition has to be added.
    Athena,
    /// `DuckDB`: views of the files.
    DuckDb,
    /// `ClickHouse`, or chDB: views of the files.
    ClickHouse,
    /// Snowflake: external tables over a stage.
    Snowflake,
    /// `BigQuery`: external tables.
    BigQuery,
    /// Apache Spark, also as AWS Glue, EMR or Databricks.
    Spark,
}

/// Options of the statements.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Where the folders of the tables are: a path, or an address such as `s3://BUCKET/PREFIX`.
    pub location: String,
    /// The database, schema or data set that the tables are in.
    pub database: Option<String>,
    /// The names of tables without files. `DuckDB` cannot make a view of no files, so theirs are empty.
    pub without_files: Vec<String>,
}

impl Options {
    /// Tables in the current database, in folders at this place.
    #[must_use]
    pub fn new(location: impl Into<String>) -> Self {
        Self { location: location.into(), database: None, without_files: Vec::new() }
    }
}

/// Returns the statements for all tables and views, in an order in which they can be executed.
#[must_use]
pub fn statements(dialect: Dialect, options: &Options) -> String {
    let statements = Statements { dialect, options, location: options.location.trim_end_matches('/') };
    let mut text = statements.before();
    for table in TABLES {
        text.push_str(&statements.table(table));
        text.push('\n');
    }
    for view in views::VIEWS {
        text.push_str(&statements.view(view));
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

struct Statements<'a> {
    dialect: Dialect,
    options: &'a Options,
    location: &'a str,
}

impl Statements<'_> {
    /// Returns what comes before the tables.
    fn before(&self) -> String {
        match self.dialect {
            Dialect::Snowflake => format!(
                "CREATE STAGE IF NOT EXISTS {}\n  URL = {}\n  COMMENT = 'Tables of ccxlog convert. A private bucket needs a \
                 STORAGE_INTEGRATION.';\n\n",
                self.name("cloudconnexa"),
                text(&format!("{}/", self.location))
            ),
            _ => String::new(),
        }
    }

    /// Returns the name of a table or view, with its database.
    fn name(&self, name: &str) -> String {
        match &self.options.database {
            Some(database) => {
                let parts = database.split('.').chain([name]).map(|part| self.quoted(part));
                parts.collect::<Vec<_>>().join(".")
            }
            None => self.quoted(name),
        }
    }

    /// Returns a name in quotes, as several columns are reserved words somewhere.
    fn quoted(&self, name: &str) -> String {
        match self.dialect {
            Dialect::Athena | Dialect::BigQuery | Dialect::Spark | Dialect::ClickHouse => {
                format!("`{}`", name.replace('`', "``"))
            }
            // Names in quotes keep their case, and those in queries become upper case.
            Dialect::Snowflake => format!("\"{}\"", name.to_uppercase().replace('"', "\"\"")),
            Dialect::DuckDb => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    fn column_type(&self, kind: Kind) -> &'static str {
        match (kind, self.dialect) {
            (Kind::Integer, Dialect::Athena | Dialect::Spark) => "bigint",
            (Kind::Integer, Dialect::BigQuery) => "INT64",
            (Kind::Integer, Dialect::ClickHouse) => "Nullable(Int64)",
            (Kind::Integer, Dialect::DuckDb) => "BIGINT",
            (Kind::Integer, Dialect::Snowflake) => "NUMBER(19, 0)",
            (Kind::Boolean, Dialect::Athena | Dialect::Spark) => "boolean",
            (Kind::Boolean, Dialect::BigQuery) => "BOOL",
            (Kind::Boolean, Dialect::ClickHouse) => "Nullable(Bool)",
            (Kind::Boolean, Dialect::DuckDb | Dialect::Snowflake) => "BOOLEAN",
            (Kind::Timestamp, Dialect::Athena | Dialect::Spark) => "timestamp",
            (Kind::Timestamp, Dialect::BigQuery) => "TIMESTAMP",
            (Kind::Timestamp, Dialect::ClickHouse) => "Nullable(DateTime64(6, 'UTC'))",
            (Kind::Timestamp, Dialect::DuckDb) => "TIMESTAMP WITH TIME ZONE",
            (Kind::Timestamp, Dialect::Snowflake) => "TIMESTAMP_TZ",
            (_, Dialect::Athena | Dialect::Spark) => "string",
            (_, Dialect::BigQuery) => "STRING",
            (_, Dialect::ClickHouse) => "Nullable(String)",
            (_, Dialect::DuckDb | Dialect::Snowflake) => "VARCHAR",
        }
    }

    /// Returns the columns of a table, one a line.
    fn columns(&self, table: &Table) -> String {
        let columns = table.columns.iter().map(|column| {
            let (name, kind) = (self.quoted(column.name), self.column_type(column.kind));
            let comment = text(&comment(table.description_of(column)));
            match self.dialect {
                Dialect::Athena | Dialect::Spark => format!("  {name} {kind} COMMENT {comment}"),
                Dialect::BigQuery => format!("  {name} {kind} OPTIONS (description = {comment})"),
                // The names in the files are in lower case.
                Dialect::Snowflake => {
                    format!("  {name} {kind} AS (VALUE:\"{}\"::{kind}) COMMENT {comment}", column.name)
                }
                Dialect::ClickHouse | Dialect::DuckDb => format!("  {name} {kind}"),
            }
        });
        columns.collect::<Vec<_>>().join(",\n")
    }

    fn table(&self, table: &'static Table) -> String {
        let (name, day) = (self.name(table.name), self.quoted(DAY_COLUMN));
        let location = format!("{}/{}", self.location, table.name);
        let described = text(&comment(table.description()));
        let columns = self.columns(table);
        match self.dialect {
            Dialect::Athena => format!(
                "CREATE EXTERNAL TABLE IF NOT EXISTS {name} (\n{columns}\n)\nCOMMENT {described}\nPARTITIONED BY ({day} string)\n\
                 STORED AS PARQUET\nLOCATION {}\nTBLPROPERTIES (\n  'projection.enabled' = 'true',\n  \
                 'projection.{DAY_COLUMN}.type' = 'date',\n  'projection.{DAY_COLUMN}.format' = 'yyyy-MM-dd',\n  \
                 'projection.{DAY_COLUMN}.range' = '2020-01-01,NOW',\n  'projection.{DAY_COLUMN}.interval' = '1',\n  \
                 'projection.{DAY_COLUMN}.interval.unit' = 'DAYS',\n  'storage.location.template' = {}\n);\n",
                text(&format!("{location}/")),
                text(&format!("{location}/{DAY_COLUMN}=${{{DAY_COLUMN}}}/"))
            ),
            Dialect::Spark => format!(
                "CREATE TABLE IF NOT EXISTS {name} (\n{columns},\n  {day} date\n)\nUSING PARQUET\nPARTITIONED BY ({day})\n\
                 LOCATION {}\nCOMMENT {described};\n-- Again after each run, for new days. It fails as long as the table has no folder, as no such event has occurred.\nMSCK REPAIR TABLE {name};\n",
                text(&location)
            ),
            Dialect::BigQuery => format!(
                "CREATE OR REPLACE EXTERNAL TABLE {name} (\n{columns}\n)\nWITH PARTITION COLUMNS ({day} DATE)\nOPTIONS (\n  \
                 description = {described},\n  format = 'PARQUET',\n  hive_partition_uri_prefix = {},\n  uris = [{}]\n);\n",
                text(&location),
                text(&format!("{location}/*.parquet"))
            ),
            Dialect::Snowflake => format!(
                "CREATE OR REPLACE EXTERNAL TABLE {name} (\n  {day} DATE AS (TO_DATE(REGEXP_SUBSTR(METADATA$FILENAME, \
                 '{DAY_COLUMN}=([0-9-]+)', 1, 1, 'e'))),\n{columns}\n)\nPARTITION BY ({day})\nLOCATION = @{}/{}/\n\
                 AUTO_REFRESH = FALSE\nFILE_FORMAT = (TYPE = PARQUET USE_LOGICAL_TYPE = TRUE)\nCOMMENT = {described};\n",
                self.name("cloudconnexa"),
                table.name
            ),
            Dialect::ClickHouse => {
                let files = format!("{location}/{DAY_COLUMN}=*/*.parquet");
                let structure = format!("{columns},\n  {day} Date");
                let structure = text(&structure.replace('\n', "\n  "));
                let source = if self.location.contains("://") {
                    format!("s3({}, 'Parquet', {structure})", text(&files))
                } else {
                    format!("file({}, 'Parquet', {structure})", text(&files))
                };
                format!(
                    "CREATE OR REPLACE VIEW {name} AS\nSELECT * FROM {source}\nSETTINGS use_hive_partitioning = 1;\n"
                )
            }
            Dialect::DuckDb => {
                if self.options.without_files.iter().any(|without| without == table.name) {
                    let columns = table.columns.iter().map(|column| {
                        let (name, kind) = (self.quoted(column.name), self.column_type(column.kind));
                        format!("  CAST(NULL AS {kind}) AS {name}")
                    });
                    let columns = columns.collect::<Vec<_>>().join(",\n");
                    return format!(
                        "-- There are no files of it yet.\nCREATE OR REPLACE VIEW {name} AS\nSELECT\n{columns},\n  \
                         CAST(NULL AS DATE) AS {day}\nWHERE FALSE;\n"
                    );
                }
                format!(
                    "CREATE OR REPLACE VIEW {name} AS\nSELECT * FROM read_parquet(\n  {},\n  hive_partitioning = true,\n  \
                     hive_types = {{'{DAY_COLUMN}': DATE}},\n  union_by_name = true\n);\nCOMMENT ON VIEW {name} IS {described};\n",
                    text(&format!("{location}/{DAY_COLUMN}=*/*.parquet"))
                )
            }
        }
    }

    fn view(&self, view: &views::View) -> String {
        let create = match self.dialect {
            Dialect::Athena
            | Dialect::BigQuery
            | Dialect::ClickHouse
            | Dialect::DuckDb
            | Dialect::Snowflake
            | Dialect::Spark => "CREATE OR REPLACE VIEW",
        };
        // Athena quotes names in views, which are queries, as other queries do.
        let name =
            if self.dialect == Dialect::Athena { plain(&self.name(view.name)) } else { self.name(view.name) };
        let mut query = view.query.trim().to_owned();
        for table in TABLES {
            let quoted = self.name(table.name);
            let quoted = if self.dialect == Dialect::Athena { plain(&quoted) } else { quoted };
            query = query.replace(&format!("{{{}}}", table.name), &quoted);
        }
        let hour = match self.dialect {
            Dialect::BigQuery => "TIMESTAMP_TRUNC(f.timestamp, HOUR)",
            Dialect::ClickHouse => "toStartOfHour(f.timestamp)",
            _ => "DATE_TRUNC('hour', f.timestamp)",
        };
        let timestamp = match self.dialect {
            Dialect::BigQuery | Dialect::Spark | Dialect::ClickHouse => "`timestamp`",
            Dialect::Snowflake => "\"TIMESTAMP\"",
            _ => "\"timestamp\"",
        };
        query = query.replace("{hour}", hour).replace(".timestamp", &format!(".{timestamp}"));
        let mut text = String::new();
        let _ = write!(text, "-- {}\n{create} {name} AS\n{query};\n", view.description);
        text
    }
}

/// Returns names in double quotes.
fn plain(name: &str) -> String {
    name.replace('`', "\"")
}

/// Returns text as a literal.
fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Returns the first sentence of a description, as far as catalogs keep it.
fn comment(description: &str) -> String {
    let end = description.find(". ").map_or(description.len(), |end| end + 1);
    let sentence = description[..end].replace(['`', '*', '\n'], "").replace('\\', "/");
    match sentence.char_indices().nth(MAX_COMMENT) {
        Some((end, _)) => sentence[..end].to_owned(),
        None => sentence,
    }
}
