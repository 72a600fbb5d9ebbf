//! `ccxlog schema versions`.

use std::io::Write as _;

use cloudconnexa_compat::released::RELEASED;
use cloudconnexa_events::SCHEMA;

use crate::exit::Exit;
use crate::terminal;

/// Lists the versions, the newest first, and says which one ccxlog validates with.
pub(super) fn run() -> Exit {
    let mut text = String::new();
    if RELEASED.iter().all(|released| released.schema != SCHEMA) {
        text.push_str("(not released)  validates\n");
    }
    for released in RELEASED {
        let mark = if released.schema == SCHEMA { "  validates" } else { "" };
        text = format!("{text}{}{mark}\n", released.version);
    }
    let mut out = terminal::stdout();
    Exit::from_printing(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}
