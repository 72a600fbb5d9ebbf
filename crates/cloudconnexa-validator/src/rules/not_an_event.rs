//! `not-an-event`: a JSON record of another source.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "not-an-event",
    severity: Severity::Error,
    summary: "the record is JSON, but not an event that CloudConnexa streams",
    explanation: "\
The record is an object with neither `eventName` nor `CloudConnexaLogVersion`, and with hardly any other field of an event,
or it is a known record of another source. Listing each field that it lacks would help nobody. These are recognized:

* sessions and audit logs of CloudConnexa's REST API, which have names and types of their own,
* AWS CloudTrail, which often writes to the same bucket,
* what Amazon Data Firehose writes about records that it could not deliver,
* notifications that name new objects in a bucket, instead of the objects,
* the action lines of Elasticsearch's bulk format,
* anything else.

All records of one kind in an input are one finding, with their number. `ccxlog drift` counts them, and compares nothing in
them.

## Example

```json
{\"sessionId\": \"67c6b5be4203d502df02aa00\", \"startDateTime\": \"2025-03-04T08:15:42Z\", \"status\": \"COMPLETED\"}
```

## What to do

Have `ccxlog` read what CloudConnexa's log streaming wrote, and nothing else: a narrower prefix, a glob, or `--exclude`. Some
kinds contain the events; the finding then has the command that takes them out.
",
};

/// A record of another source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotAnEvent {
    ApiSession,
    ApiAuditLog,
    CloudTrail,
    FirehoseFailure,
    ObjectNotification,
    BulkAction,
    Unknown,
}

impl Describe for NotAnEvent {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, _: Masking) -> Text {
        let (message, help) = match self {
            Self::ApiSession => (
                "this is a session as CloudConnexa's REST API returns it, not an event",
                "validate what log streaming writes to your bucket: the API has other names and types",
            ),
            Self::ApiAuditLog => (
                "this is an audit log record as CloudConnexa's REST API returns it, not an event",
                "validate what log streaming writes to your bucket: the API has other names and types",
            ),
            Self::CloudTrail => (
                "this is a record of AWS CloudTrail, not an event of CloudConnexa",
                "narrow the prefix, as in `s3://BUCKET/CloudConnexa/`, or add `--exclude '**/AWSLogs/**'`",
            ),
            Self::FirehoseFailure => (
                "this is what Amazon Data Firehose writes of a record that it could not deliver",
                "its `rawData` is the record: `jq -r '.rawData | @base64d' FILE | ccxlog validate`",
            ),
            Self::ObjectNotification => (
                "this is a notification about an object in a bucket, not the object",
                "validate the object that it names: `ccxlog validate s3://BUCKET/KEY`",
            ),
            Self::BulkAction => (
                "this is an action line of Elasticsearch's bulk format, not an event",
                "take these lines out: `jq -c 'select(.eventName)' FILE | ccxlog validate`",
            ),
            Self::Unknown => (
                "this is not an event of CloudConnexa: it has neither `eventName` nor `CloudConnexaLogVersion`",
                "validate what log streaming writes to your bucket, and leave out other files with `--exclude`",
            ),
        };
        Text::new(message, "not an event", Some(help.to_owned()))
    }

    /// Part of fingerprints: never to be changed.
    fn key(&self) -> Option<&str> {
        Some(match self {
            Self::ApiSession => "rest-api-session",
            Self::ApiAuditLog => "rest-api-audit-log",
            Self::CloudTrail => "cloudtrail",
            Self::FirehoseFailure => "firehose-failure",
            Self::ObjectNotification => "object-notification",
            Self::BulkAction => "bulk-action",
            Self::Unknown => "unknown",
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, check, show};

    #[test]
    fn records_of_other_sources_are_one_finding() {
        let records = [
            ("API session", r#"{"sessionId":"a","startDateTime":"2025-03-04T08:15:42Z","bytesIn":1}"#),
            (
                "page of API sessions",
                r#"{"content":[{"sessionId":"a","startDateTime":"b"}],"totalElements":1}"#,
            ),
            ("API audit log", r#"{"id":"a","operation":"UPDATE","entityType":"User","timestamp":"b"}"#),
            (
                "CloudTrail file",
                r#"{"Records":[{"eventVersion":"1.08","eventSource":"s3","eventName":"PutObject"}]}"#,
            ),
            (
                "CloudTrail record",
                r#"{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"PutObject","awsRegion":"a"}"#,
            ),
            ("Firehose", r#"{"attemptsMade":4,"errorCode":"a","errorMessage":"b","rawData":"e30="}"#),
            ("S3 notification", r#"{"Records":[{"eventSource":"aws:s3","s3":{"object":{"key":"a"}}}]}"#),
            ("SNS", r#"{"Type":"Notification","TopicArn":"a","Message":"{}"}"#),
            ("bulk", r#"{"index":{"_index":"logs"}}"#),
            ("bulk create", r#"{"create":{}}"#),
            ("anything", r#"{"level":"info","msg":"started","timestamp":"a"}"#),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }

    #[test]
    fn what_may_be_an_event_is_not_dismissed() {
        for record in [
            "{}",
            r#"{"eventName":"test-message"}"#,
            r#"{"CloudConnexaLogVersion":1}"#,
            r#"{"eventname":"a","x":1}"#,
            r#"{"timestamp":1,"cloudId":2,"service":3}"#,
        ] {
            let report = check(record);
            assert!(report.findings.iter().all(|finding| finding.rule().id != "not-an-event"), "{record}");
        }
        let fields = [("eventName", "a"), ("CloudConnexaLogVersion", "b")];
        let both = fields.iter().fold(DISCONNECTED.to_owned(), |text, (from, to)| text.replace(from, to));
        assert!(check(both).findings.iter().all(|finding| finding.rule().id != "not-an-event"));
    }
}
