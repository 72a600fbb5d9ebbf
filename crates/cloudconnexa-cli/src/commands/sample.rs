//! `ccxlog sample`: generates events for tests.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use cloudconnexa_sample::{Options, Sample, Spelling};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::args::SampleArgs;
use crate::exit::Exit;
use crate::expectations::expected_warnings;
use crate::outputs::{self, Access, Output};
use crate::{signals, terminal};

pub(super) fn run(args: &SampleArgs) -> Exit {
    let options = Options::default()
        .seed(args.seed)
        .mix(args.mix.clone().unwrap_or_default())
        .format(args.format.into())
        .start(args.start)
        .interval(args.span.map(|span| (span.unsigned_abs() / args.events.max(1)).max(1)))
        .invalid(args.invalid)
        .unknown_field(args.unknown_field)
        .shuffle_keys(args.shuffle_keys)
        .spelling(if args.escapes { Spelling::Escaped } else { Spelling::Plain });
    let mut sample = Sample::new(&options);
    if let Some(folder) = &args.cover {
        return written(cover(&mut sample, folder));
    }
    if let Some(folder) = &args.split_into {
        return written(split(&mut sample, args.events, folder));
    }
    let Some(path) = &args.output else {
        let mut out = io::stdout().lock();
        return Exit::from_printing(sample.write(args.events, &mut out).and_then(|()| out.flush()));
    };
    written(write(&mut sample, args.events, path).map_err(|error| (path.clone(), error)))
}

/// Reports the file that could not be written, if there is one.
fn written(result: Result<(), (PathBuf, io::Error)>) -> Exit {
    match result {
        Ok(()) => Exit::Clean,
        Err((path, error)) => {
            terminal::problem(&format!("cannot write `{}`: {error}", path.display()));
            Exit::Failure
        }
    }
}

/// Adds the path to an error.
fn at(path: &Path) -> impl FnOnce(io::Error) -> (PathBuf, io::Error) {
    let path = path.to_owned();
    |error| (path, error)
}

/// Writes a file for each event of a set that covers the schema, and one with the warnings that `ccxlog test` has to expect.
fn cover(sample: &mut Sample, folder: &Path) -> Result<(), (PathBuf, io::Error)> {
    signals::watch();
    fs::create_dir_all(folder).map_err(at(folder))?;
    for file in sample.covering_set() {
        let path = folder.join(file.name).with_extension("jsonl");
        outputs::write(&path, &file.text, Access::Public).map_err(at(&path))?;
        let (sidecar, text) = expected_warnings(&path, &file.text);
        outputs::write(&sidecar, text.as_bytes(), Access::Public).map_err(at(&sidecar))?;
    }
    Ok(())
}

/// Writes a compressed file for each hour.
fn split(sample: &mut Sample, events: u64, folder: &Path) -> Result<(), (PathBuf, io::Error)> {
    signals::watch();
    fs::create_dir_all(folder).map_err(at(folder))?;
    let mut current: Option<(PathBuf, GzEncoder<Output>)> = None;
    let finish = |(path, gzip): (PathBuf, GzEncoder<Output>)| {
        gzip.finish().and_then(Output::finish).map_err(at(&path))
    };
    let mut event = Vec::new();
    for _ in 0..events {
        event.clear();
        sample.write(1, &mut event).map_err(at(folder))?;
        let path = folder.join(sample.key());
        if let Some(complete) = current.take_if(|(other, _)| *other != path) {
            finish(complete)?;
        }
        let (path, gzip) = if let Some(open) = &mut current {
            open
        } else {
            let file = Output::file(&path, Access::Public).map_err(at(&path))?;
            current.insert((path, GzEncoder::new(file, Compression::default())))
        };
        gzip.write_all(&event).map_err(at(path))?;
    }
    current.map_or(Ok(()), finish)
}

fn write(sample: &mut Sample, events: u64, path: &Path) -> io::Result<()> {
    signals::watch();
    let mut file = Output::file(path, Access::Public)?;
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
        let mut gzip = GzEncoder::new(file, Compression::default());
        sample.write(events, &mut gzip)?;
        gzip.finish()?.finish()
    } else {
        sample.write(events, &mut file)?;
        file.finish()
    }
}
