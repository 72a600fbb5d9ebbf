//! What a validation is to do: the flags, and the config file where they say nothing.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use cloudconnexa_validator::semantics::Semantics;
use cloudconnexa_validator::sessions::Limits;
use glob::Pattern;

use crate::args::Validate;
use crate::config::{self, Config};
use crate::forge::Root;
use crate::input::Inflating;
use crate::levels::{Beyond, Level, Levels, Wishes};
use crate::nearest::nearest;
use crate::render::{Junit, List, ListFormat, Report};
use crate::run::{Format, Values};
use crate::{select, terminal};

/// Errors, and kinds of warnings, that the human format shows.
const SHOWN: u64 = 50;

/// Results that a report has.
const RESULTS: usize = 1000;

/// The longest record.
const RECORD: usize = 16 << 20;

/// A day, in microseconds: as far beyond the present an event may be without being taken for a mistake.
const DAY: i64 = 86_400_000_000;

/// How long a session may wait for its other event.
const HORIZON: i64 = 30 * DAY;

/// How many sessions may wait for their other event.
const OPEN: usize = 100_000;

/// How findings can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormatName {
    Human,
    Concise,
    Json,
    Sarif,
    Github,
    Gitlab,
    Junit,
    Html,
}

const FORMATS: [(&str, FormatName); 8] = [
    ("human", FormatName::Human),
    ("concise", FormatName::Concise),
    ("json", FormatName::Json),
    ("sarif", FormatName::Sarif),
    ("github", FormatName::Github),
    ("gitlab", FormatName::Gitlab),
    ("junit", FormatName::Junit),
    ("html", FormatName::Html),
];

/// All that was decided.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) inputs: Vec<PathBuf>,
    /// The command line names them, and not the config file.
    pub(crate) inputs_are_arguments: bool,
    pub(crate) excluder: Excluder,
    /// Each with the file that it goes to; the one without goes to standard output.
    pub(crate) formats: Vec<(FormatName, Option<PathBuf>)>,
    pub(crate) levels: Levels,
    /// Where the paths of `levels` begin.
    pub(crate) levels_root: Root,
    /// The folder of the config file, or the working directory.
    pub(crate) folder: PathBuf,
    pub(crate) baseline: Option<PathBuf>,
    pub(crate) max_record_bytes: usize,
    pub(crate) inflating: Inflating,
    pub(crate) threads: usize,
    pub(crate) coverage: config::Coverage,
    /// How much is kept of sessions, and for how long.
    pub(crate) window: Limits,
    /// The present, in microseconds since 1970.
    pub(crate) now: i64,
    max_findings: Option<u64>,
    show_values: bool,
    /// Somebody else may read what is printed.
    is_ci: bool,
}

/// Says which files are left out.
#[derive(Debug)]
pub(crate) struct Excluder {
    /// Patterns of the config file and of the flags, each list from its folder.
    lists: [(Root, Vec<Pattern>); 2],
}

impl Excluder {
    /// What the flags say alone.
    pub(crate) fn forget_config(&mut self) {
        self.lists[0].1.clear();
    }

    /// Each list with what it stands in, and where its patterns begin.
    pub(crate) fn lists(&self) -> impl Iterator<Item = (&'static str, &Root, &[Pattern])> {
        let names = ["`exclude` of the config file", "`--exclude`"];
        names.into_iter().zip(&self.lists).map(|(of, (root, patterns))| (of, root, patterns.as_slice()))
    }

    /// Whether the input of this name is left out.
    pub(crate) fn excludes(&self, name: &str) -> bool {
        self.lists.iter().any(|(root, patterns)| select::any(patterns, root, name))
    }
}

impl Settings {
    /// Puts flags and config file together; says in a sentence why that is not possible.
    pub(crate) fn new(args: &Validate) -> Result<Self, String> {
        let config = match &args.reading.config {
            _ if args.reading.no_config => Config::default(),
            Some(path) => config::read(path)?,
            None => config::find().map_or_else(|| Ok(Config::default()), |path| config::read(&path))?,
        };
        Self::of(args, config)
    }

    fn of(args: &Validate, config: Config) -> Result<Self, String> {
        let formats = if args.format.is_empty() && !config.formats.is_empty() {
            let read = config.formats.iter().map(|(text, at)| {
                let (name, file) = format(text, &FORMATS).map_err(|problem| format!("{at}: {problem}"))?;
                Ok((name, file.map(|file| config::from(&config.folder, &file))))
            });
            read.collect::<Result<Vec<_>, String>>()?
        } else {
            args.format.iter().map(|text| format(text, &FORMATS)).collect::<Result<Vec<_>, _>>()?
        };
        let mut formats = formats;
        if let Some(page) = &args.report {
            if formats.is_empty() {
                formats.push((FormatName::Human, None));
            }
            formats.push((FormatName::Html, Some(page.clone())));
        }
        let formats = places(formats, FormatName::Human, args.output.as_deref())?;

        let mut flags = Wishes::default();
        for (level, name, ids) in [
            (Level::Deny, "`--deny`", &args.deny),
            (Level::Warn, "`--warn`", &args.warn),
            (Level::Allow, "`--allow`", &args.allow),
        ] {
            flags.add(level, ids, name)?;
        }
        if args.strict {
            flags.deny_warnings();
        }
        let beyond = match (args.semantic, args.stateful) {
            (_, true) => Beyond::Stateful,
            (true, false) => Beyond::Semantic,
            (false, false) => Beyond::Nothing,
        };
        let now = args.now.unwrap_or_else(now);
        let reading = &args.reading;
        let here = Path::new(".");
        let folder = if config.folder.as_os_str().is_empty() { here } else { &config.folder };
        let exclude = args.exclude.iter().map(|text| config::pattern(text)).collect::<Result<Vec<_>, _>>()?;
        let inputs = match args.inputs.as_slice() {
            [] => config.inputs.clone().unwrap_or_default(),
            inputs => inputs.to_vec(),
        };
        Ok(Self {
            inputs,
            inputs_are_arguments: !args.inputs.is_empty(),
            excluder: Excluder { lists: [(Root::at(folder), config.exclude), (Root::at(here), exclude)] },
            formats,
            levels: Levels {
                config: config.wishes,
                overrides: config.overrides,
                flags,
                beyond: config.beyond.max(beyond),
            },
            levels_root: Root::at(folder),
            folder: folder.to_owned(),
            baseline: args.baseline.clone().or(config.baseline).filter(|_| args.write_baseline.is_none()),
            max_record_bytes: reading.max_record_bytes.or(config.max_record_bytes).unwrap_or(RECORD),
            inflating: Inflating {
                max_bytes: reading
                    .max_inflated_bytes
                    .or(config.max_inflated_bytes)
                    .map_or(Inflating::default().max_bytes, |bytes| bytes as u64),
                max_ratio: reading
                    .max_ratio
                    .or(config.max_ratio)
                    .map_or(Inflating::default().max_ratio, NonZero::get),
            },
            threads: threads(reading.threads.or(config.threads)),
            coverage: config.coverage,
            window: Limits {
                horizon: args.window.horizon.or(config.horizon).unwrap_or(HORIZON),
                max_open: args.window.max_open.or(config.max_open).unwrap_or(OPEN),
                latest: now.saturating_add(DAY),
            },
            now,
            max_findings: args.max_findings.or(config.max_findings),
            show_values: args.show_values || config.show_values,
            is_ci: std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false")),
        })
    }

    /// What looks at records beyond the schema, if anything does; and what looks at several.
    pub(crate) fn beyond(&self) -> (Option<Semantics>, Option<Limits>) {
        let (of_a_record, of_a_stream) = self.levels.beyond();
        let semantics = (of_a_record || of_a_stream).then(|| Semantics::new(Some(self.now)));
        (semantics, of_a_stream.then_some(self.window))
    }

    /// Whether nothing goes to standard output.
    pub(crate) fn has_files_only(&self) -> bool {
        self.formats.iter().all(|(_, file)| file.is_some())
    }

    /// Whether a page is wanted, which shows more than findings.
    pub(crate) fn has_page(&self) -> bool {
        self.formats.iter().any(|(name, _)| *name == FormatName::Html)
    }

    /// Files that are written.
    pub(crate) fn written(&self) -> impl Iterator<Item = &Path> {
        self.formats.iter().filter_map(|(_, file)| file.as_deref())
    }

    /// Those, and what is read for something else: no logs, wherever they lie.
    pub(crate) fn own_files(&self) -> impl Iterator<Item = &Path> {
        self.written().chain(self.baseline.as_deref())
    }

    /// What lists with a limit show.
    pub(crate) fn max_findings(&self) -> u64 {
        self.max_findings.unwrap_or(SHOWN)
    }

    /// The most results that a report has.
    pub(crate) fn max_results(&self) -> usize {
        self.max_findings.map_or(RESULTS, |limit| usize::try_from(limit).unwrap_or(usize::MAX))
    }

    /// Whether values are shown to people.
    pub(crate) fn values_for_people(&self) -> Values {
        if self.show_values || !self.is_ci { Values::Shown } else { Values::Masked }
    }

    /// Whether values are written where programs read them.
    pub(crate) fn values_for_programs(&self) -> Values {
        if self.show_values { Values::Shown } else { Values::Masked }
    }

    /// A format, ready to work.
    pub(crate) fn format(&self, name: FormatName) -> Format {
        let values = self.values_for_programs();
        let is_limited = self.max_findings.is_some();
        match name {
            FormatName::Human => Format::List(List {
                format: ListFormat::Human { width: terminal::width() },
                values: self.values_for_people(),
                is_limited: true,
            }),
            FormatName::Concise => Format::List(List { format: ListFormat::Concise, values, is_limited }),
            FormatName::Json => Format::List(List { format: ListFormat::Json, values, is_limited }),
            FormatName::Sarif => Format::Report(Report::Sarif),
            FormatName::Github => Format::Report(Report::Github),
            FormatName::Gitlab => Format::Report(Report::Gitlab),
            FormatName::Junit => Format::Junit(Junit::default()),
            FormatName::Html => Format::Report(Report::Html(values)),
        }
    }
}

/// Reads `sarif=findings.sarif`, where `formats` are known.
pub(crate) fn format<F: Copy>(
    text: &str,
    formats: &[(&'static str, F)],
) -> Result<(F, Option<PathBuf>), String> {
    let (name, file) = match text.split_once('=') {
        Some((_, "")) => return Err(format!("the format `{text}` lacks a file behind the `=`")),
        Some((name, "-")) => (name, None),
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    if let Some((_, format)) = formats.iter().find(|(known, _)| *known == name) {
        return Ok((*format, file));
    }
    let names = || formats.iter().map(|(known, _)| *known);
    let remedy = if let Some(meant) = nearest(name, names()) {
        format!("did you mean `{meant}`?")
    } else {
        let names: Vec<_> = names().map(|known| format!("`{known}`")).collect();
        format!("there are {}", names.join(", "))
    };
    Err(format!("there is no format `{name}`; {remedy}"))
}

/// Gives `--output` to the format that has no file, and makes sure that each place is written once.
pub(crate) fn places<F>(
    mut formats: Vec<(F, Option<PathBuf>)>,
    default: F,
    output: Option<&Path>,
) -> Result<Vec<(F, Option<PathBuf>)>, String> {
    if formats.is_empty() {
        formats.push((default, None));
    }
    let output = output.filter(|path| *path != Path::new("-"));
    let mut fileless = formats.iter_mut().filter(|(_, file)| file.is_none());
    let first = fileless.next();
    if fileless.next().is_some() {
        return Err(
            "two formats for standard output; give one a file: `--format json=findings.json`".to_owned()
        );
    }
    match (first, output) {
        (Some((_, file)), Some(output)) => *file = Some(output.to_owned()),
        (None, Some(_)) => {
            return Err("`--output` is for a format without a file, and each has one".to_owned());
        }
        (_, None) => {}
    }
    let root = Root::at(Path::new("."));
    let resolved = |file: &Path| root.path(&file.to_string_lossy());
    for (place, (_, file)) in formats.iter().enumerate() {
        if let Some(file) = file
            && formats[..place]
                .iter()
                .any(|(_, other)| other.as_deref().map(resolved) == Some(resolved(file)))
        {
            return Err(format!("two formats for the file `{}`; give each its own", file.display()));
        }
    }
    Ok(formats)
}

/// The present, in microseconds since 1970.
fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_micros()).unwrap_or(i64::MAX)
}

/// As many as were asked for, within reason, or as there are cores.
fn threads(asked: Option<NonZero<usize>>) -> usize {
    const REASON: usize = 256;
    let cores = || thread::available_parallelism().ok();
    asked.or_else(cores).map_or(1, NonZero::get).min(REASON)
}
