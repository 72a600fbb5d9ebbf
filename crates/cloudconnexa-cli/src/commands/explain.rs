//! `ccxlog explain`: explains what a finding means, and what to do about it.

use std::io::{self, Write};

use cloudconnexa_validator::rules::{self, RULES, Rule};

use super::unknown;
use crate::exit::Exit;
use crate::terminal;
use cloudconnexa_report::text::style;

pub(super) fn run(id: Option<&str>) -> Exit {
    let mut out = terminal::stdout();
    let printed = match id {
        None => list(&mut out),
        Some(id) => {
            let Some(rule) = rules::rule(id) else {
                let ids = RULES.iter().map(|rule| rule.id);
                return unknown("finding has the id", id, ids, "`ccxlog explain` lists them");
            };
            explain(&mut out, rule)
        }
    };
    Exit::from_printing(printed.and_then(|()| out.flush()))
}

fn list(out: &mut impl Write) -> io::Result<()> {
    let width = RULES.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for rule in RULES {
        let (name, color) = (style::NAME, style::of(rule.severity));
        let (id, word) = (rule.id, style::word(rule.severity));
        writeln!(out, "{name}{id:width$}{name:#}  {color}{word:7}{color:#}  {}", rule.summary)?;
    }
    Ok(())
}

fn explain(out: &mut impl Write, rule: &Rule) -> io::Result<()> {
    let (strong, color) = (style::STRONG, style::of(rule.severity));
    let word = style::word(rule.severity);
    writeln!(out, "{color}{word}[{}]{color:#}{strong}: {}{strong:#}\n", rule.id, rule.summary)?;
    writeln!(out, "{}", rule.explanation.trim())
}
