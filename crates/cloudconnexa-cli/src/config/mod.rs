//! `ccxlog.toml`: what a team decided, found upwards from the working directory.

mod coverage;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod unknown;

pub(crate) use coverage::Coverage;

use std::fs;
use std::num::NonZero;
use std::ops::Range;
use std::path::{Path, PathBuf};

use glob::Pattern;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use toml::Spanned;

use crate::levels::{Beyond, Level, Override, Wishes};
use crate::{lengths, size};
use coverage::CoverageTable;

/// What the file is called.
pub(crate) const NAME: &str = "ccxlog.toml";

/// Settings of `ccxlog validate` and `ccxlog coverage`. Flags win over them. Paths and patterns begin at the folder of this file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(title = "ccxlog.toml")]
#[expect(clippy::struct_excessive_bools, reason = "each is a key")]
struct File {
    /// Files, folders and glob patterns to check where the command line names none.
    inputs: Option<Vec<PathBuf>>,
    /// Glob patterns of files to leave out, also where the command line names them.
    #[schemars(with = "Vec<String>")]
    exclude: Vec<Spanned<String>>,
    /// How findings are told, as `--format` has it: `human`, or `sarif=findings.sarif`.
    #[schemars(with = "Vec<String>")]
    format: Vec<Spanned<String>>,
    /// Whether values of events are shown where they would be masked.
    show_values: bool,
    /// Whether every warning is an error.
    strict: bool,
    /// Whether rules beyond the schema are applied, about one record at a time.
    semantic: bool,
    /// Whether those about several records are applied as well. `ccxlog validate` alone applies them.
    stateful: bool,
    /// Rules whose findings are errors; `warnings` stands for all whose findings are warnings.
    #[schemars(with = "Vec<String>")]
    deny: Vec<Spanned<String>>,
    /// Rules whose findings are warnings.
    #[schemars(with = "Vec<String>")]
    warn: Vec<Spanned<String>>,
    /// Rules whose findings are neither shown nor counted.
    #[schemars(with = "Vec<String>")]
    allow: Vec<Spanned<String>>,
    /// A file of findings that are known, as `--write-baseline` writes it.
    baseline: Option<PathBuf>,
    limits: LimitsTable,
    coverage: CoverageTable,
    /// What holds for some files or events only. Of several that fit, the later one wins.
    overrides: Vec<OverrideTable>,
}

/// How much there may be of something.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct LimitsTable {
    /// How many errors are told in full, and as many kinds of warnings.
    max_findings: Option<u64>,
    /// The longest record, such as `16MiB`; longer ones are errors.
    #[schemars(with = "Option<String>")]
    max_record_bytes: Option<Spanned<String>>,
    /// What a gzip member may inflate to, such as `4GiB`; anything without it.
    #[schemars(with = "Option<String>")]
    max_inflated_bytes: Option<Spanned<String>>,
    /// How many times its size, if that is more than 64 MiB, a gzip member may inflate to; 1000 without it.
    max_ratio: Option<NonZero<u64>>,
    /// How long a session may wait for its other event, by the time of the events, such as `30d`.
    #[schemars(with = "Option<String>")]
    horizon: Option<Spanned<String>>,
    /// How many sessions may wait for their other event at once.
    max_open: Option<usize>,
    /// How many threads validate; as many as there are cores without it.
    threads: Option<NonZero<usize>>,
}

/// Severities for some files, for some events, or for some events in some files.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct OverrideTable {
    /// Glob patterns of files; all files where there are none.
    #[schemars(with = "Vec<String>")]
    paths: Vec<Spanned<String>>,
    /// Names of events; all events where there are none.
    events: Vec<String>,
    /// Rules whose findings are errors; `warnings` stands for all whose findings are warnings.
    #[schemars(with = "Vec<String>")]
    deny: Vec<Spanned<String>>,
    /// Rules whose findings are warnings.
    #[schemars(with = "Vec<String>")]
    warn: Vec<Spanned<String>>,
    /// Rules whose findings are neither shown nor counted.
    #[schemars(with = "Vec<String>")]
    allow: Vec<Spanned<String>>,
}

/// What a config file says, checked.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// Where its paths begin.
    pub(crate) folder: PathBuf,
    pub(crate) inputs: Option<Vec<PathBuf>>,
    pub(crate) exclude: Vec<Pattern>,
    /// Each with where it stands.
    pub(crate) formats: Vec<(String, String)>,
    pub(crate) show_values: bool,
    pub(crate) beyond: Beyond,
    pub(crate) wishes: Wishes,
    pub(crate) overrides: Vec<Override>,
    pub(crate) baseline: Option<PathBuf>,
    pub(crate) max_findings: Option<u64>,
    pub(crate) max_record_bytes: Option<usize>,
    pub(crate) max_inflated_bytes: Option<usize>,
    pub(crate) max_ratio: Option<NonZero<u64>>,
    pub(crate) horizon: Option<i64>,
    pub(crate) max_open: Option<usize>,
    pub(crate) threads: Option<NonZero<usize>>,
    pub(crate) coverage: Coverage,
}

/// The JSON Schema of the file.
pub(crate) fn schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<File>()
}

/// The nearest `ccxlog.toml`, from the working directory upwards.
pub(crate) fn find() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let depth = here.ancestors().position(|folder| folder.join(NAME).is_file())?;
    // As people would name it from where they are.
    Some(PathBuf::from("../".repeat(depth)).join(NAME))
}

/// Reads a file; says in a sentence, with line and column, why it can't be used.
pub(crate) fn read(path: &Path) -> Result<Config, String> {
    let name = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| format!("cannot read the config file `{name}`: {error}"))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    parse(&bytes, &name, folder)
}

fn parse(bytes: &[u8], name: &str, folder: &Path) -> Result<Config, String> {
    let text = str::from_utf8(bytes).map_err(|error| {
        let line = memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count() + 1;
        format!("{name}:{line}: this line is not UTF-8; write the config file as UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let reader = Reader { text, name };
    let table = toml::de::DeTable::parse(text).map_err(|error| reader.refused(&error))?;
    if let Some((span, message)) = unknown::first(table.get_ref(), &schema().to_value()) {
        return Err(format!("{}: {message}", reader.at(&span)));
    }
    let file: File = toml::from_str(text).map_err(|error| reader.refused(&error))?;

    let mut wishes = reader.wishes(&file.deny, &file.warn, &file.allow)?;
    if file.strict {
        wishes.deny_warnings();
    }
    let mut overrides = Vec::new();
    for one in &file.overrides {
        overrides.push(Override {
            paths: reader.patterns(&one.paths)?,
            events: one.events.clone(),
            wishes: reader.wishes(&one.deny, &one.warn, &one.allow)?,
        });
    }
    let formats = file.format.iter().map(|text| (text.get_ref().clone(), reader.at(&text.span())));
    let inputs = file.inputs.map(|inputs| inputs.iter().map(|input| from(folder, input)).collect());
    Ok(Config {
        folder: folder.to_owned(),
        inputs,
        exclude: reader.patterns(&file.exclude)?,
        formats: formats.collect(),
        show_values: file.show_values,
        beyond: match (file.semantic, file.stateful) {
            (_, true) => Beyond::Stateful,
            (true, false) => Beyond::Semantic,
            (false, false) => Beyond::Nothing,
        },
        wishes,
        overrides,
        baseline: file.baseline.map(|path| from(folder, &path)),
        max_findings: file.limits.max_findings,
        max_record_bytes: reader.size(file.limits.max_record_bytes.as_ref())?,
        max_inflated_bytes: reader.size(file.limits.max_inflated_bytes.as_ref())?,
        max_ratio: file.limits.max_ratio,
        horizon: reader.length(file.limits.horizon.as_ref())?,
        max_open: file.limits.max_open,
        threads: file.limits.threads,
        coverage: file.coverage.read(&reader)?,
    })
}

/// A path of the config file, seen from the working directory.
pub(crate) fn from(folder: &Path, path: &Path) -> PathBuf {
    let is_path = path != Path::new("-") && !path.to_str().is_some_and(crate::input::is_address);
    if is_path && folder != Path::new(".") { folder.join(path) } else { path.to_owned() }
}

/// Says where something stands.
struct Reader<'a> {
    text: &'a str,
    name: &'a str,
}

impl Reader<'_> {
    fn at(&self, span: &Range<usize>) -> String {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{}:{line}:{column}", self.name)
    }

    fn refused(&self, error: &toml::de::Error) -> String {
        let message = error.message().replace('\n', ", ");
        match error.span() {
            Some(span) => format!("{}: {message}", self.at(&span)),
            None => format!("{}: {message}", self.name),
        }
    }

    fn wishes(
        &self,
        deny: &[Spanned<String>],
        warn: &[Spanned<String>],
        allow: &[Spanned<String>],
    ) -> Result<Wishes, String> {
        let mut wishes = Wishes::default();
        for (level, name, ids) in
            [(Level::Deny, "deny", deny), (Level::Warn, "warn", warn), (Level::Allow, "allow", allow)]
        {
            for id in ids {
                let source = format!("`{name}` at {}", self.at(&id.span()));
                wishes.add(level, std::slice::from_ref(id.get_ref()), &source)?;
            }
        }
        Ok(wishes)
    }

    fn size(&self, text: Option<&Spanned<String>>) -> Result<Option<usize>, String> {
        let size = text.map(|text| {
            size::parse(text.get_ref()).map_err(|problem| {
                format!("{}: `{}` is no size: {problem}", self.at(&text.span()), text.get_ref())
            })
        });
        size.transpose()
    }

    fn length(&self, text: Option<&Spanned<String>>) -> Result<Option<i64>, String> {
        let length = text.map(|text| {
            lengths::parse(text.get_ref()).map_err(|problem| {
                format!("{}: `{}` is no length of time: {problem}", self.at(&text.span()), text.get_ref())
            })
        });
        length.transpose()
    }

    fn patterns(&self, patterns: &[Spanned<String>]) -> Result<Vec<Pattern>, String> {
        let patterns = patterns.iter().map(|text| {
            pattern(text.get_ref()).map_err(|problem| format!("{}: {problem}", self.at(&text.span())))
        });
        patterns.collect()
    }
}

/// Reads a glob pattern.
pub(crate) fn pattern(text: &str) -> Result<Pattern, String> {
    if Path::new(text).is_absolute() {
        return Err(format!("cannot use `{text}` as a pattern: it has to begin where the config file is"));
    }
    let plain = text.strip_prefix("./").unwrap_or(text);
    let plain = plain.strip_suffix('/').unwrap_or(plain);
    Pattern::new(plain).map_err(|error| format!("cannot use `{text}` as a pattern: {}", error.msg))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::parse;

    const WHOLE: &str = r#"
inputs = ["fixtures", "-"]
exclude = ["**/broken/**"]
format = ["human", "sarif=findings.sarif"]
show-values = true
strict = true
semantic = true
stateful = true
deny = ["unknown-event"]
warn = ["wrong-format"]
allow = ["unknown-field"]
baseline = "known.json"

[limits]
max-findings = 5
max-record-bytes = "1MiB"
max-inflated-bytes = "1GiB"
max-ratio = 100
horizon = "7d"
max-open = 1000
threads = 2

[coverage]
min = ["90%", "header=80%"]
without = ["open"]

[[overrides]]
paths = ["old/**"]
events = ["test-message"]
allow = ["wrong-type"]
"#;

    #[test]
    fn everything_is_read() {
        let config = parse(WHOLE.as_bytes(), "ccxlog.toml", Path::new("sub")).unwrap();
        insta::assert_debug_snapshot!(config);
        let schema = super::schema().to_value();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let value: toml::Value = toml::from_str(WHOLE).unwrap();
        let value = serde_json::to_value(value).unwrap();
        assert!(validator.is_valid(&value));
        for name in value.as_object().unwrap().keys() {
            assert!(schema["properties"].get(name).is_some(), "{name}");
        }
        let names = schema["properties"].as_object().unwrap().len();
        assert_eq!(names, value.as_object().unwrap().len(), "the test has them all");
        assert!(parse(b"", "ccxlog.toml", Path::new(".")).unwrap().inputs.is_none());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_the_remedy() {
        let refused = |text: &str| parse(text.as_bytes(), "ccxlog.toml", Path::new(".")).unwrap_err();
        insta::assert_snapshot!(
            [
                refused("inputs = ["),
                refused("inputs = [\"a\"]\ninputs = [\"b\"]"),
                refused("\n  inptus = [\"a\"]"),
                refused("something = 1"),
                refused("[limits]\nmax-finding = 1"),
                refused("[[overrides]]\npath = [\"a\"]"),
                refused("inputs = \"a\""),
                refused("[limits]\nthreads = 0"),
                refused("[limits]\nmax-findings = -1"),
                refused("[limits]\nmax-record-bytes = \"lots\""),
                refused("[limits]\nmax-inflated-bytes = \"0\""),
                refused("[limits]\nmax-ratio = 0"),
                refused("[limits]\nhorizon = \"long\""),
                refused("deny = [\n  \"wrong-type\",\n  \"wrong-tpye\",\n]"),
                refused("allow = [\"syntax\"]"),
                refused("deny = [\"wrong-type\"]\nallow = [\"wrong-type\"]"),
                refused("exclude = [\"a/***\"]"),
                refused("[[overrides]]\nwarn = [\"warnings\"]"),
                refused("[coverage]\nmin = [\"90%\", \"0.9\"]"),
                refused("[coverage]\nmin = [\n  \"90%\",\n  \"80%\",\n]"),
                refused("[coverage]\nwithout = [\"deprecatd\"]"),
            ]
            .join("\n")
        );
    }
}
