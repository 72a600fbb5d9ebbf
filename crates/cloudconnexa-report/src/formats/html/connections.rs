//! The part of the page about connections: how many at once, who is connected at the end, and who connects too often.

use std::cmp::Reverse;

use cloudconnexa_validator::sessions::{ConnectedUser, ConnectionSpans, OFTEN, Peak, Period};
use maud::{Markup, html};

use super::time;
use crate::masking::Masking;
use crate::overview::ConnectionOverview;
use crate::text::{count, counted};

/// How many periods and users a table lists, at most.
const MAX_ROWS: usize = 50;

/// How many hours are listed: those with the most users.
const BUSIEST_HOURS: usize = 24;

pub(super) fn connections(overview: &ConnectionOverview, masking: Masking) -> Markup {
    match overview {
        ConnectionOverview::Known(spans) if spans.sessions == 0 => html! {},
        ConnectionOverview::Known(spans) => html! {
            (at_once(spans))
            (at_the_end(spans, masking))
            (often(spans, masking))
        },
        ConnectionOverview::TooMany => html! {
            h2 { "Users connected at once" }
            p.warning {
                "There are more sessions or users than are kept to say this. Raise " code { "--max-open" }
                ", or ask " code { "ccxlog sessions --concurrent" } " about less time."
            }
        },
    }
}

fn at_once(spans: &ConnectionSpans) -> Markup {
    let (months, weeks) = (spans.peaks(Period::Month), spans.peaks(Period::Week));
    let mut hours = spans.peaks(Period::Hour);
    hours.sort_by_key(|peak| (Reverse((peak.users, peak.sessions)), peak.from));
    hours.truncate(BUSIEST_HOURS);
    hours.sort_by_key(|peak| peak.from);
    let latest = |peaks: &[Peak]| peaks[peaks.len().saturating_sub(MAX_ROWS)..].to_vec();
    html! {
        h2 { "Users connected at once" }
        p.soft {
            "The most at the same moment, in UTC. A session whose end is not among the events counts as connected until it is "
            "6 hours old, or until the newest event. "
            @if spans.without_user > 0 { (counted(spans.without_user, "session")) " of nobody, such as connectors, in no number of users. " }
            @if spans.implausible > 0 { (counted(spans.implausible, "session")) " left out, with times that cannot be right." }
        }
        @if months.is_empty() { p { "Nobody was connected." } }
        @else {
            (peaks("month", "%Y-%m", &latest(&months)))
            details { summary { "By week" } (peaks("week from", "%Y-%m-%d", &latest(&weeks))) }
            details { summary { "The hours with the most users" } (peaks("hour from", "%Y-%m-%d %H:%M", &hours)) }
        }
    }
}

fn peaks(period: &str, format: &str, peaks: &[Peak]) -> Markup {
    let at = |micros: Option<i64>| micros.map(|micros| time::micros(micros, "%Y-%m-%d %H:%M:%S"));
    html! {
        div.scroll { table {
            thead { tr {
                th { (period) } th.n { "users" } th { "at" } th.n { "sessions" } th { "at" } th.n { "different users" }
            } }
            tbody { @for peak in peaks { tr {
                td.t { (time::micros(peak.from, format)) }
                td.n { (count(peak.users)) }
                td.t { @if let Some(at) = at(peak.users_at) { (at) } }
                td.n { (count(peak.sessions)) }
                td.t { @if let Some(at) = at(peak.sessions_at) { (at) } }
                td.n { (count(peak.distinct_users)) }
            } } }
        } }
    }
}

fn at_the_end(spans: &ConnectionSpans, masking: Masking) -> Markup {
    let Some(newest) = spans.newest else { return html! {} };
    let active = spans.active_at(newest);
    html! {
        h2 { "Connected at the end" }
        p.soft {
            (counted(active.len() as u64, "user")) " at " (time::micros(newest, "%Y-%m-%d %H:%M:%S"))
            " UTC, the time of the newest event of a session."
        }
        @if !active.is_empty() { details {
            summary { "Who" }
            div.scroll { table {
                thead { tr { th { "user" } th { "name" } th { "since" } th.n { "sessions" } } }
                tbody { @for active in active.iter().take(MAX_ROWS) { tr {
                    (user(active.user, masking))
                    td.t { (time::micros(active.since, "%Y-%m-%d %H:%M:%S")) }
                    td.n { (count(active.sessions)) }
                } } }
            } }
            (more(active.len(), "user"))
        } }
    }
}

fn often(spans: &ConnectionSpans, masking: Masking) -> Markup {
    let mut rows = spans.frequent(OFTEN);
    let all = rows.len();
    rows.drain(..all.saturating_sub(MAX_ROWS));
    html! {
        h2 { "Users who reconnect often" }
        p.soft { "At least " (OFTEN) " times on one day in UTC, refused logins included." }
        @if rows.is_empty() { p.good { "There are none." } }
        @else { div.scroll { table {
            thead { tr { th { "day" } th { "user" } th { "name" } th.n { "connections" } th.n { "refused" } } }
            tbody { @for row in &rows { tr {
                td.t { (time::micros(row.day, "%Y-%m-%d")) }
                (user(row.user, masking))
                td.n { (count(row.connections)) }
                td.n { (count(row.refused)) }
            } } }
        } } }
        (more(all, "earlier row"))
    }
}

fn user(user: &ConnectedUser, masking: Masking) -> Markup {
    html! {
        @if masking == Masking::Masked { td.soft { "masked" } td.soft { "masked" } }
        @else { td { (user.user_id) } td { @if let Some(name) = &user.user_name { (name) } } }
    }
}

fn more(all: usize, noun: &str) -> Markup {
    let more = all.saturating_sub(MAX_ROWS) as u64;
    html! { @if more > 0 { p.soft { (counted(more, noun)) " not shown." } } }
}

#[cfg(test)]
mod tests;
