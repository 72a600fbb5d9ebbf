//! The lint: reads a schema into the model, and says in a sentence what it cannot read.
//!
//! typify answers much of this with a panic or with code that means something else. So nothing reaches it that this
//! module has not understood: a keyword it does not know stops the generation, with its name and pointer.

mod object;
mod root;
mod scalar;

use std::collections::BTreeSet;

use crate::Error;
use crate::model::{Model, Provenance};
use crate::ordered::Json;

/// The types of JSON Schema.
const TYPES: &[&str] = &["null", "boolean", "integer", "number", "string", "array", "object"];

/// Something that the build crate does not accept in a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// JSON Pointer of the place.
    pub pointer: String,
    /// What is wrong there, and what would be right.
    pub message: String,
}

/// Reads `json` into a model, or says everything that is wrong with it.
pub fn check(json: &Json) -> Result<Model, Error> {
    let mut lint = Lint { json, problems: Vec::new(), used: BTreeSet::new() };
    let model = root::read(&mut lint);
    if lint.problems.is_empty() {
        return Ok(model);
    }
    Err(Error { problems: lint.problems })
}

/// What a reader of one kind of node needs: the document, and where to put problems.
struct Lint<'a> {
    json: &'a Json,
    problems: Vec<Problem>,
    /// The definitions that something refers to.
    used: BTreeSet<String>,
}

impl Lint<'_> {
    fn problem(&mut self, pointer: &str, message: impl Into<String>) {
        self.problems.push(Problem { pointer: pointer.to_owned(), message: message.into() });
    }

    /// Refuses what is not an object, and each keyword that is not in `known`.
    fn keywords(&mut self, node: &Json, pointer: &str, known: &[&str]) {
        if !matches!(node, Json::Object(_)) {
            self.problem(pointer, "must be a schema written as an object");
        }
        for (keyword, _) in node.members() {
            if !known.contains(&keyword.as_str()) {
                self.problem(
                    &child(pointer, keyword),
                    format!(
                        "keyword `{keyword}` is not implemented here; the build crate knows {}",
                        list(known)
                    ),
                );
            }
        }
    }

    /// The text at `keyword`; reports where it is missing or blank.
    fn text(&mut self, node: &Json, pointer: &str, keyword: &str) -> String {
        match node.get(keyword).and_then(Json::as_str).map(str::trim) {
            Some(text) if !text.is_empty() => text.to_owned(),
            _ => {
                self.problem(pointer, format!("`{keyword}` is missing; every node tells people what it is"));
                String::new()
            }
        }
    }

    /// The description; reports one that rustdoc would take for code to run.
    fn description(&mut self, node: &Json, pointer: &str) -> String {
        let text = self.text(node, pointer, "description");
        if text.contains("```") || text.lines().any(|line| line.starts_with("    ") || line.starts_with('\t'))
        {
            self.problem(
                &child(pointer, "description"),
                "holds a code block, which would become a doctest of the generated code; use `backticks`",
            );
        }
        text
    }

    fn provenance(&mut self, node: &Json, pointer: &str) -> Provenance {
        match node.get("x-provenance").map(Json::as_str) {
            None => Provenance::Documented,
            Some(Some("example")) => Provenance::Example,
            Some(Some("real-data")) => Provenance::RealData,
            Some(Some("inferred")) => Provenance::Inferred,
            Some(_) => {
                self.problem(
                    &child(pointer, "x-provenance"),
                    "must be `example`, `real-data` or `inferred`; what is documented goes without",
                );
                Provenance::Documented
            }
        }
    }

    /// `x-unmodelled`: members that are known to come and for which nothing is generated, each with its types.
    fn unmodelled(&mut self, node: &Json, pointer: &str) {
        let Some(list) = node.get("x-unmodelled") else { return };
        let pointer = child(pointer, "x-unmodelled");
        if !matches!(list, Json::Object(_)) {
            self.problem(&pointer, "must be an object: names with what is known of them");
        }
        let properties = node.get("properties");
        for (name, entry) in list.members() {
            let pointer = child(&pointer, name);
            self.keywords(entry, &pointer, &["types", "description"]);
            self.description(entry, &pointer);
            let types = entry.get("types").map_or(&[][..], Json::elements);
            let is_type = |one: &Json| one.as_str().is_some_and(|one| TYPES.contains(&one));
            if types.is_empty() || !types.iter().all(is_type) {
                self.problem(
                    &child(&pointer, "types"),
                    format!("must be a list out of {}", self::list(TYPES)),
                );
            }
            if properties.is_some_and(|properties| properties.get(name).is_some()) {
                self.problem(&pointer, "is among the properties as well: describe it there, or here");
            }
        }
    }

    fn flag(&mut self, node: &Json, pointer: &str, keyword: &str) -> bool {
        match node.get(keyword) {
            None => false,
            Some(Json::Bool(value)) => *value,
            Some(_) => {
                self.problem(&child(pointer, keyword), "must be `true` or `false`");
                false
            }
        }
    }

    /// The name in `$defs` that `$ref` points to; reports a reference that leads nowhere or out of the document.
    fn reference(&mut self, node: &Json, pointer: &str) -> Option<String> {
        let target = node.get("$ref")?;
        let name = target.as_str().and_then(|target| target.strip_prefix("#/$defs/"));
        let Some(name) = name.filter(|name| !name.contains('/')) else {
            self.problem(&child(pointer, "$ref"), "must be `#/$defs/NAME`: one document holds everything");
            return None;
        };
        if self.json.get("$defs").and_then(|defs| defs.get(name)).is_none() {
            self.problem(&child(pointer, "$ref"), format!("`$defs` has no `{name}`"));
            return None;
        }
        self.used.insert(name.to_owned());
        Some(name.to_owned())
    }

    /// Reports `type` where it is not `expected`.
    fn expect_type(&mut self, node: &Json, pointer: &str, expected: &str) {
        if node.get("type").and_then(Json::as_str) != Some(expected) {
            self.problem(pointer, format!("`type` must be `{expected}` here"));
        }
    }
}

/// The pointer of the member `key` of what `pointer` points to (RFC 6901).
fn child(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// `a`, `b` and `c`, for a sentence.
fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "none".to_owned(),
    }
}
