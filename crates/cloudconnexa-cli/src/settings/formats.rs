//! `FORMAT=FILE`: formats, and where they are written.

use std::path::{Path, PathBuf};

use crate::nearest::nearest;
use crate::paths::root_at;

/// Reads `sarif=findings.sarif`. `formats` are the known ones.
pub(crate) fn parse_format<F: Copy>(
    text: &str,
    formats: &[(&'static str, F)],
) -> Result<(F, Option<PathBuf>), String> {
    let (name, file) = match text.split_once('=') {
        Some((_, "")) => return Err(format!("missing file name after `=` in the format `{text}`")),
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
        format!("the formats are {}", names.join(", "))
    };
    Err(format!("there is no format `{name}`; {remedy}"))
}

/// Assigns `output` to the format without a file, or `default` if there are no formats. Returns an error if two formats
/// have the same output.
pub(crate) fn assign_outputs<F>(
    mut formats: Vec<(F, Option<PathBuf>)>,
    default: F,
    output: Option<&Path>,
) -> Result<Vec<(F, Option<PathBuf>)>, String> {
    if formats.is_empty() {
        formats.push((default, None));
    }
    let output = output.filter(|path| *path != Path::new("-"));
    let mut without_file = formats.iter_mut().filter(|(_, file)| file.is_none());
    let first = without_file.next();
    if without_file.next().is_some() {
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
    let root = root_at(Path::new("."));
    let resolved = |file: &Path| root.path(&file.to_string_lossy());
    for (index, (_, file)) in formats.iter().enumerate() {
        if let Some(file) = file
            && formats[..index]
                .iter()
                .any(|(_, other)| other.as_deref().map(resolved) == Some(resolved(file)))
        {
            return Err(format!("two formats for the file `{}`; give each its own", file.display()));
        }
    }
    Ok(formats)
}
