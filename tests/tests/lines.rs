//! Tests that records taken off the start of a text are those that the splitter finds, and are checked alike.

#![allow(clippy::disallowed_macros, reason = "tests print settings")]

use std::sync::Arc;

use cloudconnexa_reader::records::{Item, Record, Refused, Splitter};
use cloudconnexa_reader::{
    Block, BlockItem, BlockSink, BlockVisitor, Limits, Position, ReadEvent, Source, SourceReader,
    SplitRecords, Splitting as _,
};
use cloudconnexa_validator::view::EventView;
use cloudconnexa_validator::{Checker, FastCheck, Validator};
use workspace_tests::mutate::{Random, mutate, seeds};
use workspace_tests::setting;

/// Bytes after a record: line ends, and others.
const ENDS: &[&str] = &[
    "\n",
    "\r\n",
    " \n",
    "\n\n",
    "\n ",
    "\n\t",
    "",
    " ",
    ",",
    ",\n",
    "\n\0",
    "\0\n",
    "\n\u{feff}",
    "\u{feff}\n",
    "\u{1e}\n",
    "\n\u{1e}",
    "\r",
    "\\n",
    "x\n",
    "\nx\n",
    "]\n",
    "\n[\n",
    "\n{\"log\":{\"\\\n",
    "\n{\n",
];

/// Bytes before the first record.
const STARTS: &[&str] =
    &["\u{feff}", "\0", "\n", " ", "\r\n", "\u{1e}", ";", "[", "{\"log\":{\"\\\n", "{\"log\":{\n"];

/// An item that does not borrow, with all that is known of it.
#[derive(Debug, PartialEq)]
enum Found {
    Record { bytes: Vec<u8>, at: Position, before: Vec<u8>, after: Vec<u8> },
    Fault(String),
    Refused { bytes: Vec<u8>, at: Position, part: u64, why: String },
}

/// Items, and the number of bytes between them.
#[derive(Debug, Default, PartialEq)]
struct Items {
    found: Vec<Found>,
    between: u64,
}

impl Items {
    fn add(&mut self, item: &Item<'_>) {
        self.found.push(match item {
            Item::Record(Record { bytes, at, before, after, .. }) => Found::Record {
                bytes: bytes.to_vec(),
                at: *at,
                before: before.to_vec(),
                after: after.to_vec(),
            },
            Item::Fault(span, fault) => Found::Fault(format!("{span:?} {fault:?}")),
            Item::Refused(Refused { bytes, at, part, why }) => {
                Found::Refused { bytes: bytes.to_vec(), at: *at, part: *part, why: format!("{why:?}") }
            }
            Item::Between(length) => return self.between += length,
        });
    }
}

/// Takes most of the lines that the fast tier accepts, and checks each.
struct Taker<'v> {
    checkers: [Checker<'v>; 2],
    /// Checks lines that are cut off at their line feed.
    other: Checker<'v>,
    random: Random,
    items: Items,
    taken: u64,
}

impl<'v> Taker<'v> {
    fn new(validator: &'v Validator, seed: u64) -> Self {
        Self {
            checkers: [validator.checker(), validator.portable_checker()],
            other: validator.checker(),
            random: Random::new(seed),
            items: Items::default(),
            taken: 0,
        }
    }

    /// Returns the first line of a text if the fast tier accepts it. Checks that it gives the same result for this line alone.
    fn first_line<'a>(&mut self, text: &'a [u8]) -> Option<&'a [u8]> {
        let line = text.split(|byte| *byte == b'\n').next().expect("there is a first one");
        let is_whole = line.len() < text.len() && line.starts_with(b"{") && line.ends_with(b"}");
        let Self { checkers, other, .. } = self;
        let expected = match other.fast_check(line) {
            FastCheck::Valid(accepted) if is_whole => Some(accepted),
            _ => None,
        };
        let shown = || String::from_utf8_lossy(text);
        for checker in &mut *checkers {
            let found = checker.fast_check_line(text);
            assert_eq!(found.is_some(), expected.is_some(), "{}", shown());
            if let (Some((record, found)), Some(expected)) = (found, &expected) {
                assert_eq!(record, line);
                assert_eq!(found.event().map(|event| event.name), expected.event().map(|event| event.name));
                assert_eq!((found.name(), found.notices()), (expected.name(), expected.notices()));
            }
        }
        let is_valid = expected.is_some();
        let with_outline = match other.fast_check_with_outline(line) {
            FastCheck::Valid(accepted) if is_whole => {
                accepted.outline(line).map(|outline| format!("{outline:?}"))
            }
            _ => None,
        };
        for checker in &mut *checkers {
            let found = checker.fast_check_line_with_outline(text);
            let found =
                found.and_then(|(record, found)| found.outline(record).map(|outline| format!("{outline:?}")));
            assert_eq!(found, with_outline, "{}", shown());
        }
        let view = other.view(line).filter(|_| is_valid);
        for checker in checkers {
            let found = checker.view_line(text);
            assert_eq!(found.as_ref().map(fields), view.as_ref().map(fields), "{}", shown());
        }
        is_valid.then_some(line)
    }
}

/// The contents of a view: its record, its event, and where its fields are.
fn fields(view: &EventView<'_>) -> (Vec<u8>, Option<&'static str>, Vec<String>) {
    let ranges =
        (0..64).map(|index| format!("{:?} {:?}", view.header_range_at(index), view.log_range_at(index)));
    let unknown = view.unknown_fields().map(|field| format!("{field:?}"));
    let escapes = [format!("{}", view.may_have_escapes())];
    (
        view.record().to_vec(),
        view.event().map(|event| event.name),
        ranges.chain(unknown).chain(escapes).collect(),
    )
}

impl BlockVisitor for Taker<'_> {
    fn line(&mut self, text: &[u8], at: Position) -> Option<usize> {
        let line = self.first_line(text)?;
        // One that is left is found by the splitter, among others.
        if self.random.once_in(4) {
            return None;
        }
        self.taken += 1;
        self.items.add(&Item::Record(Record::line(line, at)));
        Some(line.len())
    }

    fn item(&mut self, item: BlockItem<'_>, is_cut_off: bool) {
        assert!(!is_cut_off);
        let BlockItem::Item(item) = item else { panic!("all bytes are split") };
        self.items.add(&item);
    }
}

impl BlockSink for Taker<'_> {
    fn buf(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn recycle(&mut self, _: Vec<u8>) {}

    fn block(&mut self, block: Block) {
        block.visit_lines(self);
    }

    fn event(&mut self, _: &Arc<str>, event: ReadEvent) {
        assert!(matches!(&event, ReadEvent::End(_)), "{event:?}");
    }

    fn is_stopped(&self) -> bool {
        false
    }
}

/// Returns events in any layout, some of them broken, with line ends or other bytes between them.
fn text(seeds: &[String], random: &mut Random) -> Vec<u8> {
    let mut text = Vec::new();
    if random.once_in(8) {
        text.extend(STARTS[random.below(STARTS.len())].bytes());
    }
    // A few have several blocks.
    let records = if random.once_in(60) { 400 } else { random.below(8) + 1 };
    for _ in 0..records {
        let seed = &seeds[random.below(seeds.len())];
        if random.below(3) > 0 {
            text.extend(seed.replace('\n', "").bytes());
        } else {
            text.extend(mutate(seed, random));
        }
        let end = if random.once_in(2) { "\n" } else { ENDS[random.below(ENDS.len())] };
        text.extend(end.bytes());
    }
    if random.once_in(8) {
        let at = random.below(text.len());
        text.insert(at, b'\n');
    }
    text
}

/// Returns about the length of one of the lines.
fn near_a_length(text: &[u8], random: &mut Random) -> usize {
    let lengths: Vec<_> = text.split(|byte| *byte == b'\n').map(<[u8]>::len).collect();
    (lengths[random.below(lengths.len())] + random.below(3)).saturating_sub(1)
}

#[test]
fn lines_are_the_records_that_the_splitter_finds() {
    let seed = setting("CCX_SEED", 0x2023_1220);
    let cases = setting("CCX_CASES", 3_000);
    println!("CCX_SEED={seed} CCX_CASES={cases}");
    let seeds = seeds();
    let mut random = Random::new(seed);
    let validator = Validator::new();
    let mut taker = Taker::new(&validator, seed);
    let (mut lines, mut others) = (0, 0);
    for _ in 0..cases {
        let text = text(&seeds, &mut random);
        let limit = if random.once_in(2) { near_a_length(&text, &mut random) } else { usize::MAX >> 1 };
        let mut expected = Items::default();
        let mut splitter = Splitter::with_limit(limit);
        splitter.push(&text, |item| expected.add(&item));
        splitter.finish(|item| expected.add(&item));
        let splitting = SplitRecords { max_record_bytes: limit, ..SplitRecords::default() };
        let bytes: Arc<[u8]> = text.clone().into();
        let source = Source::custom("text", move || Ok(Box::new(std::io::Cursor::new(Arc::clone(&bytes)))));
        (taker.items, taker.taken) = (Items::default(), 0);
        splitting.split(&source, &mut SourceReader::new(Limits::default()), &mut taker);
        assert_eq!(taker.items, expected, "limit {limit}: {}", String::from_utf8_lossy(&text));
        lines += taker.taken;
        others += expected.found.len() as u64 - taker.taken;
    }
    println!("{lines} lines taken, {others} other items");
    assert!(
        lines > cases / 2 && others > cases,
        "a one-sided run: {lines} lines taken, {others} other items"
    );
}
