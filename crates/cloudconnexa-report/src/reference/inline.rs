//! The Markdown that descriptions in the schema use: code, emphasis and strong emphasis.

/// A piece of a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Code(&'a str),
    Emphasis(&'a str),
    Strong(&'a str),
}

/// The marks around a piece. A longer one comes before its beginning.
const MARKS: [&str; 3] = ["`", "**", "*"];

/// Splits a description into pieces. A mark without its counterpart is text.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some(at) = rest[from..].find(['`', '*']).map(|at| from + at) {
        let mark = MARKS.into_iter().find(|mark| rest[at..].starts_with(mark)).unwrap_or("*");
        let inside = at + mark.len();
        match rest[inside..].find(mark).filter(|length| *length > 0) {
            Some(length) => {
                if at > 0 {
                    pieces.push(Piece::Text(&rest[..at]));
                }
                let inner = &rest[inside..inside + length];
                pieces.push(match mark {
                    "`" => Piece::Code(inner),
                    "**" => Piece::Strong(inner),
                    _ => Piece::Emphasis(inner),
                });
                (rest, from) = (&rest[inside + length + mark.len()..], 0);
            }
            None => from = inside,
        }
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::Piece::{Code, Emphasis, Strong, Text};
    use super::pieces;

    #[test]
    fn code_and_emphasis_are_told_from_text() {
        assert_eq!(
            pieces("its *Cloud ID*, in `log`"),
            [Text("its "), Emphasis("Cloud ID"), Text(", in "), Code("log")]
        );
        assert_eq!(pieces("`a*b*`"), [Code("a*b*")]);
        assert_eq!(pieces("sent **to** it"), [Text("sent "), Strong("to"), Text(" it")]);
    }

    #[test]
    fn a_mark_without_its_counterpart_is_text() {
        assert_eq!(pieces("2 * 3"), [Text("2 * 3")]);
        assert_eq!(pieces("`` x"), [Text("`` x")]);
        assert_eq!(pieces("a ` b *c*"), [Text("a ` b "), Emphasis("c")]);
        assert_eq!(pieces(""), []);
    }
}
