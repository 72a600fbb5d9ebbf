//! `session-end-before-start`: a session that ends before it starts.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::Excerpt;
use crate::instant;
use crate::rule::{Rule, Severity};
use crate::semantics::context::{Context, Hit};
use crate::semantics::fields::Field;
use crate::semantics::judged::Judged;

pub(crate) static RULE: Rule = Rule {
    id: "session-end-before-start",
    severity: Severity::Warning,
    summary: "a session ends before it begins",
    explanation: "\
`sessionEndTime` is before `sessionStartTime`. A program that subtracts one from the other gets a negative duration,
or a very long one. It applies with `--semantic` or `--stateful`, or with `--warn` or `--deny` and its name.

## Example

```json
{\"sessionStartTime\": \"2023-12-20T10:45:14.000000Z\", \"sessionEndTime\": \"2023-12-20T10:45:10.000000Z\"}
```

## What to do

If one of your tools swapped them, swap them back. If CloudConnexa itself wrote it, use `sessionDurationSeconds` as
the length, and ask the vendor.
",
};

pub(crate) const JUDGED: Judged = Judged::fields(&[Field::Start, Field::End]);

/// The end, and the start after it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SessionEndBeforeStart {
    end: Excerpt,
    start: Excerpt,
    micros: i64,
}

pub(crate) fn check(context: &Context<'_>) -> Option<Hit<SessionEndBeforeStart>> {
    let fields = context.fields;
    let (start, end) = (fields.time(Field::Start)?, fields.time(Field::End)?);
    if end >= start {
        return None;
    }
    let raw = |field| fields.raw(field).map(Excerpt::of);
    let detail = SessionEndBeforeStart {
        end: raw(Field::End)?,
        start: raw(Field::Start)?,
        micros: start.saturating_sub(end),
    };
    Hit::new(Field::End, detail)
}

impl Describe for SessionEndBeforeStart {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, masking: Masking) -> Text {
        let message = match masking {
            Masking::Shown => format!(
                "`sessionEndTime` is {}, {} before `sessionStartTime`, which is {}",
                self.end.quote(),
                instant::length(self.micros),
                self.start.quote()
            ),
            Masking::Masked => "`sessionEndTime` is before `sessionStartTime`".to_owned(),
        };
        let help = "swap them, or use `sessionDurationSeconds` as the length";
        Text::new(message, "before the start", Some(help.to_owned()))
    }
}
