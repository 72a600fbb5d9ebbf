//! `ccxlog schema diff`: what changes between two versions of the event schema, and whom it breaks.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use cloudconnexa_compat::{AcceptedChange, Comparison, Side, Strictness, Version};
use cloudconnexa_report::Masking;
use cloudconnexa_report::schema_diff::{SchemaDiff, SchemaDiffFormat as Format, SchemaSide};

use crate::args::{SchemaDiffArgs, SchemaDiffFormat};
use crate::commands::inputs::or_print;
use crate::exit::Exit;
use crate::inputs::canonical;
use crate::outputs::{self, Access, InputAccess, Output};
use crate::{released, schema_diff, settings, terminal};

/// The most bytes of a schema that are read. No schema that can be compared has more.
const MAX_BYTES: u64 = 8 << 20;

pub(super) fn run(args: &SchemaDiffArgs) -> Exit {
    or_print(go(args))
}

/// A schema that was read.
struct Read {
    name: String,
    is_file: bool,
    text: String,
}

impl Read {
    fn side(&self) -> SchemaSide<'_> {
        SchemaSide { name: &self.name, is_file: self.is_file, text: &self.text }
    }
}

fn go(args: &SchemaDiffArgs) -> Result<Exit, String> {
    let config = settings::load_config(&args.config, args.quiet)?;
    if args.old == Path::new("-") && args.new == Path::new("-") {
        return Err("both schemas are `-`, and standard input holds one; name a file or a version".to_owned());
    }
    if let Some(output) = args.output.as_deref().filter(|output| output.is_file())
        && [&args.old, &args.new].iter().any(|input| canonical(input) == canonical(output))
    {
        return Err(format!("`{}` is an input, and would be overwritten", output.display()));
    }
    let (old, new) = (read(&args.old)?, read(&args.new)?);
    let strictness = if args.strict { Strictness::All } else { Strictness::Documented };
    let mut comparison = schema_diff::compare(&old.text, &new.text, strictness).map_err(|problem| {
        let name = match problem.side() {
            Side::Old => &old.name,
            Side::New => &new.name,
        };
        format!("the schema `{name}` {problem}")
    })?;
    let accepted: Vec<AcceptedChange> =
        config.accepted_changes.iter().map(|(change, _)| change.clone()).collect();
    for unused in comparison.accept(&accepted) {
        if let Some((change, location)) = config.accepted_changes.get(unused).filter(|_| !args.quiet) {
            terminal::note(&format!(
                "{location}: nothing to accept: no `{}` of `{}`",
                change.rule, change.pointer
            ));
        }
    }
    let folder = args.write_examples.as_deref().map(|folder| folder.display().to_string());
    if let Some(folder) = &args.write_examples {
        write_examples(folder, &comparison)?;
    }
    let mut diff = SchemaDiff::new(&comparison, old.side(), new.side());
    diff.allows_undecided = args.allow_undecided;
    diff.examples_folder = folder.as_deref();
    diff.width = terminal::width();
    write(args, &diff)?;
    Ok(if diff.passes() { Exit::Clean } else { Exit::Findings })
}

/// Reads a released version, a file or standard input.
fn read(path: &Path) -> Result<Read, String> {
    let name = path.display().to_string();
    if path == Path::new("-") {
        let text = limited(io::stdin().lock())
            .map_err(|problem| format!("cannot read standard input: {problem}"))?;
        return Ok(Read { name: "<stdin>".to_owned(), is_file: false, text });
    }
    // A file of such a name can be given as `./1.0.0`.
    if Version::parse(&name).is_some() {
        let released = released::find(&name)?;
        return Ok(Read {
            name: released.version.to_owned(),
            is_file: false,
            text: released.schema.to_owned(),
        });
    }
    let file = fs::File::open(path);
    let text = file.map_err(|error| error.to_string()).and_then(limited);
    let text = text.map_err(|problem| format!("cannot read the schema `{name}`: {problem}"))?;
    Ok(Read { name, is_file: true, text })
}

fn limited(reader: impl io::Read) -> Result<String, String> {
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("it has more than {MAX_BYTES} bytes"));
    }
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned).replace("\r\n", "\n"))
}

/// Writes each event to a file of its own.
fn write_examples(folder: &Path, comparison: &Comparison) -> Result<(), String> {
    if comparison.examples.is_empty() {
        return Ok(());
    }
    fs::create_dir_all(folder)
        .map_err(|error| format!("cannot create the folder `{}`: {error}", folder.display()))?;
    for example in &comparison.examples {
        let path = folder.join(format!("{}.json", example.name));
        let text = format!("{:#}\n", example.value);
        outputs::write(&path, text.as_bytes(), access())
            .map_err(|error| format!("cannot write `{}`: {error}", path.display()))?;
    }
    Ok(())
}

/// Returns the permissions of outputs: no event of a user gets into them.
fn access() -> Access {
    Access::new(Masking::Masked, &InputAccess::default())
}

fn write(args: &SchemaDiffArgs, diff: &SchemaDiff<'_>) -> Result<(), String> {
    let format = match args.format {
        SchemaDiffFormat::Human => Format::Human,
        SchemaDiffFormat::Json => Format::Json,
        SchemaDiffFormat::Markdown => Format::Markdown,
        SchemaDiffFormat::Sarif => Format::Sarif,
        SchemaDiffFormat::Github => Format::Github,
    };
    let mut text = Vec::new();
    format.write(&mut text, diff).map_err(|error| error.to_string())?;
    let mut output = match &args.output {
        Some(path) => Output::file(path, access())
            .map_err(|error| format!("cannot write to `{}`: {error}", path.display()))?,
        None if args.format == SchemaDiffFormat::Human => Output::stdout(),
        None => Output::plain_stdout(),
    };
    let name = output.name();
    let written = if args.format == SchemaDiffFormat::Human {
        output.write_styled(&text)
    } else {
        output.write_all(&text)
    };
    match written.and_then(|()| output.finish()) {
        Err(error) if args.output.is_none() && error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|error| format!("cannot write to {name}: {error}")),
    }
}
