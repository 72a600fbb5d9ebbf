//! `--follow`: keeps reading what is new until the run is stopped.

mod growing;
mod polled;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::check::Run;
use crate::inputs::InputLister;
use crate::signals;
use crate::size::counted;
use cloudconnexa_reader::{Source, is_address, is_pattern, meant_address};
use growing::FollowedFile;
use polled::PolledInputs;

/// The default time between polls.
const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);

/// The longest pause before a retry, unless the interval is longer.
const MAX_PAUSE: Duration = Duration::from_secs(300);

/// Returns an error if one of `inputs` can't be followed.
pub(crate) fn check(inputs: &[PathBuf]) -> Result<(), String> {
    for input in inputs {
        let is_web = input
            .to_str()
            .is_some_and(|text| is_address(text) && !text.to_ascii_lowercase().starts_with("s3:"));
        if let Some(address) = input.to_str().filter(|_| !input.exists()).and_then(meant_address) {
            return Err(format!("there is no such file to follow; did you mean `{address}`?"));
        }
        if input == Path::new("-") {
            return Err(
                "standard input can't be followed, as it is read to its end anyway; leave out `--follow`"
                    .to_owned(),
            );
        }
        if is_web {
            return Err(
                "an object of a web server can't be followed, as nothing says whether it has changed; leave out `--follow`, or name it by `s3://`"
                    .to_owned(),
            );
        }
        if std::fs::metadata(input).is_ok_and(|data| !data.is_file() && !data.is_dir()) {
            return Err(format!(
                "`{}` can't be followed, as it is neither a file nor a folder; leave out `--follow`",
                input.display()
            ));
        }
    }
    Ok(())
}

/// Returns how long to wait after a number of failed attempts.
fn pause(interval: Duration, attempts: u32) -> Duration {
    interval.saturating_mul(1 << attempts.min(20)).min(MAX_PAUSE.max(interval))
}

/// Reads `inputs` until a stop is requested or nobody reads the output any more. Then reports what was not read.
pub(crate) fn follow(
    run: &mut Run,
    lister: &mut InputLister<'_>,
    inputs: &[PathBuf],
    interval: Option<Duration>,
) {
    let interval = interval.unwrap_or(DEFAULT_INTERVAL);
    lister.allow_empty();
    let mut polled = PolledInputs::new(interval);
    let mut named: Vec<_> = inputs.iter().map(|_| None).collect();
    loop {
        let is_last = signals::is_stop_requested();
        let mut lists = Vec::new();
        for (input, file) in inputs.iter().zip(&mut named) {
            if is_list(input) {
                lists.push(input.clone());
                continue;
            }
            let file = file.get_or_insert_with(|| FollowedFile::new(input));
            let source = Source::File(input.clone());
            if file.has_started() || lister.wants_named(&source) {
                file.poll(run, is_last);
                if file.is_gzip() {
                    lists.push(input.clone());
                }
            }
        }
        if !is_last {
            polled.poll(run, lister, &lists);
        }
        run.merger.flush();
        if is_last || run.is_done() {
            break;
        }
        signals::wait(interval);
    }
    let mut left = polled.end(run) + run.merger.skipped;
    for file in named.into_iter().flatten() {
        left += u64::from(file.end(run));
    }
    for note in lister.unmatched_patterns() {
        run.note(&note);
    }
    if left > 0 {
        let (inputs, were) = (counted(left, "input"), if left == 1 { "was" } else { "were" });
        run.note(&format!(
            "{inputs} {were} not read to the end: still being written, or the run was stopped first"
        ));
    }
}

/// Returns whether an input is listed, as folders, patterns and prefixes are, rather than read itself.
fn is_list(input: &Path) -> bool {
    input.to_str().is_some_and(is_address)
        || input.is_dir()
        || !input.try_exists().unwrap_or(true) && is_pattern(input)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::pause;

    #[test]
    fn pauses_grow_up_to_a_limit() {
        let seconds = [1, 2, 3, 30].map(|attempts| pause(Duration::from_secs(5), attempts).as_secs());
        assert_eq!(seconds, [10, 20, 40, 300]);
        assert_eq!(pause(Duration::from_secs(3600), 9), Duration::from_secs(3600));
    }
}
