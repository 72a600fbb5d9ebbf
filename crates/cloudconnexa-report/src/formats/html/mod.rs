//! One HTML page about a run, to be looked at, mailed and kept. It loads nothing and runs nothing.
//!
//! Everything that an event contains is text: `maud` escapes whatever is not written here, and a policy in the page
//! forbids scripts and loads in case anything gets through. Each chart has its numbers in a table below.

mod chart;
mod connections;
mod page;
mod time;

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::masking::Masking;
use crate::run::RunResults;

/// Returns a page in the style of all our pages, with more `styles` of its own, and a policy of what it may load and run.
pub(crate) fn document(title: &str, policy: &str, styles: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(include_str!("style.css"))) (PreEscaped(styles)) }
            }
            body { (body) }
        }
    }
}

/// Writes the page.
pub(super) fn write(out: &mut dyn Write, run: &RunResults<'_>, masking: Masking) -> io::Result<()> {
    out.write_all(page::page(run, masking).into_string().as_bytes())
}

#[cfg(test)]
mod tests;
