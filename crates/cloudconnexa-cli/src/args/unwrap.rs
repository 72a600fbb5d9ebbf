//! `--unwrap`, for all commands that read events.

use cloudconnexa_validator::unwrap::Unwrapper;

use super::headings::INPUTS;

/// The value of the option if none is given: look everywhere.
const AUTOMATIC: &str = "";

#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct UnwrapArgs {
    /// Take the events inside other records for events of their own: of shippers, exports, subscriptions
    ///
    /// Without WHERE, events are found wherever they are: as text in a field, such as `message`, in an array, such as
    /// `Records`, after a time on each line. WHERE says where they are: `message`, `result._raw`, `hits.hits._source`, each
    /// element of an array being meant, or a JSON Pointer such as `/a/0/b`, in which `*` is each element of an array. A record
    /// that has nothing there is checked as it is. Findings point into the original file.
    #[arg(
        long,
        value_name = "WHERE",
        value_parser = parse,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = AUTOMATIC,
        help_heading = INPUTS
    )]
    pub(crate) unwrap: Option<Unwrapper>,
}

/// Reads where events are.
fn parse(text: &str) -> Result<Unwrapper, String> {
    if text == AUTOMATIC {
        return Ok(Unwrapper::automatic());
    }
    text.parse().map_err(|error: cloudconnexa_validator::unwrap::PathError| error.to_string())
}
