//! The example of an event as HTML, with a link at each key.

use cloudconnexa_schema::Json;
use maud::html;

/// Formats an example like serde_json does, as HTML within `<pre>`. `link` returns where the key of a field leads to, by the
/// JSON Pointer of the field.
pub(super) fn linked(example: &Json, link: impl Fn(&str) -> Option<String>) -> String {
    let mut html = String::new();
    write(&mut html, example, "", 0, &link);
    html
}

fn write(
    html: &mut String,
    value: &Json,
    pointer: &str,
    depth: usize,
    link: &dyn Fn(&str) -> Option<String>,
) {
    let new_line = |html: &mut String, depth: usize| {
        html.push('\n');
        html.push_str(&"  ".repeat(depth));
    };
    match value {
        Json::Object(members) if !members.is_empty() => {
            html.push('{');
            for (index, (key, value)) in members.iter().enumerate() {
                if index > 0 {
                    html.push(',');
                }
                new_line(html, depth + 1);
                let pointer = format!("{pointer}/{key}");
                let key = escape(&Json::string(key.as_str()).to_value().to_string());
                match link(&pointer) {
                    Some(target) => {
                        html.push_str(&["<a href=\"", &escape(&target), "\">", &key, "</a>"].concat());
                    }
                    None => html.push_str(&key),
                }
                html.push_str(": ");
                write(html, value, &pointer, depth + 1, link);
            }
            new_line(html, depth);
            html.push('}');
        }
        Json::Array(elements) if !elements.is_empty() => {
            html.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    html.push(',');
                }
                new_line(html, depth + 1);
                write(html, element, &format!("{pointer}/{index}"), depth + 1, link);
            }
            new_line(html, depth);
            html.push(']');
        }
        other => html.push_str(&escape(&other.to_value().to_string())),
    }
}

/// Escapes text for HTML, within attributes too.
fn escape(text: &str) -> String {
    html! { (text) }.into_string()
}
