//! The contents of the page, from top to bottom.

use std::cmp::Reverse;

use cloudconnexa_validator::{Severity, catalog};
use maud::{Markup, html};

use super::chart::{self, Series, bar, percent};
use super::connections::connections;
use super::{document, time};
use crate::coverage::{CoverageGroup, CoverageReport, field_label, missing_label};
use crate::drift;
use crate::masking::Masking;
use crate::overview::{DisconnectReasons, DriftOverview, TimeWindow, Traffic};
use crate::run::RunResults;
use crate::text::{count, counted, style};

/// How many findings and differences are listed, at most.
const MAX_ROWS: usize = 200;

/// Allows styles within the page, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

pub(super) fn page(run: &RunResults<'_>, masking: Masking) -> Markup {
    let shown = run.overview.and_then(|overview| overview.traffic.timeline.window());
    let body = html! {
        (head(run, masking, shown.as_ref()))
        @if let (Some(overview), Some(shown)) = (run.overview, &shown) {
            (over_time(&overview.traffic, shown))
        }
        (by_event(run, masking))
        (findings(run))
        (problems(run))
        @if let Some(overview) = run.overview {
            (differences(&overview.drift))
            @if let Some(shown) = &shown { (sessions(&overview.traffic, shown, masking)) }
            (connections(&overview.connections, masking))
            (covered(&overview.coverage))
        }
    };
    document("CloudConnexa log events", POLICY, "", &body)
}

fn head(run: &RunResults<'_>, masking: Masking, shown: Option<&TimeWindow>) -> Markup {
    let counts = &run.summary.counts;
    let all = counts.events();
    let (errors, warnings) = (counts.findings_of(Severity::Error), counts.findings_of(Severity::Warning));
    let tile = |name: &str, number: u64, class: &str| {
        html! { li { b class=(class) { (count(number)) } (name) } }
    };
    html! {
        h1 { "CloudConnexa log events" }
        p.soft {
            @if let Some(shown) = shown {
                @let last = shown.start + shown.step * i64::try_from(shown.buckets.len()).unwrap_or(0);
                (time::show(shown.start, shown.step)) " to " (time::show(last, shown.step)) " UTC, "
            }
            (counted(counts.inputs, "input")) ", reported by ccxlog " (env!("CARGO_PKG_VERSION")) "."
            @if let Some(config) = run.config { " The config file is " code { (config) } "." }
            @if masking == Masking::Masked { " Values of events are masked." }
        }
        ul.tiles {
            (tile("events", all.valid + all.invalid, ""))
            (tile("valid", all.valid, "good"))
            (tile("invalid", all.invalid, if all.invalid > 0 { "bad" } else { "" }))
            (tile("errors", errors, if errors > 0 { "bad" } else { "" }))
            (tile("warnings", warnings, if warnings > 0 { "warning" } else { "" }))
            @if run.summary.known > 0 { (tile("in the baseline", run.summary.known, "")) }
            @if counts.unread > 0 { (tile("inputs not read to the end", counts.unread, "bad")) }
        }
    }
}

/// Returns the series of a stacked chart, in the order of the catalogue and without empty ones.
fn series(shown: &TimeWindow) -> Vec<Series<'static>> {
    let names = catalog::EVENTS.iter().map(|event| event.name).chain(["other events"]);
    let series = names.enumerate().map(|(index, name)| {
        let values = shown.buckets.iter().map(|bucket| bucket.events[index]).collect();
        Series { name, class: format!("s{}", index % 10), values }
    });
    series.filter(|series: &Series<'_>| series.values.iter().any(|value| *value > 0)).collect()
}

fn over_time(traffic: &Traffic, shown: &TimeWindow) -> Markup {
    let series = series(shown);
    let title = format!("Events of each {}", time::step(shown.step));
    html! {
        h2 { "Events over time" }
        p.soft {
            (title) ", in UTC."
            @if shown.outside > 0 { " " (counted(shown.outside, "event")) " before or after are not shown." }
            @if traffic.timeless > 0 { " " (counted(traffic.timeless, "event")) " without a timestamp that can be read." }
        }
        (chart::stacked(&title, shown, &series))
        details {
            summary { "The numbers" }
            div.scroll { table {
                thead { tr {
                    th { "from" } @for one in &series { th.n { (one.name) } } th.n { "invalid" }
                } }
                tbody {
                    @for (nth, bucket) in shown.buckets.iter().enumerate().filter(|(_, bucket)| bucket.count() > 0) {
                        tr {
                            td { (time::show(shown.start + shown.step * i64::try_from(nth).unwrap_or(0), shown.step)) }
                            @for one in &series { td.n { (count(one.values[nth])) } }
                            td.n { (count(bucket.invalid)) }
                        }
                    }
                }
            } }
        }
    }
}

fn by_event(run: &RunResults<'_>, masking: Masking) -> Markup {
    let rows = run.summary.rows(masking);
    let all = run.summary.counts.events();
    let total = all.valid + all.invalid;
    html! {
        h2 { "Events by kind" }
        @if rows.is_empty() { p.soft { "There are none." } }
        @else { div.scroll { table {
            thead { tr { th { "event" } th.n { "valid" } th.n { "invalid" } th.n { "share" } th {} } }
            tbody {
                @for row in &rows {
                    @let events = row.counts.valid + row.counts.invalid;
                    tr {
                        td {
                            @match row.name {
                                Some("") => "(empty name)",
                                Some(name) => code { (name) },
                                None => "(other names, or none)",
                            }
                            @if row.name.is_some() && !row.is_known { span.warning { " unknown to the schema" } }
                        }
                        td.n { (count(row.counts.valid)) }
                        td.n.bad[row.counts.invalid > 0] { (count(row.counts.invalid)) }
                        td.n { (format!("{:.1} %", percent(events, total))) }
                        td { (bar(events, total)) }
                    }
                }
            }
        } } }
    }
}

fn findings(run: &RunResults<'_>) -> Markup {
    let mut entries = run.groups.kinds(run.max_entries.min(MAX_ROWS));
    entries.list.sort_by_key(|entry| (Reverse(entry.key().severity()), Reverse(entry.total())));
    html! {
        h2 { "Findings" }
        @if entries.list.is_empty() { p.good { "Nothing was found." } }
        @else { div.scroll { table {
            thead { tr { th.n { "how many" } th.n { "files" } th { "finding" } th { "field" } th { "what" } th { "first at" } } }
            tbody {
                @for entry in &entries.list {
                    @let details = entry.details();
                    @let span = entry.span();
                    tr {
                        td.n { (count(entry.total())) }
                        td.n { (count(entry.inputs())) }
                        td { span class=(style::word(details.severity)) { (style::word(details.severity)) } " " code { (details.rule.id) } }
                        td {
                            code { @if details.pointer.is_empty() { "(the event)" } @else { (details.pointer) } }
                            @if let Some(event) = &details.event { br; span.soft { (event) } }
                        }
                        td {
                            (prose(&details.text.message))
                            @if let Some(help) = &details.text.help { br; span.soft { (prose(help)) } }
                        }
                        td { code { (run.root.path(entry.input())) ":" (span.start.line) ":" (span.start.column) } }
                    }
                }
            }
        } } }
        @if entries.left_out > 0 { p.soft { (counted(entries.left_out, "more finding")) " not listed." } }
    }
}

fn problems(run: &RunResults<'_>) -> Markup {
    html! {
        @if !run.problems.is_empty() {
            h2.bad { "Not all could be read" }
            ul { @for problem in run.problems { li { (prose(&problem.message)) } } }
            @if run.more_problems > 0 { p.soft { (counted(run.more_problems, "more problem")) "." } }
        }
    }
}

/// Renders text in which code is in backticks; leaves it alone if the code contains backticks as well.
pub(super) fn prose(text: &str) -> Markup {
    if text.contains("``") || !text.matches('`').count().is_multiple_of(2) {
        return html! { (text) };
    }
    html! {
        @for (nth, part) in text.split('`').enumerate() {
            @if nth % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// Lists what is new or gone compared with the schema, and with an earlier profile if there is one.
fn differences(differences: &DriftOverview) -> Markup {
    let DriftOverview { drift, against, records } = differences;
    let left_out = drift.findings.len().saturating_sub(MAX_ROWS);
    html! {
        h2 { "Differences" }
        p.soft {
            "From the schema"
            @if let Some(against) = against { " and the profile " code { (against) } }
            ", in " (counted(*records, "record")) "; " code { "ccxlog drift" } " shows more, and drafts changes to the schema."
        }
        @if drift.findings.is_empty() { p.good { "There are none." } }
        @else { div.scroll { table {
            thead { tr { th { "what" } th { "since" } th.n { "how many" } th { "to do" } } }
            tbody {
                @for finding in drift.findings.iter().take(MAX_ROWS) {
                    tr {
                        td { (prose(&finding.message())) br; code.soft { (finding.kind.id()) } }
                        td.t { @if let Some(since) = finding.since { (time::second(&since.to_string())) } }
                        td.n { (drift::share(finding)) }
                        td { (prose(finding.remedy())) }
                    }
                }
            }
        } } }
        @if left_out > 0 { p.soft { (counted(left_out as u64, "more difference")) " not listed." } }
    }
}

/// Shows how much of the schema has occurred.
fn covered(report: &CoverageReport) -> Markup {
    let names = |group: &CoverageGroup| -> Vec<(String, String)> {
        group.missing().map(|point| (field_label(point), missing_label(point))).collect()
    };
    html! {
        h2 { "Coverage of the schema" }
        p.soft { "Fields, values and branches of the schema that valid events have, by event." }
        div.scroll { table {
            thead { tr { th { "event" } th.n { "events" } th.n { "points" } th.n { "covered" } th {} } }
            tbody {
                @for group in &report.groups {
                    tr {
                        td { @if group.event.is_some() { code { (group.name()) } } @else { "(the header of all)" } }
                        td.n { (count(group.events)) }
                        td.n { (group.share.covered) " / " (group.share.points) }
                        td.n { (group.share) }
                        td { (bar(group.share.covered, group.share.points)) }
                    }
                }
                tr {
                    td { b { "all" } }
                    td.n { (count(report.events)) }
                    td.n { (report.all.covered) " / " (report.all.points) }
                    td.n { (report.all) }
                    td { (bar(report.all.covered, report.all.points)) }
                }
            }
        } }
        @if report.all.covered < report.all.points {
            details {
                summary { "Never observed" }
                div.scroll { table {
                    thead { tr { th { "event" } th { "field" } th { "what" } } }
                    tbody {
                        @for group in &report.groups {
                            @if group.is_absent() {
                                tr { td { code { (group.name()) } } td {} td { "the event itself" } }
                            } @else {
                                @for (field, what) in names(group) {
                                    tr { td { code { (group.name()) } } td { (field) } td { (what) } }
                                }
                            }
                        }
                    }
                } }
            }
        }
    }
}

fn sessions(traffic: &Traffic, shown: &TimeWindow, masking: Masking) -> Markup {
    let reasons = &traffic.reasons;
    let rows = rows(reasons, masking);
    let total: u64 = rows.iter().map(|(_, count)| count).sum();
    html! {
        @if shown.concurrent_sessions.iter().any(|sessions| *sessions > 0) {
            h2 { "Sessions at once" }
            p.soft { "The most in each " (time::step(shown.step)) ", of the sessions whose end is among the events." }
            (chart::steps("Sessions at once", shown, &shown.concurrent_sessions))
        }
        @if total > 0 {
            h2 { "Why sessions ended" }
            div.scroll { table {
                thead { tr { th { "reason" } th.n { "sessions" } th.n { "share" } th {} } }
                tbody {
                    @for (reason, number) in &rows {
                        tr {
                            td { (reason) }
                            td.n { (count(*number)) }
                            td.n { (format!("{:.1} %", percent(*number, total))) }
                            td { (bar(*number, total)) }
                        }
                    }
                }
            } }
        }
    }
}

/// Returns the reasons, the most frequent first. If values are masked, those that the schema does not know are one row.
fn rows(reasons: &DisconnectReasons, masking: Masking) -> Vec<(&str, u64)> {
    let mut rows: Vec<(&str, u64)> = reasons.known.iter().map(|(reason, count)| (*reason, *count)).collect();
    let mut others = reasons.more;
    for (reason, count) in &reasons.others {
        match masking {
            Masking::Shown => rows.push((reason, *count)),
            Masking::Masked => others += count,
        }
    }
    rows.sort_by_key(|(reason, count)| (Reverse(*count), *reason));
    if others > 0 {
        rows.push(("(others, which the schema does not know)", others));
    }
    rows
}
