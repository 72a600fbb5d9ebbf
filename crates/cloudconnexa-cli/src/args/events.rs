//! `ccxlog events`.

use clap::ValueEnum;

pub(super) const HELP: &str = "\
Examples:
  ccxlog events                                  the events
  ccxlog events client-disconnected              the fields of one
  ccxlog events --format html > reference.html   a page of all fields, with search";

#[derive(Debug, clap::Args)]
pub(crate) struct EventsArgs {
    /// The name of an event, such as `client-disconnected`
    pub(crate) name: Option<String>,

    /// The format
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: EventsFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EventsFormat {
    /// For people
    Human,
    /// All that is known, as one JSON document; `ccxlog schema --events` describes it
    Json,
    /// The fields of every event, or of the `log` of one
    Markdown,
    /// One page that loads nothing
    Html,
}
