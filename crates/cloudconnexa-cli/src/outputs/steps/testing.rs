//! Records the steps of a thread, and puts a fault in the place of one.

use std::cell::RefCell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;

/// What happens in the place of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The step fails.
    Error,
    /// The process dies.
    Death,
}

/// The panic that stands for the death of the process.
struct Died;

/// The steps so far, and the fault in the place of a later one.
type Recorded = (Vec<String>, Option<(usize, Fault)>);

thread_local! {
    /// The steps of this thread, while they are recorded.
    static RECORDED: RefCell<Option<Recorded>> = const { RefCell::new(None) };
}

/// Runs `action` with a fault in the place of the step of this index. Returns its result, unless it dies, and the steps that
/// were taken: `sync good`, `replace good`.
pub(crate) fn record<T>(
    fault: Option<(usize, Fault)>,
    action: impl FnOnce() -> T,
) -> (Option<T>, Vec<String>) {
    RECORDED.set(Some((Vec::new(), fault)));
    let result = catch_unwind(AssertUnwindSafe(action));
    let (steps, _) = RECORDED.take().expect("set above");
    match result {
        Ok(result) => (Some(result), steps),
        Err(panic) if (*panic).is::<Died>() => (None, steps),
        Err(panic) => resume_unwind(panic),
    }
}

/// Comes before each step.
pub(super) fn before(step: &str, target: &Path) -> io::Result<()> {
    let fault = RECORDED.with_borrow_mut(|recorded| {
        let (steps, fault) = recorded.as_mut()?;
        match fault {
            Some((0, _)) => fault.take(),
            later => {
                if let Some((left, _)) = later {
                    *left -= 1;
                }
                steps.push(format!("{step} {}", target.file_name().unwrap_or_default().display()));
                None
            }
        }
    });
    match fault {
        None => Ok(()),
        Some((_, Fault::Error)) => Err(io::Error::other("a fault")),
        Some((_, Fault::Death)) => resume_unwind(Box::new(Died)),
    }
}
