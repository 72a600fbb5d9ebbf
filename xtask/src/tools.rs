//! Helpers that tasks share: the folders of the workspace, and running programs in it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where cargo builds to.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A program that `cargo test --workspace` has built.
pub(crate) fn built(name: &str) -> PathBuf {
    target().join("debug").join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// Builds `ccxlog`, and the program that prints records with verdicts.
///
/// Examples have the dependencies of tests, so both are built with the features that the tests of the workspace have built
/// already.
pub(crate) fn build_programs() -> Outcome {
    let programs = ["--bin", "ccxlog", "--example", "verdicts"];
    run(cargo(&["build", "--quiet", "--workspace", HEAVY, "--locked"]).args(programs))
}

/// The entries of a folder; none if it does not exist.
pub(crate) fn children(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// The last component of a path.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What takes long to build, and the quick tests do without.
pub(crate) const HEAVY: &str = "--features=cloudconnexa-cli/parquet,cloudconnexa-convert/parquet";

/// `cargo` with these arguments, in the root of the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    alone(command)
}

/// A command in the root of the workspace, without the variables that cargo sets for programs it runs: those are about
/// xtask.
pub(crate) fn alone(mut command: Command) -> Command {
    command.current_dir(root());
    for (name, _) in env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
        {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a program. Fails if it cannot be started, or does not succeed.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let shown = show(command);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` ended with {status}")),
        Err(error) => Err(format!("cannot run `{shown}`: {error}")),
    }
}

/// Returns the path of a cargo subcommand in this version, which is built into the target folder if it is missing there.
pub(crate) fn installed(name: &str, version: &str) -> Result<PathBuf, String> {
    let tools = target().join("tools");
    let program = absolute(&tools.join("bin").join(format!("{name}{}", env::consts::EXE_SUFFIX)))?;
    let output = Command::new(&program).arg("--version").output();
    if !output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(version)) {
        let mut install = cargo(&["install", name, "--debug", "--locked", "--force", "--version", version]);
        // It has little to do, so a quick build is worth more than a fast program.
        run(install.env("CARGO_PROFILE_DEV_DEBUG", "0").arg("--root").arg(&tools)).map_err(|message| {
            format!(
                "{name} {version} is needed, and could not be installed below {}: {message}",
                tools.display()
            )
        })?;
    }
    Ok(program)
}

pub(crate) fn absolute(path: &Path) -> Result<PathBuf, String> {
    std::path::absolute(path).map_err(|error| format!("cannot find out where {} is: {error}", path.display()))
}

/// The command as it would be typed.
pub(crate) fn show(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Describes what is measured on, and what: figures in the documentation come with this line.
pub(crate) fn measured_on() -> String {
    let output = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).current_dir(root()).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        (output.status.success() && !text.is_empty()).then_some(text)
    };
    let unknown = || "unknown".to_owned();
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor(&info).or_else(|| output("sysctl", &["-n", "machdep.cpu.brand_string"]));
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    let rust = output("rustc", &["--version"]).unwrap_or_else(unknown);
    let commit = output("git", &["describe", "--always", "--dirty"]).unwrap_or_else(unknown);
    format!("processor: {}, {count} CPUs; {rust}; commit `{commit}`", processor.unwrap_or_else(unknown))
}

/// Returns the processor in the text of `/proc/cpuinfo`. Virtual machines have names for it that say little, so the numbers of
/// the vendor are added.
fn processor(info: &str) -> Option<String> {
    let value = |name: &str| {
        let line = info.lines().find(|line| line.split(':').next().is_some_and(|key| key.trim() == name))?;
        line.split_once(':').map(|(_, value)| value.trim())
    };
    let name = value("model name")?;
    match (value("cpu family"), value("model")) {
        (Some(family), Some(model)) => Some(format!("{name} (family {family}, model {model})")),
        _ => Some(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::processor;

    #[test]
    fn a_processor_is_named_with_its_numbers() {
        let info = "processor\t: 0\ncpu family\t: 6\nmodel\t\t: 207\nmodel name\t: A\n\nprocessor\t: 1\nmodel\t: 3\n";
        assert_eq!(processor(info).as_deref(), Some("A (family 6, model 207)"));
        assert_eq!(processor("model name : B\n").as_deref(), Some("B"));
        assert_eq!(processor(""), None);
    }
}
