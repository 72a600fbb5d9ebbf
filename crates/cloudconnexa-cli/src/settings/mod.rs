//! The settings of a command: its arguments, and the config file where they leave something open.
//!
//! Each command puts together those that it needs from [`ReadSettings`], [`CheckSettings`] and [`ReportSettings`].

mod check;
mod formats;
mod read;
mod report;
#[cfg(test)]
mod tests;

pub(crate) use check::CheckSettings;
pub(crate) use formats::{assign_outputs, parse_format};
pub(crate) use read::{ReadSettings, filter_options, network_options};
pub(crate) use report::{FormatName, ReportOptions, ReportSettings};

use std::path::Path;

use crate::args::{ConfigArgs, FilterArgs, NetworkArgs};
use crate::config::{self, Config, Nearest};
use crate::inputs::{FilterOptions, InputOptions, PatternList, PatternSource};
use crate::terminal;
use crate::unreadable::OnUnreadable;

/// Reads the config file, if one applies, and says which one does unless `is_quiet`. An error is a sentence.
pub(crate) fn load_config(args: &ConfigArgs, is_quiet: bool) -> Result<Config, String> {
    let note = |text: &str| {
        if !is_quiet {
            terminal::note(text);
        }
    };
    let nearest = match &args.config {
        _ if args.no_config => Nearest::None,
        Some(path) => Nearest::Found(path.clone()),
        None => config::nearest(),
    };
    match nearest {
        Nearest::None => Ok(Config::default()),
        Nearest::Found(path) => {
            let (config, name) = (config::read(&path)?, path.display());
            if config.show_values && report::is_ci() {
                note(&format!("using the config file `{name}`, except for `show-values`, as `CI` is set"));
            } else {
                note(&format!("using the config file `{name}`"));
            }
            Ok(config)
        }
        Nearest::Skipped(path, border) => {
            let name = path.display();
            note(&format!(
                "not using the config file `{name}`, as {border}; to use it, give `--config {name}`"
            ));
            Ok(Config::default())
        }
    }
}

/// The settings of a command that reads events and reports findings.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) read: ReadSettings,
    pub(crate) check: CheckSettings,
    pub(crate) report: ReportSettings,
}

impl Settings {
    /// Returns files that are written, or read for another purpose: never logs, wherever they are.
    pub(crate) fn own_files(&self) -> impl Iterator<Item = &Path> {
        self.report.written().chain(self.check.baseline.as_deref())
    }

    /// Returns the patterns of `[[overrides]]`.
    pub(crate) fn overrides(&self) -> PatternList {
        let paths = self.check.levels.scoped.iter().flat_map(|one| one.paths.iter().cloned());
        PatternList {
            source: PatternSource::ConfigOverrides,
            root: self.check.levels_root.clone(),
            patterns: paths.collect(),
        }
    }

    /// Returns what to list. `state` is the state file.
    pub(crate) fn input_options(&self, filter: FilterOptions, network: &NetworkArgs) -> InputOptions<'_> {
        InputOptions {
            inputs: &self.read.inputs,
            are_arguments: self.read.inputs_are_arguments,
            excluder: &self.read.excluder,
            overrides: self.overrides(),
            filter: FilterOptions {
                skipping: (self.read.on_unreadable == OnUnreadable::Skip).then_some(self.read.inflating),
                ..filter
            },
            access: &self.read.access,
            network: network_options(network),
            no_follow_links: self.read.no_follow_links,
        }
    }

    /// Returns what to list for a command without a state file.
    pub(crate) fn filtered_inputs(&self, filter: &FilterArgs) -> InputOptions<'_> {
        self.input_options(filter_options(filter, None), &filter.network)
    }
}
