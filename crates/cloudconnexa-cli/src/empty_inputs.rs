//! Inputs without content, for commands that have no findings about their inputs.

use cloudconnexa_validator::Severity;

use crate::exit::Exit;
use crate::size::counted;
use crate::terminal;

/// How many of them are named.
const MAX_NAMED: usize = 20;

/// The inputs of a run that are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EmptyInputs {
    denied: Names,
    others: Names,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Names {
    first: Vec<String>,
    count: u64,
}

impl EmptyInputs {
    /// Adds an input that is as severe as the rule `empty-input` is for it.
    pub(crate) fn add(&mut self, input: &str, severity: Severity) {
        let names = if severity == Severity::Error { &mut self.denied } else { &mut self.others };
        names.count += 1;
        if names.first.len() < MAX_NAMED {
            names.first.push(format!("`{input}`"));
        }
    }

    /// Prints their names, those that are denied as a problem, and returns how a command ends that is done otherwise.
    pub(crate) fn report(&self, is_quiet: bool) -> Exit {
        if self.others.count > 0 && !is_quiet {
            terminal::note(&self.others.text(""));
        }
        if self.denied.count == 0 {
            return Exit::Clean;
        }
        terminal::problem(&self.denied.text(", which `empty-input` denies"));
        Exit::Findings
    }
}

impl Names {
    fn text(&self, addition: &str) -> String {
        let inputs = counted(self.count, "input");
        let are = if self.count == 1 { "is" } else { "are" };
        let names = self.first.join(", ");
        let more = self.count - self.first.len() as u64;
        let more = if more > 0 { format!(" and {}", counted(more, "other")) } else { String::new() };
        format!("{inputs} {are} empty{addition}: {names}{more}")
    }
}
