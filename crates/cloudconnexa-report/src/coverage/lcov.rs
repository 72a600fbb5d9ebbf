//! A tracefile of lcov about the lines of the schema: each point is a branch of the line that describes it.
//!
//! So the share of branches is the coverage that all other formats report, and a line is hit as often as its points are.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::report::CoverageReport;

pub(super) fn write(out: &mut dyn Write, report: &CoverageReport, path: &str) -> io::Result<()> {
    // The lines of a definition that several fields share have the points of all of them.
    let mut lines: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for counted in report.groups.iter().flat_map(|group| &group.points).filter(|counted| counted.counts) {
        lines.entry(counted.point.line).or_default().push(counted.hits);
    }
    let hits = |branches: &[u64]| branches.iter().fold(0_u64, |sum, hits| sum.saturating_add(*hits));
    writeln!(out, "TN:\nSF:{path}")?;
    for (line, branches) in &lines {
        let is_hit = hits(branches) > 0;
        for (number, hits) in branches.iter().enumerate() {
            // The format distinguishes branches that could not be taken from those that were not.
            let taken = if is_hit { hits.to_string() } else { "-".to_owned() };
            writeln!(out, "BRDA:{line},0,{number},{taken}")?;
        }
    }
    writeln!(out, "BRF:{}\nBRH:{}", report.all.points, report.all.covered)?;
    for (line, branches) in &lines {
        writeln!(out, "DA:{line},{}", hits(branches))?;
    }
    let hit = lines.values().filter(|branches| hits(branches) > 0).count();
    writeln!(out, "LF:{}\nLH:{hit}\nend_of_record", lines.len())
}
