//! The fast tier: goes over the bytes of a record once, builds no document, and proves it valid or says nothing.
//!
//! A [`Checker`] is what a thread keeps: it remembers in which order the producer writes its keys, so that the next key
//! is compared with the one that came last time rather than looked up. Where keys come in no order it stops guessing, and
//! judges values behind the last of them, in the order of the schema (`unordered.rs`). [`Checker::judge`] answers
//! [`FastCheck::Valid`] only where the explaining tier ([`Validator::check`](crate::Validator::check)) finds no error.
//! [`FastCheck::Undecided`] says nothing: the record is invalid, or written in a way that real events are not (an escape
//! in a key, an integer with an exponent, a time with an offset, nesting of more than a few dozen levels). What the
//! vendor may come up with is judged: fields and events that are not known, any order of keys, any layout, escapes and
//! any language in texts.
//!
//! Who wants yes or no and nothing else has [`Checker::is_valid`], which is the fastest and always decides.
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
//! All that it knows of events is generated from the schema (`generated/acceptor.rs`). `unsafe` is confined to
//! `scan/sse2.rs`, and there to calling functions that need SSE2: no pointer is read. Behind the end of a record stand
//! zeros (`window.rs`), which no JSON has, so that a record can end anywhere.

mod accepted;
mod address;
mod checker;
mod number;
mod object;
mod scan;
mod scanner;
pub(crate) mod table;
mod text;
mod time;
mod unknown;
mod unordered;
mod value;
pub(crate) mod vocabulary;
mod window;

#[rustfmt::skip]
#[allow(clippy::unreadable_literal, reason = "masks and multipliers are read by no one")]
#[path = "../generated/acceptor.rs"]
mod generated;

pub use accepted::{Accepted, FastCheck, Notice, NoticeKind, Scope};
pub use checker::Checker;
pub(crate) use table::fingerprint;
pub(crate) use text::end_of_text;
