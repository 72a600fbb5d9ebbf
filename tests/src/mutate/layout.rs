//! How a mutated event is written.

use super::{Node, Random};

/// The white space between tokens.
pub(super) struct Layout {
    /// Before a key, once per level of nesting.
    line: &'static str,
    indent: &'static str,
    before_colon: &'static str,
    behind_colon: &'static str,
    before_comma: &'static str,
    /// Around the whole record.
    around: &'static str,
}

impl Layout {
    pub(super) fn any(random: &mut Random) -> Self {
        let compact =
            Self { line: "", indent: "", before_colon: "", behind_colon: "", before_comma: "", around: "" };
        match random.below(12) {
            0 | 1 => Self { line: "\n", indent: "  ", behind_colon: " ", ..compact },
            2 => Self { line: "\r\n", indent: "\t", behind_colon: " ", around: "\r\n", ..compact },
            3 => Self { line: " ", behind_colon: " ", ..compact },
            4 => Self {
                line: "\n \n",
                indent: "                   ",
                before_colon: "\t ",
                behind_colon: "\n                                   ",
                before_comma: "  ",
                around: " \t\n",
            },
            // None of these is white space in JSON.
            5 if random.once_in(6) => {
                Self { line: ["\u{b}", "\u{a0}", "\0", "\u{c}"][random.below(4)], ..compact }
            }
            _ => Self { around: ["", "", "\n", "\r\n"][random.below(4)], ..compact },
        }
    }

    pub(super) fn write(&self, node: &Node, depth: usize, out: &mut String) {
        if depth == 0 {
            out.push_str(self.around);
        }
        match node {
            Node::Raw(raw) => out.push_str(raw),
            Node::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    self.comma(index, out);
                    self.write(element, depth + 1, out);
                }
                out.push(']');
            }
            Node::Object(members) => {
                out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    self.comma(index, out);
                    self.line(depth + 1, out);
                    out.push('"');
                    out.push_str(key);
                    out.push('"');
                    out.push_str(self.before_colon);
                    out.push(':');
                    out.push_str(self.behind_colon);
                    self.write(value, depth + 1, out);
                }
                self.line(depth, out);
                out.push('}');
            }
        }
        if depth == 0 {
            out.push_str(self.around);
        }
    }

    fn comma(&self, index: usize, out: &mut String) {
        if index > 0 {
            out.push_str(self.before_comma);
            out.push(',');
        }
    }

    fn line(&self, depth: usize, out: &mut String) {
        out.push_str(self.line);
        out.push_str(&self.indent.repeat(depth));
    }
}
