//! Tests of the human format.

use crate::masking::Masking;
use crate::testing;

/// Returns the findings about `text`, in `width` columns.
fn shown(text: &str, width: usize) -> String {
    let mut out = anstream::StripStream::new(Vec::new());
    for example in testing::check("in.json", text) {
        super::finding(&mut out, width, Masking::Shown, &example.reported()).unwrap();
    }
    String::from_utf8(out.into_inner()).unwrap()
}

#[test]
fn a_label_that_does_not_fit_goes_on_the_next_line() {
    let text = shown("{\"eventName\": 123456789012345678901234567890}", 40);
    insta::assert_snapshot!(text.trim_end().split("\n\n").last().unwrap_or_default(), @r#"
    error[wrong-type]: `eventName` is the number `123456789012345678901234567890`, but must be a string
     --> in.json:1:15
      |
    1 | …tName": 12345678901234567890123456…
      |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |          expected a string
      |
      = in: `/eventName` of `an-event`
      = help: write it in quotes: `"123456789012345678901234567890"`
    "#);
}

#[test]
fn no_line_of_an_excerpt_is_wider_than_the_terminal() {
    let event = format!("{{\"eventName\":\"{}\",\"log\":7}}", "日本".repeat(300));
    for width in 40..120 {
        for line in shown(&event, width).lines().filter(|line| line.starts_with("1 |") || line.contains('^'))
        {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= width, "{line}");
        }
    }
}
