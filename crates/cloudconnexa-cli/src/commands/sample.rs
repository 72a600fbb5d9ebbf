//! `ccxlog sample`: generates events for tests.

use std::io::{self, Write};
use std::path::Path;

use cloudconnexa_sample::{Options, Sample, Spelling};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::args::SampleArgs;
use crate::exit::Exit;
use crate::outputs::{Access, Output};
use crate::{signals, terminal};

pub(super) fn run(args: &SampleArgs) -> Exit {
    let options = Options::default()
        .seed(args.seed)
        .mix(args.mix.clone().unwrap_or_default())
        .format(args.format.into())
        .start(args.start)
        .invalid(args.invalid)
        .unknown_field(args.unknown_field)
        .shuffle_keys(args.shuffle_keys)
        .spelling(if args.escapes { Spelling::Escaped } else { Spelling::Plain });
    let mut sample = Sample::new(&options);
    let Some(path) = &args.output else {
        let mut out = io::stdout().lock();
        return Exit::from_printing(sample.write(args.events, &mut out).and_then(|()| out.flush()));
    };
    match write(&mut sample, args.events, path) {
        Ok(()) => Exit::Clean,
        Err(error) => {
            terminal::problem(&format!("cannot write `{}`: {error}", path.display()));
            Exit::Failure
        }
    }
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
