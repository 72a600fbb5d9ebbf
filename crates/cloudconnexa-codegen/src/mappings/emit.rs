//! Emits plans as static tables of `cloudconnexa-convert`.

use cloudconnexa_schema::Json;

use super::model::{Condition, Kind, Scope, Transform};
use super::plan::{Member, Object, Plan, Source, Value, code};

/// Returns the code of a plan, indented by one level.
pub(super) fn plan(name: Option<&str>, plan: &Plan) -> String {
    let mut expressed = [0_u64; 2];
    for field in &plan.by_cases {
        expressed[usize::from(field.scope == Scope::Log)] |= 1 << field.index;
    }
    let cases: Vec<String> = plan.cases.iter().map(|when| format!("&{}", conditions(when))).collect();
    let comment = name.map_or_else(|| "Any other event.".to_owned(), |name| format!("`{name}`"));
    format!(
        "    // {comment}\n    Plan {{\n        class_uid: {},\n        cases: &[{}],\n        expressed: [{}, {}],\n        members: &[\n{}        ],\n    }},\n",
        plan.class_uid,
        cases.join(", "),
        bits(expressed[0]),
        bits(expressed[1]),
        members(&plan.root, 3)
    )
}

/// Returns the code of the members of an object. Constants next to each other become one.
fn members(object: &Object, level: usize) -> String {
    let line = |node: &Node<'_>| {
        let indent = "    ".repeat(level);
        format!("{}{indent}{},\n", node.comment(&indent), node.code(level))
    };
    nodes(object).iter().map(line).collect()
}

/// A node of the emitted table, with the names of the members that it writes.
enum Node<'a> {
    Fixed(String),
    Record(&'a str),
    Cases(Vec<String>),
    Value(&'a str, &'a Value),
    List(&'a str, &'a [Source]),
    Object(&'a str, &'a Object),
}

fn nodes(object: &Object) -> Vec<Node<'_>> {
    let mut nodes: Vec<Node<'_>> = Vec::new();
    for (name, member) in &object.members {
        match member {
            Member::Fixed(value) => fix(&mut nodes, name, value),
            Member::Object(inner) if inner.is_fixed() => fix(&mut nodes, name, &inner.fixed()),
            Member::Object(inner) => nodes.push(Node::Object(name, inner)),
            Member::Record => nodes.push(Node::Record(name)),
            Member::Value(value) => nodes.push(Node::Value(name, value)),
            Member::List(sources) => nodes.push(Node::List(name, sources)),
            Member::Cases(values) => {
                let texts = values
                    .iter()
                    .map(|value| value.as_ref().map_or(String::new(), |value| constant(name, value)));
                match nodes.last_mut() {
                    Some(Node::Cases(last)) => {
                        last.iter_mut().zip(texts).for_each(|(last, text)| last.push_str(&text));
                    }
                    _ => nodes.push(Node::Cases(texts.collect())),
                }
            }
        }
    }
    nodes
}

fn fix(nodes: &mut Vec<Node<'_>>, name: &str, value: &Json) {
    let text = constant(name, value);
    match nodes.last_mut() {
        Some(Node::Fixed(last)) => last.push_str(&text),
        _ => nodes.push(Node::Fixed(text)),
    }
}

impl Node<'_> {
    /// Returns a line that names the fields of a value.
    fn comment(&self, indent: &str) -> String {
        let sources = match self {
            Self::Value(_, value) => &value.sources[..],
            Self::List(_, sources) => sources,
            Self::Fixed(_) | Self::Record(_) | Self::Cases(_) | Self::Object(..) => return String::new(),
        };
        let name = |source: &Source| {
            let scope = if source.field.scope == Scope::Log { "log." } else { "" };
            format!("{scope}{}", source.field.name)
        };
        format!("{indent}// {}\n", sources.iter().map(name).collect::<Vec<_>>().join(", "))
    }

    fn code(&self, level: usize) -> String {
        let indent = "    ".repeat(level);
        match self {
            Self::Fixed(text) => format!("Node::Fixed({})", literal(text)),
            Self::Record(name) => format!("Node::Record {{ key: {} }}", literal(&key(name))),
            Self::Cases(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| literal(text)).collect();
                format!("Node::Cases(&[{}])", texts.join(", "))
            }
            Self::Value(name, value) => {
                let otherwise = value.otherwise.as_ref().map(|value| literal(&constant(name, value)));
                let (key, sources) = (literal(&key(name)), sources(name, &value.sources, level));
                match otherwise {
                    Some(otherwise) => format!("Node::value_or({key}, {otherwise}, {sources})"),
                    None => format!("Node::value({key}, {sources})"),
                }
            }
            Self::List(name, list) => {
                format!(
                    "Node::List {{ open: {}, sources: {} }}",
                    literal(&format!("{}[", key(name))),
                    sources(name, list, level)
                )
            }
            Self::Object(name, object) => {
                let (open, close) = if object.is_element { ("[{", "}],") } else { ("{", "},") };
                let with: String = object.with.iter().map(|(name, value)| constant(name, value)).collect();
                let otherwise =
                    object.otherwise.as_ref().map_or(String::new(), |value| constant(name, value));
                format!(
                    "Node::Object {{\n{indent}    open: {},\n{indent}    close: {},\n{indent}    with: {},\n{indent}    needs: &{},\n\
                     {indent}    otherwise: {},\n{indent}    members: &[\n{}{indent}    ],\n{indent}}}",
                    literal(&format!("{}{open}", key(name))),
                    literal(close),
                    literal(&with),
                    needs(object),
                    literal(&otherwise),
                    members(object, level + 2)
                )
            }
        }
    }
}

/// Returns the needs of an object as bits of the nodes of its members.
fn needs(object: &Object) -> String {
    let mut masks = Vec::new();
    for group in &object.needs {
        let mut mask = 0_u64;
        for (index, node) in nodes(object).iter().enumerate() {
            if let Node::Value(name, _) | Node::List(name, _) | Node::Object(name, _) = node
                && group.iter().any(|needed| needed == name)
            {
                mask |= 1 << index;
            }
        }
        masks.push(bits(mask));
    }
    format!("[{}]", masks.join(", "))
}

/// Returns the code of a list of sources: on one line if there is one.
fn sources(name: &str, sources: &[Source], level: usize) -> String {
    let code = |source: &Source| {
        let (field, write) = (code(&source.field), write(name, source));
        match &source.when[..] {
            [] => format!("Source::new({field:#04x}, {write})"),
            when => format!("Source::new({field:#04x}, {write}).when(&{})", conditions(when)),
        }
    };
    if let [source] = sources {
        return format!("&[{}]", code(source));
    }
    let indent = "    ".repeat(level);
    let lines: String = sources
        .iter()
        .flat_map(|source| [&indent, "    ", &code(source), ",\n"].map(str::to_owned))
        .collect();
    format!("&[\n{lines}{indent}]")
}

fn write(name: &str, source: &Source) -> String {
    match &source.transform {
        Transform::Copy if source.field.kind == Kind::Integer => "Write::Integer".to_owned(),
        Transform::Copy => "Write::Copy".to_owned(),
        Transform::Text => "Write::Quoted".to_owned(),
        Transform::UnixMilliseconds => "Write::UnixMillis".to_owned(),
        Transform::Rfc3339 => "Write::Rfc3339".to_owned(),
        Transform::Milliseconds => format!("Write::Scaled {{ factor: 1_000, limit: {} }}", limit(source)),
        Transform::Nanoseconds => {
            format!("Write::Scaled {{ factor: 1_000_000_000, limit: {} }}", limit(source))
        }
        Transform::Number => format!("Write::Number {{ limit: {} }}", limit(source)),
        Transform::Lowercase => "Write::Lowercase".to_owned(),
        Transform::Map(rows) => map(name, rows, source),
    }
}

/// Returns the greatest integer that the target takes.
fn limit(source: &Source) -> &'static str {
    if source.is_int { "MAX_INT" } else { "MAX_LONG" }
}

fn map(name: &str, rows: &[(String, Json)], source: &Source) -> String {
    let is_text = source.field.kind == Kind::Text;
    let rows: Vec<String> = rows
        .iter()
        .map(|(from, to)| {
            let mut text = constant(name, to);
            if let Some(sibling) = &source.sibling {
                let shown = to.as_u64().map(|number| number.to_string());
                let caption = sibling.captions.iter().find(|(value, _)| Some(value) == shown.as_ref());
                if let Some((_, caption)) = caption {
                    text.push_str(&constant(&sibling.name, &Json::string(caption.as_str())));
                }
            }
            let from = if is_text { json(&Json::string(from.as_str())) } else { from.clone() };
            format!("({}, {})", literal(&from), literal(&text))
        })
        .collect();
    // What a target does not know is "other", with the text of the source next to it.
    let other = source
        .sibling
        .as_ref()
        .map_or(String::new(), |sibling| format!("{}99,{}", key(name), key(&sibling.name)));
    format!("Write::Map {{ rows: &[{}], other: {} }}", rows.join(", "), literal(&other))
}

/// Returns the code of a set of bits.
fn bits(mut mask: u64) -> String {
    let mut list = Vec::new();
    while mask != 0 {
        list.push(format!("1 << {}", mask.trailing_zeros()));
        mask &= mask - 1;
    }
    if list.is_empty() { "0".to_owned() } else { list.join(" | ") }
}

/// Returns the code of conditions, with values as they are written in JSON.
fn conditions(when: &[Condition]) -> String {
    let one = |condition: &Condition| {
        let values: Vec<String> = condition.values.iter().map(|value| literal(&json(value))).collect();
        format!("Condition {{ field: {:#04x}, values: &[{}] }}", code(&condition.field), values.join(", "))
    };
    format!("[{}]", when.iter().map(one).collect::<Vec<_>>().join(", "))
}

fn key(name: &str) -> String {
    format!("{}:", json(&Json::string(name)))
}

/// Returns a constant member as it is written, with the comma after it.
fn constant(name: &str, value: &Json) -> String {
    format!("{}{},", key(name), json(value))
}

pub(super) fn json(value: &Json) -> String {
    // Cannot fail: keys are strings, and every number was parsed or made from an integer.
    serde_json::to_string(value).unwrap_or_default()
}

/// Returns a string literal, raw if it has quotes.
fn literal(text: &str) -> String {
    if text.contains('"') && !text.contains("\"#") { format!("r#\"{text}\"#") } else { format!("{text:?}") }
}
