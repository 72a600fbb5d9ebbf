//! `not-json`: a text in another format.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "not-json",
    severity: Severity::Error,
    summary: "the text is in another format than JSON",
    explanation: "\
The file, or a line of it, is something else than JSON, and it is clear what. Reporting a syntax error for each line would
help nobody. These are recognized:

* an HTML page, such as the sign-in page of a proxy that was saved in place of the file,
* an XML document, among them the errors that S3 and stores like it send,
* a pointer of Git LFS, which stands for a file that was not fetched,
* CSV, and fields one per line, as PowerShell and YAML write them,
* logs of an OpenVPN server or of Access Server, and other logs of lines that start with a time, as syslog writes them,
* VPC flow logs, and access logs of S3 and of web servers,
* gzip data in base64.

All lines of an input that are of this kind are one finding, with their number. A line that starts with `{` is still checked
as an event.

## Example

```text
<!DOCTYPE html><html><body>Sign in</body></html>
```

## What to do

Do what the finding says, which depends on the format. If files of another kind are next to those of CloudConnexa, leave them
out with `--exclude` or a narrower prefix.
",
};

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotJson {
    Html,
    StorageError,
    Xml,
    GitLfs,
    Csv,
    FieldLines,
    ServerLog,
    LogLines,
    FlowLog,
    AccessLog,
    Base64,
}

impl Describe for NotJson {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, _: Masking) -> Text {
        let (message, help) = match self {
            Self::Html => (
                "this is an HTML page, such as a sign-in or error page, not an event",
                "get the file again, signed in: `aws s3 cp s3://BUCKET/KEY FILE`",
            ),
            Self::StorageError => (
                "this is an error message of S3 or of a store like it, saved in place of the file",
                "its `Code` says what failed; get the file again: `aws s3 cp s3://BUCKET/KEY FILE`",
            ),
            Self::Xml => {
                ("this is XML, not JSON", "leave the file out with `--exclude`, or have it written as JSON")
            }
            Self::GitLfs => (
                "this is a pointer of Git LFS: the file itself was not fetched",
                "fetch it with `git lfs pull`; in CI, check out with `lfs: true`",
            ),
            Self::Csv => (
                "this is CSV or a table like it, not JSON",
                "validate the JSON lines that CloudConnexa wrote: a table has lost the types and the objects",
            ),
            Self::FieldLines => (
                "these are fields one per line, as PowerShell or YAML writes them, not JSON",
                "have JSON written; in PowerShell with `| ConvertTo-Json -Depth 10 -Compress`",
            ),
            Self::ServerLog => (
                "this is the log of an OpenVPN server or of Access Server, not of CloudConnexa",
                "ccxlog checks what CloudConnexa streams to a bucket: leave other logs out with `--exclude`",
            ),
            Self::LogLines => (
                "these are lines of a text log, as syslog writes them, not JSON",
                "ccxlog checks what CloudConnexa streams to a bucket: leave other logs out with `--exclude`",
            ),
            Self::FlowLog => (
                "this is a VPC flow log of AWS, not an event of CloudConnexa",
                "narrow the prefix, as in `s3://BUCKET/CloudConnexa/`, or add `--exclude '**/vpcflowlogs/**'`",
            ),
            Self::AccessLog => (
                "this is an access log, as S3 and web servers write them, not an event of CloudConnexa",
                "narrow the prefix, as in `s3://BUCKET/CloudConnexa/`, or leave the file out with `--exclude`",
            ),
            Self::Base64 => {
                ("this is gzip data in base64", "decode it first: `base64 -d FILE | ccxlog validate`")
            }
        };
        Text::new(message, "not JSON", Some(help.to_owned()))
    }

    /// Part of fingerprints: never to be changed.
    fn key(&self) -> Option<&str> {
        Some(match self {
            Self::Html => "html",
            Self::StorageError => "storage-error",
            Self::Xml => "xml",
            Self::GitLfs => "git-lfs",
            Self::Csv => "csv",
            Self::FieldLines => "field-lines",
            Self::ServerLog => "server-log",
            Self::LogLines => "log-lines",
            Self::FlowLog => "flow-log",
            Self::AccessLog => "access-log",
            Self::Base64 => "base64",
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::show;

    #[test]
    fn texts_in_other_formats_are_one_finding() {
        let records = [
            ("HTML", "<!DOCTYPE html><html><body>Sign in</body></html>"),
            ("HTML after a comment", "<!-- x -->\n<HTML>"),
            ("S3 error", "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>"),
            ("S3 error alone", "<Error><Code>NoSuchKey</Code><Key>secret</Key></Error>"),
            ("XML", "<?xml version=\"1.0\"?><ListBucketResult/>"),
            ("Git LFS", "version https://git-lfs.github.com/spec/v1"),
            ("CSV", "timestamp,eventName,cloudId"),
            ("CSV in quotes", "\"timestamp\";\"eventName\";\"cloudId\""),
            ("PowerShell list", "CloudConnexaLogVersion : 1"),
            ("YAML", "- CloudConnexaLogVersion: 1"),
            ("Access Server", "2025-03-04T08:15:42+0000 [stdout#info] [OVPN 0] OUT: \"secret\""),
            ("OpenVPN in syslog", "Mar  4 08:15:43 gw1 openvpn[811]: secret/203.0.113.9:51234 MULTI: x"),
            ("OpenVPN", "2025-03-04 08:15:43 secret/203.0.113.9:51234 Peer Connection Initiated with x"),
            ("OpenVPN 2.4", "Tue Mar  4 08:15:43 2025 us=1 OpenVPN 2.4.12 x86_64"),
            ("syslog", "<34>Oct 11 22:14:15 mymachine su: 'su root' failed"),
            ("syslog, RFC 5424", "<34>1 2003-10-11T22:14:15.003Z host app - ID47 - text"),
            ("a log", "2025-03-04T08:15:42Z INFO started"),
            (
                "flow log",
                "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1 2 ACCEPT OK",
            ),
            ("header of a flow log", "version account-id interface-id srcaddr dstaddr srcport"),
            (
                "S3 access log",
                "79a5 bucket [06/Feb/2019:00:00:38 +0000] 192.0.2.3 79a5 3E57 REST.GET.OBJECT key",
            ),
            ("base64", "H4sIAAAAAAAAA6tWKkktLlGyUlAqS8wpTtVRKi1OLYrPTFGyMjGtBQDVqTgHGwAAAA=="),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }
}
