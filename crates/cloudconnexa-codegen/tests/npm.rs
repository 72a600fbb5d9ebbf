//! Tests of the TypeScript declarations and the validator tables that the npm package gets.

use cloudconnexa_codegen::{javascript, read, typescript};
use insta::assert_snapshot;

const SCHEMA: &str = include_str!("../../../schema/log-event.schema.json");

/// Returns the declaration that starts with `start`, with its comment.
fn declaration(schema: &str, start: &str) -> String {
    let text = typescript::render(&read(schema).expect("the lint accepts it")).expect("no names collide");
    let found = text.split("\n\n").find(|part| part.lines().any(|line| line.starts_with(start)));
    found.unwrap_or_else(|| panic!("nothing starts with {start}")).to_owned()
}

#[test]
fn a_comment_is_not_ended_by_a_description() {
    let schema = SCHEMA.replace("Why the session ended.", "Why */ it ended, *briefly*.");
    assert_ne!(schema, SCHEMA);
    let log = declaration(&schema, "export interface ClientDisconnectedLog");
    assert!(log.contains("Why *\\/ it ended, *briefly*."), "{log}");
}

#[test]
fn fields_are_optional_nullable_deprecated_and_quoted() {
    let log = declaration(SCHEMA, "export interface LogStreamStartedLog");
    assert_snapshot!(log, @r#"
    /** What log-stream-started reports: where the stream writes to. */
    export interface LogStreamStartedLog extends Fields {
      /**
       * Name of the S3 bucket that the stream writes to.
       *
       * @example `"example-logs"`
       */
      "aws-s3-bucket": string;
      /**
       * AWS region of that bucket.
       *
       * @example `"eu-central-1"`
       */
      "aws-region": string;
    }
    "#);
    let header = declaration(SCHEMA, "export interface Header");
    assert!(
        header.contains("   * @deprecated Read `initiatorPublicIp` first.\n   */\n  publicIp?: IpAddress;\n")
    );
    assert!(header.contains("  cloudId: string;\n"));
    let log = declaration(SCHEMA, "export interface ClientDisconnectedLog");
    assert!(log.contains("  sessionDisconnectReasonDescription: string | null;\n"));
}

#[test]
fn a_field_that_is_known_but_not_described_may_hold_anything() {
    let schema = SCHEMA.replacen(
        "\"title\": \"Log stream paused: log\",",
        "\"title\": \"Log stream paused: log\", \"x-unmodelled\": { \"paused by\": { \"types\": [\"string\", \"object\"], \
         \"description\": \"Who paused it.\" } },",
        1,
    );
    let log = declaration(&schema, "export interface LogStreamPausedLog");
    assert!(log.contains("  /** Who paused it. */\n  \"paused by\"?: unknown;\n"), "{log}");
}

#[test]
fn a_kind_of_value_becomes_a_type() {
    assert_snapshot!(declaration(SCHEMA, "export type ByteCount"), @r"
    /**
     * A number of bytes, which exceeds 2^32 in long sessions. The upper bound is that of a signed 64-bit integer.
     *
     * An integer from `0` to `9_223_372_036_854_775_807`, inclusive. A JavaScript number is exact up to
     * `Number.MAX_SAFE_INTEGER`, 2^53 - 1: a greater one has lost its last digits when the event is parsed.
     */
    export type ByteCount = number;
    ");
    assert_snapshot!(declaration(SCHEMA, "export type LogVersion"), @r"
    /**
     * Version of the vendor's event definitions. This schema describes version 1; other versions are valid and
     * reported. The upper bound is that of an unsigned 32-bit integer.
     *
     * An integer from `1` to `4_294_967_295`, inclusive. Known so far: `1`.
     */
    export type LogVersion = number;
    ");
    assert_snapshot!(declaration(SCHEMA, "export type Service"), @r#"
    /** The service that wrote the event. Documented as a fixed value. */
    export type Service = "CloudConnexa";
    "#);
    assert_snapshot!(declaration(SCHEMA, "export type TransportProtocol"), @r#"
    /**
     * A transport protocol, by name.
     *
     * - `UDP`: User Datagram Protocol.
     * - `TCP`: Transmission Control Protocol. *Inferred.*
     */
    export type TransportProtocol =
      | "UDP"
      | "TCP"
      | (string & {});
    "#);
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let schema =
        SCHEMA.replace("#/$defs/Port\"", "#/$defs/Finding\"").replace("\"Port\": {", "\"Finding\": {");
    let error = typescript::render(&read(&schema).expect("the lint accepts it")).unwrap_err();
    assert_snapshot!(error, @"schema/log-event.schema.json#/$defs/Finding: becomes the TypeScript type `Finding`, which is taken by a type of the npm package");
    let schema = SCHEMA
        .replace("#/$defs/Port\"", "#/$defs/TestMessageEvent\"")
        .replace("\"Port\": {", "\"TestMessageEvent\": {");
    let error = typescript::render(&read(&schema).expect("the lint accepts it")).unwrap_err();
    assert_snapshot!(error, @"schema/log-event.schema.json#/allOf/3: becomes the TypeScript type `TestMessageEvent`, which is taken by `/$defs/TestMessageEvent`");
}

#[test]
fn bounds_are_exact_in_the_tables() {
    let tables = javascript::render(&read(SCHEMA).expect("the lint accepts it"));
    let line = tables.lines().find(|line| line.starts_with("const ByteCount"));
    assert_snapshot!(line.unwrap_or_default(), @r#"const ByteCount = { type: "integer", minimum: 0n, maximum: 9_223_372_036_854_775_807n };"#);
}
