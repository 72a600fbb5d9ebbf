//! The output of `ccxlog convert`, by its options.

use cloudconnexa_convert::ocsf::OcsfVersion;
#[cfg(feature = "parquet")]
use cloudconnexa_convert::rows::SpareRows;
use cloudconnexa_convert::table::{Selection, TABLES, Table};
use cloudconnexa_report::sessions::FormulaGuard;

use crate::args::{ConvertArgs, ConvertForm, ConvertLayout, OcsfVersionName};
#[cfg(feature = "parquet")]
use crate::convert::Lake;
use crate::convert::{ConvertOutputs, CsvForm, Form, InputId, LineForm, OutputFolder};
use crate::data_output::{DataOutput, is_stdout};
use crate::nearest::nearest;
use crate::outputs::InputAccess;
use crate::state::State;
use crate::terminal;

/// The format of the output, and the events that are selected.
pub(super) struct Target {
    kind: Kind,
    /// The names of the selected events; empty for all.
    pub(super) names: Vec<String>,
}

enum Kind {
    /// A file or standard output, with a line for each event.
    Lines(LineForm),
    /// A file or standard output, with one table.
    CsvTable(CsvForm, &'static Table),
    /// A folder with a file for each table.
    CsvFolder(CsvForm),
    /// A folder with files for each table and day.
    #[cfg(feature = "parquet")]
    Parquet(Option<Selection>, SpareRows),
    /// A folder as a custom source of Amazon Security Lake.
    #[cfg(feature = "parquet")]
    SecurityLake(Lake),
}

impl Target {
    /// Checks the options. An error is a sentence.
    pub(super) fn new(args: &ConvertArgs) -> Result<Self, String> {
        let names = args.event.clone();
        names.iter().try_for_each(|name| check_event(name))?;
        refuse_meaningless(args)?;
        let version = match args.ocsf_version {
            Some(OcsfVersionName::V1_1) => Some(OcsfVersion::V1_1),
            Some(OcsfVersionName::V1_8) => Some(OcsfVersion::V1_8),
            None => None,
        };
        check_columns(&args.columns, &names)?;
        let kind = match (args.to, args.layout) {
            (ConvertForm::Csv, _) => match &*names {
                [name] if !args.output.is_dir() => Kind::CsvTable(csv_form(args)?, table_of(name)),
                _ => Kind::CsvFolder(csv_form(args)?),
            },
            (ConvertForm::Ocsf, Some(ConvertLayout::SecurityLake)) => security_lake(args, version)?,
            (ConvertForm::Ocsf, _) => Kind::Lines(LineForm::Ocsf(version.unwrap_or_default())),
            (ConvertForm::Ecs, Some(ConvertLayout::Bulk)) => Kind::Lines(LineForm::EcsBulk),
            (ConvertForm::Ecs, _) => Kind::Lines(LineForm::Ecs),
            (ConvertForm::Parquet, _) => parquet(args)?,
        };
        let target = Self { kind, names };
        target.check_output(args)?;
        Ok(target)
    }

    /// Whether it is a file, or standard output.
    pub(super) fn is_file(&self) -> bool {
        matches!(self.kind, Kind::Lines(_) | Kind::CsvTable(..))
    }

    fn check_output(&self, args: &ConvertArgs) -> Result<(), String> {
        if self.is_file() {
            return Ok(());
        }
        let is_csv = args.to == ConvertForm::Csv;
        if is_stdout(&args.output) {
            return Err(if is_csv {
                "standard output takes one table: give `--event NAME`, or a folder as `--output`".to_owned()
            } else {
                "Parquet is written to a folder, not to standard output; give one as `--output`".to_owned()
            });
        }
        if is_csv && args.selection.state.is_some() {
            return Err("`--state` adds files to a folder, and a file of CSV is replaced; convert to Parquet, give one \
                        `--event`, or leave out `--state`"
                .to_owned());
        }
        if args.output.extension().is_some() && !args.output.exists() && !args.quiet {
            let output = args.output.display();
            let hint = if is_csv { "; for one file, give `--event NAME`" } else { "" };
            terminal::note(&format!("`{output}` will be a folder{hint}"));
        }
        Ok(())
    }

    /// Returns the format.
    pub(super) fn form(&self) -> Form {
        match &self.kind {
            Kind::Lines(form) => Form::Lines(*form),
            Kind::CsvTable(form, _) | Kind::CsvFolder(form) => Form::Csv(form.clone()),
            #[cfg(feature = "parquet")]
            Kind::Parquet(wanted, spare) => Form::Parquet(wanted.clone(), spare.clone()),
            #[cfg(feature = "parquet")]
            Kind::SecurityLake(lake) => Form::SecurityLake(lake.version),
        }
    }

    /// Opens the outputs. With `is_threaded`, they may start threads. `prefix` starts the names of files that are added to those
    /// of earlier runs. An error is a sentence.
    #[cfg_attr(not(feature = "parquet"), expect(unused_variables, reason = "only Parquet has either"))]
    pub(super) fn open(
        &self,
        args: &ConvertArgs,
        (access, is_threaded): (&InputAccess, bool),
        state: Option<&State>,
        prefix: impl FnOnce() -> String,
    ) -> Result<ConvertOutputs, String> {
        let file = |path| DataOutput::open(path, access.of_output());
        let rejected = args.rejected.as_deref().map(file).transpose()?;
        let folder = |form| open_folder(args, form, access, state);
        #[cfg(feature = "parquet")]
        let prefix = || if state.is_some() { prefix() } else { "part".to_owned() };
        Ok(match &self.kind {
            Kind::Lines(_) => ConvertOutputs::lines(file(&args.output)?, rejected),
            Kind::CsvTable(form, table) => ConvertOutputs::csv(file(&args.output)?, form, table, rejected),
            Kind::CsvFolder(form) => ConvertOutputs::csv_folder(folder("csv")?, form.clone(), rejected),
            #[cfg(feature = "parquet")]
            Kind::Parquet(_, spare) => {
                ConvertOutputs::parquet(folder("parquet")?, &prefix(), is_threaded, spare.clone(), rejected)
            }
            #[cfg(feature = "parquet")]
            Kind::SecurityLake(lake) => {
                ConvertOutputs::security_lake(folder("ocsf")?, &prefix(), lake, is_threaded, rejected)
            }
        })
    }
}

/// Opens the output folder, whose list of files says that it holds `form`.
fn open_folder(
    args: &ConvertArgs,
    form: &str,
    access: &InputAccess,
    state: Option<&State>,
) -> Result<OutputFolder, String> {
    let is_done = |input: &InputId| state.is_some_and(|state| state.has(&input.name, &input.content));
    let what = (form, &*args.columns);
    let folder = OutputFolder::open(&args.output, what, state.is_some(), is_done, access.of_output())?;
    match &args.selection.state {
        Some(path) if state.is_some_and(State::is_empty) && folder.has_files() => Err(format!(
            "the state file `{}` is new, and the folder `{}` has files of earlier runs, whose inputs would be added again; \
             give the state file of these runs, or a new folder",
            path.display(),
            args.output.display()
        )),
        _ => Ok(folder),
    }
}

/// Refuses options that do not apply to the format.
fn refuse_meaningless(args: &ConvertArgs) -> Result<(), String> {
    let form = match args.to {
        ConvertForm::Parquet => "parquet",
        ConvertForm::Csv => "csv",
        ConvertForm::Ocsf => "ocsf",
        ConvertForm::Ecs => "ecs",
    };
    let is_table = matches!(args.to, ConvertForm::Parquet | ConvertForm::Csv);
    let is_lake = args.layout == Some(ConvertLayout::SecurityLake);
    let wrong = [
        (!is_table && !args.columns.is_empty(), "--columns", "--to parquet` or `--to csv"),
        (args.to != ConvertForm::Csv && args.no_formula_guard, "--no-formula-guard", "--to csv"),
        (args.to != ConvertForm::Ocsf && args.ocsf_version.is_some(), "--ocsf-version", "--to ocsf"),
        (args.to != ConvertForm::Ocsf && is_lake, "--layout security-lake", "--to ocsf"),
        (
            args.to != ConvertForm::Ecs && args.layout == Some(ConvertLayout::Bulk),
            "--layout bulk",
            "--to ecs",
        ),
        (!is_lake && args.lake_region.is_some(), "--lake-region", "--layout security-lake"),
        (!is_lake && args.lake_account.is_some(), "--lake-account", "--layout security-lake"),
    ];
    match wrong.into_iter().find(|(is_wrong, ..)| *is_wrong) {
        Some((_, option, with)) => Err(format!("`{option}` belongs to `{with}`, and this is `--to {form}`")),
        None => Ok(()),
    }
}

#[cfg(feature = "parquet")]
fn parquet(args: &ConvertArgs) -> Result<Kind, String> {
    Ok(Kind::Parquet(selection(&args.columns)?, SpareRows::default()))
}

#[cfg(feature = "parquet")]
fn security_lake(args: &ConvertArgs, version: Option<OcsfVersion>) -> Result<Kind, String> {
    let lacks = |option: &str, value: &str| {
        format!(
            "`--layout security-lake` names folders after the region and the account: add `{option} {value}`"
        )
    };
    let region = args.lake_region.clone().ok_or_else(|| lacks("--lake-region", "eu-central-1"))?;
    let account = args.lake_account.clone().ok_or_else(|| lacks("--lake-account", "123456789012"))?;
    if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("`--lake-account {account}` is not an account of AWS: give its twelve digits"));
    }
    let is_region = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if region.is_empty() || !region.bytes().all(is_region) {
        return Err(format!(
            "`--lake-region {region}` is not a region of AWS; give one such as `eu-central-1`"
        ));
    }
    // The version that Security Lake documents.
    Ok(Kind::SecurityLake(Lake { version: version.unwrap_or(OcsfVersion::V1_1), region, account }))
}

#[cfg(not(feature = "parquet"))]
const NO_PARQUET: &str =
    "this ccxlog was built without Parquet; use a released one, or build it with `--features parquet`";

#[cfg(not(feature = "parquet"))]
fn parquet(_: &ConvertArgs) -> Result<Kind, String> {
    Err(NO_PARQUET.to_owned())
}

#[cfg(not(feature = "parquet"))]
fn security_lake(_: &ConvertArgs, _: Option<OcsfVersion>) -> Result<Kind, String> {
    Err(NO_PARQUET.to_owned())
}

fn csv_form(args: &ConvertArgs) -> Result<CsvForm, String> {
    let guard = if args.no_formula_guard { FormulaGuard::Off } else { FormulaGuard::On };
    Ok(CsvForm::new(selection(&args.columns)?, guard))
}

/// Returns the table of events with this name.
fn table_of(name: &str) -> &'static Table {
    let of_event = TABLES.iter().find(|table| table.event == Some(name));
    of_event.unwrap_or(&TABLES[TABLES.len() - 1])
}

fn selection(columns: &[String]) -> Result<Option<Selection>, String> {
    if columns.is_empty() {
        return Ok(None);
    }
    Selection::new(columns.iter().cloned()).map(Some).map_err(|name| no_column(&name))
}

/// Refuses a name that is probably misspelt. The vendor adds events, so any other is taken as it is.
fn check_event(name: &str) -> Result<(), String> {
    let known = || TABLES.iter().filter_map(|table| table.event);
    if known().any(|known| known == name) {
        return Ok(());
    }
    match nearest(name, known()) {
        Some(meant) => Err(format!("no event `{name}`; did you mean `{meant}`?")),
        None => Ok(()),
    }
}

/// Returns the error for an unknown column, with the nearest known one.
fn no_column(name: &str) -> String {
    let known = TABLES.iter().flat_map(|table| table.columns).map(|column| column.name);
    match nearest(name, known) {
        Some(meant) => format!("no table has a column `{name}`; did you mean `{meant}`?"),
        None => format!("no table has a column `{name}`; `ccxlog ddl --for spark --location x` lists them"),
    }
}

/// Refuses columns that no table has, and tables that have none of them: their events would be lost.
fn check_columns(columns: &[String], names: &[String]) -> Result<(), String> {
    let Some(selection) = selection(columns)? else { return Ok(()) };
    let wanted: Vec<_> = if names.is_empty() {
        TABLES.iter().collect()
    } else {
        names.iter().map(|name| table_of(name)).collect()
    };
    match wanted.into_iter().find(|table| table.columns_of(Some(&selection)).next().is_none()) {
        Some(table) => Err(format!(
            "the table `{}` has none of the columns `{}`; add one that it has, such as `timestamp`, or name the events \
             that you need with `--event`",
            table.name,
            columns.join(",")
        )),
        None => Ok(()),
    }
}
