//! Tests what the statements for each database look like. `packaging/tests/test_convert.py` has databases execute and parse them.

use cloudconnexa_convert::ddl::{Dialect, Options, statements};
use cloudconnexa_convert::table::TABLES;

const DIALECTS: [Dialect; 6] = [
    Dialect::Athena,
    Dialect::DuckDb,
    Dialect::ClickHouse,
    Dialect::Snowflake,
    Dialect::BigQuery,
    Dialect::Spark,
];

/// The statements about the smallest table, and those for a view.
#[test]
fn statements_look_like_this() {
    for dialect in DIALECTS {
        let all = statements(dialect, &Options::new("s3://my-lake/events/"));
        let shown: Vec<&str> = all
            .split("\n\n")
            .filter(|statement| {
                let is_first = statement.starts_with("CREATE STAGE") || statement.starts_with("-- Blocked");
                is_first || statement.to_lowercase().contains("log_stream_paused")
            })
            .collect();
        assert!(shown.len() >= 2, "{all}");
        insta::assert_snapshot!(format!("{dialect:?}"), shown.join("\n\n"));
    }
}

#[test]
fn every_column_of_every_table_is_described() {
    for dialect in
        [Dialect::Athena, Dialect::ClickHouse, Dialect::Snowflake, Dialect::BigQuery, Dialect::Spark]
    {
        let all = statements(dialect, &Options::new("s3://my-lake/events")).to_lowercase();
        for table in TABLES {
            let start =
                all.find(&format!("{}`", table.name)).or_else(|| all.find(&format!("{}\"", table.name)));
            let statement = &all[start.unwrap_or_else(|| panic!("{dialect:?} has no {}", table.name))..];
            let end = statement.find("\n\n").unwrap_or(statement.len());
            for column in table.columns {
                let quoted = [format!("`{}` ", column.name), format!("\"{}\" ", column.name)];
                let has = |quoted: &String| statement[..end].contains(quoted.as_str());
                assert!(quoted.iter().any(has), "{dialect:?}: {}.{}", table.name, column.name);
            }
        }
    }
}

#[test]
fn names_and_locations_are_quoted() {
    let mut options = Options::new("/data/o'brien");
    options.database = Some("main.logs".to_owned());
    options.without_files = vec!["unknown_event".to_owned()];
    let all = statements(Dialect::DuckDb, &options);
    assert!(all.contains("'/data/o''brien/client_connected/event_day=*/*.parquet'"), "{all}");
    assert!(all.contains("CREATE OR REPLACE VIEW \"main\".\"logs\".\"sessions\" AS"), "{all}");
    assert!(all.contains("FROM \"main\".\"logs\".\"client_connected\" AS c"), "{all}");
    assert!(all.contains("  CAST(NULL AS VARCHAR) AS \"log\",\n"), "{all}");
    assert!(!all.contains("o''brien/unknown_event"), "{all}");
}

/// Glue refuses longer ones.
#[test]
fn comments_are_short_and_on_one_line() {
    let all = statements(Dialect::Athena, &Options::new("s3://my-lake"));
    let comments: Vec<&str> =
        all.lines().filter_map(|line| line.split_once(" COMMENT '")).map(|(_, comment)| comment).collect();
    assert!(comments.len() > 200);
    for comment in comments {
        assert!(comment.len() <= 258 && comment.trim_end_matches(',').ends_with('\''), "{comment}");
    }
}
