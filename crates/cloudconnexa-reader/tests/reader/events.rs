//! Events as typed values, and what is rejected instead.

use cloudconnexa_events::{ErrorKind, EventBody};
use cloudconnexa_reader::records::FramingFault;
use cloudconnexa_reader::{Cause, Reader, Rejected};
use cloudconnexa_sample::Format;

use crate::inputs::{failing, gzip, memory, sample, threads};

fn parse_error_kind(rejected: &Rejected) -> Option<ErrorKind> {
    match &rejected.cause {
        Cause::Parse(error) | Cause::CutOff(error) => {
            error.downcast_ref::<cloudconnexa_events::Error>().map(cloudconnexa_events::Error::kind)
        }
        _ => None,
    }
}

#[test]
fn events_of_every_form_are_parsed() {
    for format in [Format::Jsonl, Format::Pretty, Format::Array] {
        let source = memory("sample", gzip(&sample(1, format, 200)));
        let names = Reader::from_sources(vec![source]).events().map(|event| {
            let event = event.unwrap().unwrap();
            event.event_name().to_owned()
        });
        assert_eq!(names.count(), 200);
    }
}

#[test]
fn what_is_not_an_event_is_rejected_with_source_position_bytes_and_cause() {
    let event = String::from_utf8(sample(1, Format::Jsonl, 1)).unwrap();
    let event = event.trim_end();
    let (event_name, _) =
        event.split_once("\"eventName\":\"").map(|(_, rest)| rest.split_once('"').unwrap()).unwrap();
    let unknown = event.replace(event_name, "brand-new");
    let text = format!("{event}\n{{\"eventName\"\n\n  {{}}\n{unknown}\n{event}{event}\n\"\u{fc}\n");
    for count in [1, 2] {
        let reader = Reader::from_sources(vec![memory("logs/a.jsonl", text.as_bytes())]);
        let items: Vec<_> = reader.threads(threads(count)).events().map(Result::unwrap).collect();
        let events: Vec<_> = items.iter().filter_map(|item| item.as_ref().ok()).collect();
        assert_eq!(events.len(), 4);
        assert!(matches!(events[1].body, EventBody::Other(_)));
        assert_eq!(events[1].event_name(), "brand-new");
        let rejected: Vec<_> = items.iter().filter_map(|item| item.as_ref().err()).collect();
        let [broken, empty, seam, text_only] = &rejected[..] else { panic!("{rejected:?}") };
        for rejected in [broken, empty, seam, text_only] {
            assert_eq!(&*rejected.source, "logs/a.jsonl");
            assert_eq!(rejected.line(), rejected.position.line);
            let start = usize::try_from(rejected.offset()).unwrap();
            assert_eq!(&text.as_bytes()[start..start + rejected.bytes.len()], rejected.bytes);
        }
        assert_eq!((broken.line(), broken.offset()), (2, event.len() as u64 + 1));
        assert_eq!(broken.bytes, b"{\"eventName\"");
        assert_eq!(parse_error_kind(broken), Some(ErrorKind::Truncated));
        assert_eq!((empty.line(), empty.position.column, &empty.bytes[..]), (4, 3, &b"{}"[..]));
        assert_eq!(parse_error_kind(empty), Some(ErrorKind::Data));
        assert!(matches!(seam.cause, Cause::Framing(FramingFault::NoLineEnd)));
        assert_eq!((seam.line(), seam.position.column), (6, event.chars().count() as u64 + 1));
        assert!(seam.bytes.is_empty());
        assert_eq!((text_only.line(), &text_only.bytes[..]), (7, "\"\u{fc}".as_bytes()));
        let shown = broken.to_string();
        assert!(shown.starts_with("logs/a.jsonl:2:1: "), "{shown}");
    }
}

#[test]
fn a_record_of_a_broken_input_that_does_not_parse_is_cut_off() {
    let event = sample(1, Format::Jsonl, 1);
    let text = [&event[..], b"{}\n", &event[..40]].concat();
    for count in [1, 2] {
        let reader = Reader::from_sources(vec![failing("broken", &text)]).threads(threads(count));
        let items: Vec<_> = reader.events().collect();
        let [Ok(Ok(_)), Ok(Err(invalid)), Ok(Err(cut_off)), Err(_)] = &items[..] else { panic!("{items:?}") };
        assert!(matches!(invalid.cause, Cause::Parse(_)));
        assert!(matches!(cut_off.cause, Cause::CutOff(_)));
        assert_eq!(parse_error_kind(cut_off), Some(ErrorKind::Truncated));
        assert!(cut_off.to_string().starts_with("broken:3:1: the input breaks off: "), "{cut_off}");
    }
}

#[test]
fn a_complete_event_at_the_end_of_a_broken_input_is_an_event() {
    let event = sample(1, Format::Jsonl, 1);
    let items: Vec<_> =
        Reader::from_sources(vec![failing("broken", event.trim_ascii_end())]).events().collect();
    assert!(matches!(&items[..], [Ok(Ok(_)), Err(_)]), "{items:?}");
}

#[test]
fn errors_of_a_function_are_causes() {
    let reader = Reader::from_sources(vec![memory("a", &b"{\"a\":1}\n{\"b\":2}\n"[..])]);
    let items = reader.try_map(|record| {
        if record.position().line == 2 { Err(format!("{} is enough", record.source())) } else { Ok(1) }
    });
    let shown = items.map(|item| match item.unwrap() {
        Ok(number) => number.to_string(),
        Err(rejected) => rejected.to_string(),
    });
    assert_eq!(shown.collect::<Vec<_>>(), ["1", "a:2:1: a is enough"]);
}
