//! `cargo xtask release-schema`, and the checks of what it has made: copies of the event schema that never change.

use std::cmp::Ordering;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::Outcome;
use crate::tools::{children, name, root};

/// The copies, each in a folder that is named after its version.
const FOLDER: &str = "schema/released";

/// The digest of each copy, as `sha256sum` writes it.
const MANIFEST: &str = "SHA256SUMS";

/// The name of a copy.
const FILE: &str = "log-event.schema.json";

/// The name of the copy of the columns that events convert to.
const COLUMNS: &str = "columns.json";

/// What `$id` of the event schema starts with; the version follows.
const ID: &str = "urn:cloudconnexa-events:schema:log-event:";

/// A released copy.
#[derive(Debug)]
pub(crate) struct Released {
    pub(crate) version: String,
    pub(crate) text: String,
}

/// Returns the copies, the oldest first, after checking that none has changed.
pub(crate) fn read() -> Result<Vec<Released>, String> {
    read_from(&root().join(FOLDER))
}

fn read_from(folder: &Path) -> Result<Vec<Released>, String> {
    let manifest = text(&folder.join(MANIFEST))?;
    let mut released = Vec::new();
    for path in children(folder).iter().filter(|path| path.is_dir()) {
        let version = name(path);
        let text = text(&path.join(FILE))?;
        let line = manifest_line(&version, &text);
        if !manifest.lines().any(|listed| listed == line) {
            return Err(format!(
                "{FOLDER}/{version}/{FILE} is not what was released, by {FOLDER}/{MANIFEST}: a released schema never \
                 changes; restore it, and put the change into schema/{FILE}"
            ));
        }
        if version_of(&text)? != version {
            return Err(format!("{FOLDER}/{version}/{FILE}: `$id` must be `{ID}{version}`"));
        }
        released.push(Released { version, text });
    }
    if manifest.lines().count() != released.len() {
        return Err(format!(
            "{FOLDER}/{MANIFEST} lists {} schemas, and {FOLDER} has {}: restore what is missing",
            manifest.lines().count(),
            released.len()
        ));
    }
    released.sort_by(|one, other| compare(&one.version, &other.version));
    Ok(released)
}

/// Checks that these columns only add to those of each released version.
pub(crate) fn check_columns(columns: &str) -> Outcome {
    for path in children(&root().join(FOLDER)).iter().filter(|path| path.is_dir()) {
        let released = text(&path.join(COLUMNS))?;
        let checked = cloudconnexa_codegen::columns::check_appended(&released, &name(path), columns);
        checked.map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Copies the event schema to the folder of its version.
pub(crate) fn release() -> Outcome {
    let columns = text(&root().join(cloudconnexa_codegen::columns::COLUMNS))?;
    let written = release_to(&root().join(FOLDER), &current()?, &columns)?;
    println!("wrote {}\nrun `cargo xtask codegen`, which builds it in", written.display());
    Ok(())
}

fn release_to(folder: &Path, schema: &str, columns: &str) -> Result<PathBuf, String> {
    let released = read_from(folder)?;
    let version = version_of(schema)?;
    if let Some(newest) = released.last()
        && compare(&version, &newest.version) != Ordering::Greater
    {
        return Err(format!(
            "schema/{FILE} is version {version} by its `$id`, and {} is released: raise the version first",
            newest.version
        ));
    }
    let path = folder.join(&version).join(FILE);
    let mut manifest = text(&folder.join(MANIFEST))?;
    manifest.push_str(&(manifest_line(&version, schema) + "\n"));
    let written = fs::create_dir_all(folder.join(&version)).and_then(|()| fs::write(&path, schema));
    let written = written.and_then(|()| fs::write(folder.join(&version).join(COLUMNS), columns));
    written
        .and_then(|()| fs::write(folder.join(MANIFEST), manifest))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(path)
}

/// Returns the text of the schema that is maintained by hand.
pub(crate) fn current() -> Result<String, String> {
    text(&root().join("schema").join(FILE))
}

/// Returns the version in the `$id` of a schema.
pub(crate) fn version_of(schema: &str) -> Result<String, String> {
    let value: Value =
        serde_json::from_str(schema).map_err(|error| format!("a schema is not JSON: {error}"))?;
    let id = value["$id"].as_str().unwrap_or_default();
    let version = id.strip_prefix(ID).filter(|version| numbers(version).is_some());
    version
        .map(str::to_owned)
        .ok_or_else(|| format!("`$id` is `{id}`, but must be `{ID}` and a version, such as 1.2.0"))
}

/// Compares versions as numbers.
pub(crate) fn compare(one: &str, other: &str) -> Ordering {
    numbers(one).cmp(&numbers(other))
}

/// Returns the three numbers of a version.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let numbers: Vec<u64> = version.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    numbers.try_into().ok()
}

fn manifest_line(version: &str, text: &str) -> String {
    let digest = Sha256::digest(text).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    format!("{digest}  {version}/{FILE}")
}

/// Reads a text with the line ends of Unix, whatever those of the checkout are.
fn text(path: &Path) -> Result<String, String> {
    let text =
        fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(text.replace("\r\n", "\n"))
}

#[cfg(test)]
mod tests {
    use std::env;

    use super::*;

    fn schema(version: &str) -> String {
        format!("{{\"$id\": \"{ID}{version}\"}}\n")
    }

    /// Returns a folder with these released versions.
    fn folder(test: &str, versions: &[&str]) -> PathBuf {
        let folder = env::temp_dir().join(format!("xtask-released-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(MANIFEST), "").unwrap();
        for version in versions {
            release_to(&folder, &schema(version), "{}").unwrap();
        }
        folder
    }

    #[test]
    fn our_own_released_schemas_are_unchanged() {
        let released = read().unwrap();
        assert_eq!(released[0].version, "0.1.0");
    }

    #[test]
    fn versions_are_in_the_order_of_their_numbers() {
        let folder = folder("order", &["0.9.0", "0.10.0", "1.0.0"]);
        let versions: Vec<_> = read_from(&folder).unwrap().into_iter().map(|one| one.version).collect();
        assert_eq!(versions, ["0.9.0", "0.10.0", "1.0.0"]);
        for version in ["0.9.0", "1.0.0"] {
            let error = release_to(&folder, &schema(version), "{}").unwrap_err();
            assert!(error.contains("1.0.0 is released: raise the version first"), "{error}");
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_is_released_cannot_change() {
        let folder = folder("change", &["0.1.0", "0.2.0"]);
        let copy = folder.join("0.1.0").join(FILE);
        fs::write(&copy, schema("0.1.0") + " ").unwrap();
        assert!(read_from(&folder).unwrap_err().contains("a released schema never changes"));
        fs::write(&copy, schema("0.1.0").replace('\n', "\r\n")).unwrap();
        assert_eq!(read_from(&folder).unwrap().len(), 2);
        fs::remove_dir_all(folder.join("0.1.0")).unwrap();
        assert!(read_from(&folder).unwrap_err().contains("restore what is missing"));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn an_id_without_a_version_is_refused() {
        for id in ["1", "1.0", "1.0.0-rc.1", "x"] {
            assert!(version_of(&schema(id)).unwrap_err().contains("a version"), "{id}");
        }
    }
}
