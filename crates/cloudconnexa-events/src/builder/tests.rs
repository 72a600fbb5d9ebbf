//! Tests of builders: what they refuse, and how they say it.

use std::net::Ipv4Addr;
use std::time::{Duration, SystemTime};

use serde_json::value::RawValue;

use super::{BuildError, BuildErrorKind};
use crate::{
    ClientConnectedLog, DomainBlockedLog, Event, EventBody, EventName, Header, LogStreamPausedLog, OsType,
    TrafficBlockedLog, UnknownEvent,
};

fn header() -> Header {
    Event::example(EventName::ClientConnected).header
}

fn paused() -> LogStreamPausedLog {
    LogStreamPausedLog::builder().aws_s3_bucket("b").aws_region("r").build().unwrap()
}

fn traffic() -> TrafficBlockedLog {
    match Event::example(EventName::TrafficBlocked).body {
        EventBody::TrafficBlocked(log) => log,
        other => panic!("{other:?}"),
    }
}

fn nested(depth: usize) -> Box<RawValue> {
    RawValue::from_string("[".repeat(depth) + &"]".repeat(depth)).unwrap()
}

struct Failing;

impl serde::Serialize for Failing {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("not today"))
    }
}

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(built: Result<T, BuildError>, kind: BuildErrorKind, message: &str) {
    let error = built.unwrap_err();
    assert_eq!((error.kind(), &*error.to_string()), (kind, message));
    let pointer = message.strip_prefix('`').and_then(|rest| rest.split('`').next()).unwrap();
    assert!(error.pointer().starts_with(pointer), "{error:?}");
}

#[test]
fn values_of_their_own_types_and_texts_are_taken() {
    let EventBody::ClientConnected(example) = Event::example(EventName::ClientConnected).body else {
        panic!("another event");
    };
    let version = "6.1".to_owned();
    let tunnel = Ipv4Addr::new(100, 96, 1, 34);
    let log = ClientConnectedLog::builder()
        .client_uuid(&example.client_uuid)
        .client_session_id("a".to_owned())
        .client_os_type(OsType::Linux)
        .client_os_version(&version)
        .client_public_ip(tunnel)
        .client_tunnel_ip_v4(tunnel)
        .client_tunnel_ip_v6("fd:0:0:8102::2")
        .session_protocol("UDP")
        .session_tunnel_protocol("Other".to_owned())
        .session_start_time(SystemTime::UNIX_EPOCH + Duration::from_millis(1_500))
        .gateway_region_name("")
        .gateway_region("")
        .gateway_id("")
        .with_extra("ratio", 0.5)
        .build()
        .unwrap();
    assert_eq!(log.client_os_version, version);
    assert_eq!(log.client_public_ip.get(), tunnel);
    assert_eq!(log.session_start_time.to_string(), "1970-01-01T00:00:01.500000Z");
    let json = Event::new(header(), log.clone()).unwrap().to_json();
    assert!(json.contains("fd:0:0:8102::2") && json.contains("\"ratio\":0.5"), "{json}");
    assert_eq!(json.parse::<Event>().unwrap().body, EventBody::ClientConnected(log));
}

#[test]
fn null_is_a_value_and_an_absent_field_is_missing() {
    let EventBody::ClientDisconnected(log) = Event::example(EventName::ClientDisconnected).body else {
        panic!("another event");
    };
    let built = log.to_builder().session_disconnect_reason_description(None).build().unwrap();
    assert_eq!(built.session_disconnect_reason_description, None);
    let built = built.to_builder().session_disconnect_reason_description("because").build().unwrap();
    assert_eq!(built.disconnect_description(), Some("because"));
    assert_refused(
        DomainBlockedLog::builder().domain("example.com").query_type("A").protocol("UDP").build(),
        BuildErrorKind::MissingField,
        "`/log` has no `category`, which is required: set it with `.category(…)`",
    );
    assert_refused(
        LogStreamPausedLog::builder().build(),
        BuildErrorKind::MissingField,
        "`/log` has no `aws-s3-bucket`, `aws-region`, which are required: set them with `.aws_s3_bucket(…)`, `.aws_region(…)`",
    );
}

#[test]
fn what_a_builder_was_given_last_counts_and_the_first_error_is_reported() {
    let log = paused().to_builder().aws_region("a").aws_region("b").build().unwrap();
    assert_eq!(log.aws_region, "b");
    let error = header().to_builder().timestamp("today").trace_id("7").trace_id("8").build().unwrap_err();
    assert_eq!(error.pointer(), "/timestamp");
}

#[test]
fn texts_that_are_not_in_their_format_are_refused() {
    assert_refused(
        header().to_builder().public_ip("example.com").build(),
        BuildErrorKind::WrongFormat,
        "`/publicIp` is \"example.com\", but has to be an IPv4 or IPv6 address: write it like \"203.0.113.7\"",
    );
    assert_refused(
        header().to_builder().service("Access Server").build(),
        BuildErrorKind::WrongValue,
        "`/service` is \"Access Server\", but has to be \"CloudConnexa\": write that",
    );
    let long = header().to_builder().trace_id("é".repeat(1_000)).build().unwrap_err().to_string();
    assert!(long.chars().count() < 250, "{long}");
}

#[test]
fn times_that_rfc_3339_cannot_express_are_refused() {
    let distant = Duration::from_secs(2_500 * 365 * 86_400);
    for time in [SystemTime::UNIX_EPOCH.checked_sub(distant), SystemTime::UNIX_EPOCH.checked_add(distant * 4)]
    {
        // Some systems do not have such times.
        let Some(time) = time else { continue };
        let error = header().to_builder().timestamp(time).build().unwrap_err();
        assert_eq!(error.kind(), BuildErrorKind::WrongFormat, "{error}");
    }
}

#[cfg(feature = "jiff")]
#[test]
fn times_of_jiff_before_the_year_0_are_refused() {
    let year_0: jiff::Timestamp = "0000-01-01T00:00:00Z".parse().unwrap();
    assert!(header().to_builder().timestamp(year_0).build().is_ok());
    assert_refused(
        header().to_builder().timestamp(year_0 - jiff::SignedDuration::from_nanos(1)).build(),
        BuildErrorKind::WrongFormat,
        "`/timestamp` is -000001-12-31T23:59:59.999999999Z, which a date and time by RFC 3339 cannot express: use a year from 0 to 9999",
    );
}

#[test]
fn unknown_fields_have_names_of_their_own() {
    let builder = paused().to_builder();
    assert_refused(
        builder.clone().with_extra("aws-region", "x").build(),
        BuildErrorKind::KnownField,
        "`/log/aws-region` is a field that the schema knows, not an unknown one: set it with `.aws_region(…)`",
    );
    assert_refused(
        builder.clone().with_extra("a/b", 1).with_extra("a/b", 2).build(),
        BuildErrorKind::RepeatedField,
        "`/log/a~1b` was added twice, but an object has each name once: remove one of the calls of `.with_extra(…)`",
    );
    for name in ["log", "eventName"] {
        let error = header().to_builder().with_extra(name, ()).build().unwrap_err();
        assert_eq!(error.kind(), BuildErrorKind::KnownField, "{error}");
    }
    // A name that is known elsewhere is not known here.
    assert!(builder.with_extra("cloudId", "x").with_extra("log", 1).build().is_ok());
}

#[test]
fn unknown_fields_have_values_that_every_reader_accepts() {
    let builder = paused().to_builder();
    assert!(builder.clone().with_extra("deep", nested(125)).build().is_ok());
    assert_refused(
        builder.with_extra("deep", nested(126)).build(),
        BuildErrorKind::UnreadableValue,
        "`/log/deep` is not a value that every reader of JSON accepts (recursion limit exceeded): use a simpler one",
    );
    assert_refused(
        UnknownEvent::builder("a").with_extra("b", Failing).build(),
        BuildErrorKind::UnreadableValue,
        "`/log/b` is not a value that every reader of JSON accepts (not today): use a simpler one",
    );
}

#[test]
fn an_unknown_event_has_a_name_of_its_own() {
    assert_refused(
        UnknownEvent::builder("test-message").build(),
        BuildErrorKind::KnownEvent,
        "`/eventName` is \"test-message\", which is not an unknown event: use its variant of `EventBody`",
    );
    let mut event = UnknownEvent::builder("new").build().unwrap();
    assert_eq!(event.log, None);
    event.event_name = "test-message".to_owned();
    assert_eq!(Event::new(header(), event).unwrap_err().kind(), BuildErrorKind::KnownEvent);
}

#[test]
fn parts_that_were_changed_are_checked_again() {
    let mut broken = header();
    broken.cloud_connexa_log_version = 0;
    assert_refused(
        Event::new(broken.clone(), paused()),
        BuildErrorKind::OutOfRange,
        "`/CloudConnexaLogVersion` is 0, but has to be at least 1: use an integer from 1 to 4294967295",
    );
    assert_eq!(broken.to_builder().build().unwrap_err().kind(), BuildErrorKind::OutOfRange);

    let mut log = traffic();
    log.priority = 4;
    assert_refused(
        Event::new(header(), log),
        BuildErrorKind::OutOfRange,
        "`/log/priority` is 4, but has to be at most 3: use an integer from 1 to 3",
    );

    // Unknown fields may move to an object that knows them, or that is deeper.
    let extra = paused().to_builder().with_extra("cloudId", "x").build().unwrap().extra;
    let mut broken = header();
    broken.extra = extra;
    assert_eq!(Event::new(broken, paused()).unwrap_err().pointer(), "/cloudId");
    let mut log = paused();
    log.extra = header().to_builder().with_extra("deep", nested(126)).build().unwrap().extra;
    assert_eq!(Event::new(header(), log).unwrap_err().kind(), BuildErrorKind::UnreadableValue);
}

#[test]
fn only_an_event_without_a_log_may_have_an_unknown_one() {
    let json = Event::example(EventName::TestMessage).to_json().replacen('{', "{\"log\":{\"a\":1},", 1);
    let event: Event = json.parse().unwrap();
    let header = event.header.to_builder().build().unwrap();
    assert_eq!(Event::new(header.clone(), EventBody::TestMessage).unwrap(), event);
    for body in [paused().into(), UnknownEvent::builder("new").build().unwrap().into()] {
        let body: EventBody = body;
        assert_eq!(Event::new(header.clone(), body).unwrap_err().pointer(), "/log");
    }
}
