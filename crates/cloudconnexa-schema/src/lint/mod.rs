//! Reads a schema into the model, and reports what the model does not cover.
//!
//! A generator or a comparison that ignores a keyword is wrong without a sign of it. So each reader lists the keywords that it
//! understands, and any other one is a problem.

mod object;
mod root;
mod scalar;

use std::collections::BTreeSet;

use crate::document::Document;
use crate::error::{Problem, ProblemKind, SchemaError, SchemaErrorKind, sort_problems};
use crate::json::Json;
use crate::model::{Provenance, Schema, UnmodelledField};
use crate::pointer::{child, unescape};

/// The types of JSON Schema.
const TYPES: &[&str] = &["null", "boolean", "integer", "number", "string", "array", "object"];

/// Reads a document into a model, with the problems of it in the order of the file.
pub(crate) fn read(document: Document) -> Result<(Schema, Vec<Problem>), SchemaError> {
    let mut lint = Lint { root: document.root(), problems: Vec::new(), used: BTreeSet::new(), fatal: None };
    let parts = root::read(&mut lint);
    let Lint { mut problems, fatal, .. } = lint;
    sort_problems(&mut problems, &document);
    match (parts, fatal) {
        (Some(parts), None) => Ok((parts.into_schema(document), problems)),
        (_, fatal) => Err(SchemaError::new(SchemaErrorKind::Structure, fatal, problems)),
    }
}

/// The state shared by the readers of the different kinds of nodes.
struct Lint<'a> {
    root: &'a Json,
    problems: Vec<Problem>,
    /// The definitions that something refers to.
    used: BTreeSet<String>,
    /// The first problem because of which the model lacks something that a lenient reader depends on.
    fatal: Option<Problem>,
}

impl Lint<'_> {
    fn problem(&mut self, kind: ProblemKind, pointer: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(kind, pointer, message));
    }

    /// Reports a problem because of which the model lacks something that others depend on.
    fn fatal(&mut self, kind: ProblemKind, pointer: &str, message: impl Into<String>) {
        self.problem(kind, pointer, message);
        if self.fatal.is_none() {
            self.fatal = self.problems.last().cloned();
        }
    }

    /// Reports a node that is not an object, and each keyword that is not in `known`.
    fn keywords(&mut self, node: &Json, pointer: &str, known: &[&str]) {
        if !matches!(node, Json::Object(_)) {
            self.problem(ProblemKind::Structure, pointer, "must be a schema written as an object");
        }
        for (keyword, _) in node.members() {
            if !known.contains(&keyword.as_str()) {
                self.problem(
                    ProblemKind::Unsupported,
                    &child(pointer, keyword),
                    format!("keyword `{keyword}` is not supported here; supported are {}", list(known)),
                );
            }
        }
    }

    /// Returns the text at `keyword`; reports one that is missing or blank.
    fn text(&mut self, node: &Json, pointer: &str, keyword: &str) -> String {
        match node.get(keyword).and_then(Json::as_str).map(str::trim) {
            Some(text) if !text.is_empty() => text.to_owned(),
            _ => {
                self.problem(
                    ProblemKind::Documentation,
                    pointer,
                    format!("`{keyword}` is missing; every node has to be documented"),
                );
                String::new()
            }
        }
    }

    /// Returns the description; reports one that rustdoc would take for code to run.
    fn description(&mut self, node: &Json, pointer: &str) -> String {
        let text = self.text(node, pointer, "description");
        if text.contains("```") || text.lines().any(|line| line.starts_with("    ") || line.starts_with('\t'))
        {
            self.problem(
                ProblemKind::Documentation,
                &child(pointer, "description"),
                "contains a code block, which would become a doctest of the generated code; use `backticks`",
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
                    ProblemKind::Annotation,
                    &child(pointer, "x-provenance"),
                    "must be `example`, `real-data` or `inferred`; leave it out for what the vendor documents",
                );
                Provenance::Documented
            }
        }
    }

    /// Reads `x-unmodelled`: members that are known to occur, each with its types, and for which nothing is generated.
    fn unmodelled(&mut self, node: &Json, pointer: &str) -> Vec<UnmodelledField> {
        let Some(entries) = node.get("x-unmodelled") else { return Vec::new() };
        let pointer = child(pointer, "x-unmodelled");
        if !matches!(entries, Json::Object(_)) {
            self.problem(
                ProblemKind::Annotation,
                &pointer,
                "must be an object that maps names of fields to `types` and `description`",
            );
        }
        let properties = node.get("properties");
        let mut fields = Vec::new();
        for (name, entry) in entries.members() {
            let pointer = child(&pointer, name);
            self.keywords(entry, &pointer, &["types", "description"]);
            let description = self.description(entry, &pointer);
            let types = entry.get("types").map_or(&[][..], Json::elements);
            let is_type = |one: &Json| one.as_str().is_some_and(|one| TYPES.contains(&one));
            if types.is_empty() || !types.iter().all(is_type) {
                self.problem(
                    ProblemKind::Annotation,
                    &child(&pointer, "types"),
                    format!("must be a non-empty list of {}", self::list(TYPES)),
                );
            }
            if properties.is_some_and(|properties| properties.get(name).is_some()) {
                self.problem(
                    ProblemKind::Annotation,
                    &pointer,
                    "is among the properties as well: describe it in one of the two places",
                );
            }
            let types = types.iter().filter_map(Json::as_str).map(str::to_owned).collect();
            fields.push(UnmodelledField { name: name.clone(), pointer, types, description });
        }
        fields
    }

    fn flag(&mut self, node: &Json, pointer: &str, keyword: &str) -> bool {
        match node.get(keyword) {
            None => false,
            Some(Json::Bool(value)) => *value,
            Some(_) => {
                self.problem(ProblemKind::Annotation, &child(pointer, keyword), "must be `true` or `false`");
                false
            }
        }
    }

    /// Returns the name in `$defs` that `$ref` points to; reports a reference that leads nowhere or out of the document.
    fn reference(&mut self, node: &Json, pointer: &str) -> Option<String> {
        let target = node.get("$ref")?;
        let name = target.as_str().and_then(|target| target.strip_prefix("#/$defs/"));
        let Some(name) = name.filter(|name| !name.contains('/')).map(unescape) else {
            self.fatal(
                ProblemKind::Reference,
                &child(pointer, "$ref"),
                "must be `#/$defs/NAME`: one document holds everything",
            );
            return None;
        };
        if self.root.get("$defs").and_then(|defs| defs.get(&name)).is_none() {
            self.fatal(ProblemKind::Reference, &child(pointer, "$ref"), format!("`$defs` has no `{name}`"));
            return None;
        }
        self.used.insert(name.clone());
        Some(name)
    }

    /// Reports a `type` that is not `expected`.
    fn expect_type(&mut self, node: &Json, pointer: &str, expected: &str) {
        if node.get("type").and_then(Json::as_str) != Some(expected) {
            self.problem(ProblemKind::Structure, pointer, format!("`type` must be `{expected}` here"));
        }
    }
}

/// Lists names in a sentence: `a`, `b` and `c`.
fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "none".to_owned(),
    }
}
