//! Measures how fast events become JSON, on one thread: `cargo run --release --example json -- FILE ocsf|ocsf-1.1|ecs`.
//!
//! The file holds an event per line. With `print` as a third argument, what becomes of them is printed instead.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "it reads a file and the clock, and prints"
)]

use std::io::Write;
use std::time::Instant;

use cloudconnexa_convert::ecs;
use cloudconnexa_convert::ocsf::{Ocsf, OcsfVersion};
use cloudconnexa_validator::Validator;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: json FILE ocsf|ocsf-1.1|ecs|bulk|none [print]";
    let (Some(path), Some(target)) = (arguments.next(), arguments.next()) else { return Err(usage.into()) };
    let prints = arguments.next().is_some();
    let input = std::fs::read(path)?;
    let version = if target == "ocsf-1.1" { OcsfVersion::V1_1 } else { OcsfVersion::V1_8 };
    let mut ocsf = Ocsf::new(version);
    let validator = Validator::new();
    let mut checker = validator.checker();
    let mut best = f64::MAX;
    let (mut out, mut written, mut events) = (Vec::new(), 0, 0);
    for _ in 0..if prints { 1 } else { 5 } {
        (written, events) = (0, 0);
        let start = Instant::now();
        for line in input.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let Some(event) = checker.view(line) else { continue };
            events += 1;
            match target.as_str() {
                "none" => {}
                "ecs" => ecs::write(&event, &mut out),
                "bulk" => ecs::write_bulk(&event, &mut out),
                "ocsf" | "ocsf-1.1" => ocsf.write(&event, &mut out),
                _ => return Err(usage.into()),
            }
            if prints {
                std::io::stdout().write_all(&out)?;
            }
            if out.len() > 1 << 18 || prints {
                written += out.len();
                out.clear();
            }
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    #[expect(clippy::cast_precision_loss, reason = "megabytes")]
    let rate = input.len() as f64 / best / 1e6;
    eprintln!("{events} events, {} bytes, to {written} bytes: {rate:.0} MB/s", input.len());
    Ok(())
}
