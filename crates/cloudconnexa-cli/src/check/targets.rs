//! Formats of a run and the outputs that they are written to.

use std::io::{self, Write as _};

use cloudconnexa_report::{
    FindingWriter, JunitWriter, ReportedFinding, RunFormat, RunResults, step_summary, write_entries,
};

use crate::outputs::{self, Output};
use crate::progress::Progress;

/// A format and its output; none any more, if it could not be written.
#[derive(Debug)]
pub(crate) struct OutputTarget {
    pub(crate) format: Format,
    pub(crate) output: Option<Output>,
}

/// A format in use.
#[derive(Debug)]
pub(crate) enum Format {
    /// Written as findings come.
    List(List),
    /// Written at the end.
    Report(RunFormat),
    /// Written input by input.
    Junit(JunitWriter),
}

/// A list of findings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    pub(crate) writer: FindingWriter,
    /// Whether the list ends after the first findings.
    pub(crate) is_limited: bool,
}

impl OutputTarget {
    /// Its list, if it is one.
    pub(super) fn list(&self) -> Option<List> {
        match self.format {
            Format::List(list) => Some(list),
            Format::Report(_) | Format::Junit(_) => None,
        }
    }
}

impl Format {
    /// Writes the report of a finished run.
    pub(super) fn finish(&mut self, output: &mut Output, run: &RunResults<'_>) -> io::Result<()> {
        match self {
            Self::List(list) => list.writer.finish(output, run),
            Self::Report(report) => report.write(output, run),
            Self::Junit(junit) => junit.finish(output, run.problems),
        }
    }

    /// Writes all findings to standard output, after its own output has failed.
    pub(super) fn write_to_stdout(&mut self, run: &RunResults<'_>) -> io::Result<()> {
        let mut stdout = Output::stdout();
        match self {
            Self::Report(report) => report.write(&mut stdout, run)?,
            Self::List(_) | Self::Junit(_) => write_entries(&mut stdout, run)?,
        }
        stdout.finish()
    }
}

/// All output targets of a run, and what became of them.
#[derive(Debug)]
pub(super) struct Targets {
    all: Vec<OutputTarget>,
    pub(super) progress: Progress,
    /// The reader of standard output went away.
    pub(super) stdout_is_closed: bool,
    /// Messages about outputs that could not be written.
    pub(super) failures: Vec<String>,
}

impl Targets {
    pub(super) fn new(all: Vec<OutputTarget>, progress: Progress) -> Self {
        Self { all, progress, stdout_is_closed: false, failures: Vec::new() }
    }

    pub(super) fn lists(&self) -> impl Iterator<Item = List> {
        self.all.iter().filter_map(OutputTarget::list)
    }

    /// Whether something goes to standard output.
    pub(super) fn has_stdout(&self) -> bool {
        self.all.iter().filter_map(|target| target.output.as_ref()).any(Output::is_stdout)
    }

    /// Whether there were targets, and none of them can be written any more.
    pub(super) fn have_all_failed(&self) -> bool {
        !self.all.is_empty() && self.all.iter().all(|target| target.output.is_none())
    }

    /// Whether all that was written so far has arrived.
    pub(super) fn are_intact(&self) -> bool {
        self.failures.is_empty() && !self.stdout_is_closed
    }

    /// Writes to each target that is still open.
    pub(super) fn for_each(&mut self, mut write: impl FnMut(&mut Format, &mut Output) -> io::Result<()>) {
        for index in 0..self.all.len() {
            self.write(index, &mut write);
        }
    }

    /// Writes a finding to the lists that show it, and returns whether one does. `texts` has one for each list.
    pub(super) fn list_finding(&mut self, texts: &[Option<Vec<u8>>], is_within_limit: bool) -> bool {
        let mut texts = texts.iter();
        let mut is_listed = false;
        for index in 0..self.all.len() {
            let Some(list) = self.all[index].list() else { continue };
            if let Some(Some(text)) = texts.next()
                && (is_within_limit || !list.is_limited)
            {
                is_listed = true;
                self.write(index, |_, output| output.write_styled(text));
            }
        }
        is_listed
    }

    /// Writes a finding about all records of a kind to the lists that show it, and returns whether one does.
    pub(super) fn list_folded(&mut self, reported: &ReportedFinding<'_>, is_within_limit: bool) -> bool {
        let texts = self.lists().map(|list| {
            (is_within_limit || !list.is_limited).then(|| {
                let mut text = Vec::new();
                list.writer.finding(&mut text, reported).expect("a buffer takes what is written");
                text
            })
        });
        let texts: Vec<_> = texts.collect();
        self.list_finding(&texts, is_within_limit)
    }

    fn write(&mut self, index: usize, write: impl FnOnce(&mut Format, &mut Output) -> io::Result<()>) {
        let OutputTarget { format, output } = &mut self.all[index];
        let Some(open) = output else { return };
        if let Err(error) = self.progress.suspend(|| write(format, open)) {
            let (name, is_stdout) = (open.name(), open.is_stdout());
            *output = None;
            let is_list = matches!(format, Format::List(_));
            if is_list && !is_stdout && !self.stdout_is_closed && !self.has_stdout() {
                // Findings from here on must not be lost with the disk.
                self.all[index].output = Some(Output::stdout());
            }
            self.failed(&name, is_stdout, &error);
        }
    }

    /// Writes the reports of a finished run. Those that cannot be written go to standard output, if that is free.
    pub(super) fn finish(&mut self, run: &RunResults<'_>) {
        let mut failed = Vec::new();
        let mut summary_file = None;
        let mut stdout_is_free = !self.has_stdout();
        for OutputTarget { format, output } in &mut self.all {
            let Some(mut output) = output.take() else { continue };
            let (name, is_stdout) = (output.name(), output.is_stdout());
            if let Err(error) = format.finish(&mut output, run).and_then(|()| output.finish()) {
                failed.push((name, is_stdout, error));
                if std::mem::take(&mut stdout_is_free)
                    && let Err(error) = format.write_to_stdout(run)
                {
                    failed.push(("standard output".to_owned(), true, error));
                }
            }
            if matches!(format, Format::Report(RunFormat::Github)) {
                summary_file = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
            }
        }
        if let Some(path) = summary_file {
            let text = step_summary(run);
            let file = outputs::private().append(true).create(true).open(&path);
            if let Err(error) = file.and_then(|mut file| file.write_all(text.as_bytes())) {
                failed.push((format!("`{}`", path.display()), false, error));
            }
        }
        for (name, is_stdout, error) in failed {
            self.failed(&name, is_stdout, &error);
        }
    }

    fn failed(&mut self, name: &str, is_stdout: bool, error: &io::Error) {
        if is_stdout && error.kind() == io::ErrorKind::BrokenPipe {
            self.stdout_is_closed = true;
        } else {
            self.failures.push(format!("cannot write to {name}: {error}"));
        }
    }

    /// Drops the reports that would replace existing files, and returns the names of these files.
    pub(super) fn keep_files(&mut self) -> Vec<String> {
        let outputs = self.all.iter_mut().map(|target| &mut target.output);
        let replacing = outputs.filter_map(|output| output.take_if(|output| output.replaces_file()));
        replacing.map(|output| output.name()).collect()
    }

    /// Flushes standard output.
    pub(super) fn flush(&mut self) {
        self.for_each(|_, output| if output.is_stdout() { output.flush() } else { Ok(()) });
    }

    /// Calls `print`, which prints to standard error, after everything that was found so far.
    pub(super) fn print_aside(&mut self, print: impl FnOnce()) {
        self.flush();
        self.progress.suspend(print);
    }
}
