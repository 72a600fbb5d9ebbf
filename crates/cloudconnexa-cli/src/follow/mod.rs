//! `--follow`: goes on reading what is new, until it is told to end.

mod growing;
mod polled;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::input::{Source, is_address, is_pattern};
use crate::intake::Intake;
use crate::run::Run;
use crate::signals;
use crate::size::counted;
use growing::Growing;
use polled::Polled;

/// How often it is looked for what is new, if nothing else is asked for.
const INTERVAL: Duration = Duration::from_secs(5);

/// The longest pause before another attempt.
const LONGEST: Duration = Duration::from_secs(300);

/// What the command line says about it.
#[derive(Debug, Default, Clone, clap::Args)]
pub(crate) struct Options {
    /// Go on reading what is new, until SIGINT or SIGTERM asks for the end: then all is told and written as usual
    ///
    /// A plain file that is named is read as it grows, also when another takes its place. Of folders, patterns and
    /// `s3://` prefixes, which may be empty at first, every file or object is read that is new or has changed; files
    /// once they have not changed for one interval, compressed ones once they are whole. Standard input is read to its
    /// end anyway and takes no `--follow`. A second signal ends it at once.
    #[arg(long, conflicts_with = "write_baseline", help_heading = crate::select::INPUTS)]
    pub(crate) follow: bool,

    /// How often `--follow` looks for what is new, such as `500ms`, `10s` or `2m`; 5s without it
    #[arg(long, value_name = "DURATION", requires = "follow", value_parser = duration, help_heading = crate::select::INPUTS)]
    pub(crate) poll_interval: Option<Duration>,
}

impl Options {
    /// Says why inputs can't be followed, if one of them can't.
    pub(crate) fn check(&self, inputs: &[PathBuf]) -> Result<(), String> {
        for input in inputs.iter().filter(|_| self.follow) {
            let is_web = input
                .to_str()
                .is_some_and(|text| is_address(text) && !text.to_ascii_lowercase().starts_with("s3:"));
            if input == Path::new("-") {
                return Err(
                    "standard input can't be followed, as it is read to its end anyway; leave out `--follow`"
                        .to_owned(),
                );
            }
            if is_web {
                return Err(
                    "an object of the web can't be followed, as nothing tells whether it has changed; leave out `--follow`, or name it by `s3://`"
                        .to_owned(),
                );
            }
            if std::fs::metadata(input).is_ok_and(|data| !data.is_file() && !data.is_dir()) {
                return Err(format!(
                    "`{}` can't be followed, as it is neither file nor folder; leave out `--follow`",
                    input.display()
                ));
            }
        }
        Ok(())
    }
}

/// Reads a time such as `500ms`.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let unit = match &text[digits..] {
        "ms" => Some(1),
        "s" => Some(1000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let number: Option<u64> = text[..digits].parse().ok();
    unit.zip(number)
        .and_then(|(unit, number)| number.checked_mul(unit))
        .filter(|millis| (1..=86_400_000).contains(millis))
        .map(Duration::from_millis)
        .ok_or_else(|| "expected a time from 1ms to 24h, such as `500ms`, `10s` or `2m`".to_owned())
}

/// How long to wait after so many attempts.
fn pause(interval: Duration, attempts: u32) -> Duration {
    interval.saturating_mul(1 << attempts.min(20)).min(LONGEST.max(interval))
}

/// Reads `inputs` until an end is asked for, or nobody wants any more. Tells what was left out, and what is missing.
pub(crate) fn follow(run: &mut Run, intake: &mut Intake<'_>, inputs: &[PathBuf], options: &Options) {
    let interval = options.poll_interval.unwrap_or(INTERVAL);
    intake.let_be_empty();
    let mut polled = Polled::new(interval);
    let mut named: Vec<_> = inputs.iter().map(|_| None).collect();
    loop {
        let is_last = signals::is_told_to_end();
        let mut lists = Vec::new();
        for (input, growing) in inputs.iter().zip(&mut named) {
            if is_list(input) {
                lists.push(input.clone());
                continue;
            }
            let growing = growing.get_or_insert_with(|| Growing::new(input));
            let source = Source::File(input.clone());
            if growing.has_begun() || intake.wants_named(&source) {
                growing.poll(run, is_last);
                if growing.is_gzip() {
                    lists.push(input.clone());
                }
            }
        }
        if !is_last {
            polled.poll(run, intake, &lists);
        }
        run.merge.flush();
        if is_last || run.is_pointless() {
            break;
        }
        signals::wait(interval);
    }
    let mut left = polled.end(run) + run.merge.left;
    for growing in named.into_iter().flatten() {
        left += u64::from(growing.end(run));
    }
    for note in intake.unused() {
        run.note(&note);
    }
    if left > 0 {
        let (inputs, were) = (counted(left, "input"), if left == 1 { "was" } else { "were" });
        run.note(&format!(
            "{inputs} {were} not read to the end: still being written, or the end was asked for before"
        ));
    }
}

/// Whether an input stands for what is listed, and not for itself.
fn is_list(input: &Path) -> bool {
    input.to_str().is_some_and(is_address)
        || input.is_dir()
        || !input.try_exists().unwrap_or(true) && is_pattern(input)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{duration, pause};

    #[test]
    fn times() {
        for (text, millis) in [("500ms", 500), ("10s", 10_000), ("2m", 120_000), ("1h", 3_600_000)] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)));
        }
        for wrong in ["", "5", "s", "0s", "-1s", "1.5s", "25h", "1 s", "99999999999999999999ms"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn pauses_grow_up_to_a_limit() {
        let seconds = [1, 2, 3, 30].map(|attempts| pause(Duration::from_secs(5), attempts).as_secs());
        assert_eq!(seconds, [10, 20, 40, 300]);
        assert_eq!(pause(Duration::from_secs(3600), 9), Duration::from_secs(3600));
    }
}
