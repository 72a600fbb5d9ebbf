//! File formats that nothing here writes: a file that is named after one would not be what its name says.

use std::io;
use std::path::Path;

/// Endings of names, and what files that have them are.
const FORMATS: &[(&[&str], &str)] = &[
    (&["xlsx", "xlsm", "xlsb", "xls"], "Excel workbooks"),
    (&["ods", "numbers"], "spreadsheets"),
    (&["tsv", "tab"], "tab-separated values"),
    (&["parquet"], "Parquet"),
    (&["arrow", "feather"], "Arrow"),
    (&["avro"], "Avro"),
    (&["orc"], "ORC"),
    (&["db", "sqlite", "sqlite3", "duckdb"], "databases"),
    (&["zip", "7z", "tar", "tgz"], "archives"),
];

/// Refuses a file that is named after one of these formats, compressed or not.
pub(crate) fn refuse(path: &Path) -> io::Result<()> {
    let lower = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let name = lower.strip_suffix(".gz").unwrap_or(&lower);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let Some((_, format)) = FORMATS.iter().find(|(endings, _)| endings.contains(&ending)) else {
        return Ok(());
    };
    let remedy = match *format {
        "Excel workbooks" | "spreadsheets" | "tab-separated values" => {
            "spreadsheets open `.csv` files, which `ccxlog find`, `top` and `sessions` write"
        }
        _ => "name the file after what is written",
    };
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("ccxlog does not write {format}; {remedy}")))
}
