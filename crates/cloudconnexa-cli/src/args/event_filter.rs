//! Which events a command is about, for commands that look for some of them.

use super::headings::EVENTS;
use crate::time;

#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct EventFilterArgs {
    /// Only events of one of these names
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', help_heading = EVENTS)]
    pub(crate) event: Vec<String>,

    /// Only events of this person: their `userId` or `userName`; if repeated, of any of them
    ///
    /// Case is ignored, `*` matches any characters, and `?` one: `--user '*@example.com'`. It is the same for
    /// `--device` and `--session`.
    #[arg(long, value_name = "USER", help_heading = EVENTS)]
    pub(crate) user: Vec<String>,

    /// Only events of this device or connector: its `deviceId`, `deviceName` or `clientUUID`
    #[arg(long, value_name = "DEVICE", help_heading = EVENTS)]
    pub(crate) device: Vec<String>,

    /// Only events of the session with this `clientSessionId`
    #[arg(long, value_name = "ID", help_heading = EVENTS)]
    pub(crate) session: Vec<String>,

    /// Only events with this address in any field, or one in this network, such as `192.0.2.0/24`
    ///
    /// Addresses are compared as such, however they are written. An IPv4 address is the same as the IPv6 address that it is
    /// mapped to.
    #[arg(long, value_name = "ADDRESS", help_heading = EVENTS)]
    pub(crate) ip: Vec<String>,

    /// Only events whose `timestamp` is at or after FROM and before TO: timestamps, dates, or ages such as `24h`
    ///
    /// A date is the start of that day in UTC: `--between 2026-11-01 2026-11-02` is one day. To read fewer files or objects,
    /// add `--since`, which is about the time when they were written.
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"], value_parser = time::parse_micros, help_heading = EVENTS)]
    pub(crate) between: Vec<i64>,

    /// Only events whose field meets this condition: FIELD=VALUE, or `!=`, `<`, `<=`, `>`, `>=` or `~`; can be repeated
    ///
    /// `=` and `!=` compare the whole value, `<` and `>` numbers and times, and `~` matches text with `*` and `?`, ignoring
    /// case. An event without the field meets no condition on it. All conditions have to be met.
    #[arg(long = "where", value_name = "CONDITION", help_heading = EVENTS)]
    pub(crate) conditions: Vec<String>,

    /// Only events that the schema does not allow
    #[arg(long, help_heading = EVENTS)]
    pub(crate) invalid: bool,

    /// Only events with something that the schema does not know: the event, its version, a field or a value of a list
    #[arg(long, help_heading = EVENTS)]
    pub(crate) unknown: bool,
}
