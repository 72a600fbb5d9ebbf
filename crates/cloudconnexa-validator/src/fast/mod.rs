//! The fast tier: proves most valid records valid in one pass over their bytes, without building a document.
//!
//! A [`Checker`] remembers the order in which a producer writes its keys, so that it compares the next key with the one
//! that came last time instead of looking it up. If keys come in no order, it stops predicting and checks values after
//! the last key, in the order of the schema (`unordered.rs`).
//!
//! [`Checker::fast_check`] returns [`FastCheck::Valid`] only if the explaining tier
//! ([`Validator::check`](crate::Validator::check)) would find no error. [`FastCheck::Undecided`] means nothing: the record
//! is invalid, or written as real events are not, with an escape in a key, an integer with an exponent, a time with an
//! offset, or dozens of levels of nesting. The fast tier does decide about whatever the vendor may come up with: unknown
//! fields and events, any order of keys, any layout, and escapes and any language in strings.
//!
//! If you need only yes or no, [`Checker::is_valid`] is the fastest, and always decides.
//!
//! ```
//! use cloudconnexa_validator::{FastCheck, NoticeKind, Position, Validator};
//!
//! let validator = Validator::new();
//! let mut checker = validator.checker();
//! let record = br#"{"CloudConnexaLogVersion":1,"timestamp":"2023-12-20T10:45:14.000000Z","cloudId":"example-corp",
//!   "service":"CloudConnexa","traceId":"693bbbde-626d-4940-ac2b-4e75efb49bf7","initiator":"user@example.com",
//!   "initiatorType":"User","category":"Activity.Admin","eventName":"test-message","region":"eu"}"#;
//!
//! assert!(checker.is_valid(record));
//! let FastCheck::Valid(accepted) = checker.fast_check(record) else { panic!("it is valid") };
//! assert_eq!(accepted.event().map(|event| event.name), Some("test-message"));
//! let [notice] = accepted.notices() else { panic!("one field is not known") };
//! assert!(matches!(notice.kind(), NoticeKind::UnknownField(_)));
//! assert_eq!(&record[notice.range()], br#""region""#);
//! ```
//!
//! All it knows about events is generated from the schema (`generated/acceptor.rs`). `unsafe` is confined to
//! `scan/sse2.rs`, which only calls intrinsics and reads through no pointer. After the end of a record the fast tier
//! reads zeros (`window.rs`). JSON never contains a zero byte, so no loop has to look for the end.

mod accepted;
mod address;
mod checker;
mod escaped;
pub(crate) mod names;
mod needle;
mod number;
mod object;
pub(crate) mod scan;
mod scanner;
pub(crate) mod table;
mod tables;
mod text;
mod time;
mod unknown;
mod unordered;
mod value;
pub(crate) mod vocabulary;
pub(crate) mod window;

pub use accepted::{Accepted, FastCheck, Notice, NoticeKind};
pub use checker::Checker;
pub(crate) use scanner::{START, offset};
pub(crate) use tables::{HEADER, LOGS};
