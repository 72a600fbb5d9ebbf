// What compiles, and what does not: each line after `@ts-expect-error` is wrong, and nothing else is.

import {
  type ClientDisconnectedEvent,
  type EventName,
  type Finding,
  type Header,
  isKnownEvent,
  isLogEvent,
  type KnownEvent,
  type LogEvent,
  readLines,
  type UnknownEvent,
  type UnknownEventName,
  validate,
} from "cloudconnexa-events";

/** Whether two types are the same, rather than assignable to each other. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function assertType<_ extends true>(): void {}

declare const event: LogEvent;

// ---- A comparison with `eventName` leaves one event.

if (event.eventName === "client-disconnected") {
  assertType<Same<typeof event, ClientDisconnectedEvent>>();
  assertType<Same<typeof event.log.sessionBytesIn, number>>();
  const reason: string = event.log.sessionDisconnectReason;
  const description: string | null = event.log.sessionDisconnectReasonDescription;
  // @ts-expect-error it may be null
  const text: string = event.log.sessionDisconnectReasonDescription;
  // @ts-expect-error a number is not a string
  const bytes: string = event.log.sessionBytesIn;
  // @ts-expect-error the field is of another event, so nothing is known about its value
  const domain: string = event.log.domain;
  void [reason, description, text, bytes, domain];
} else if (event.eventName === "flow-established") {
  assertType<Same<typeof event.log.allowed, boolean>>();
  assertType<Same<typeof event.log.destinationPort, number | undefined>>();
  // @ts-expect-error an optional field may be missing
  const port: number = event.log.destinationPort;
  void port;
} else if (event.eventName === "test-message") {
  assertType<Same<typeof event.log, import("cloudconnexa-events").Fields | undefined>>();
  // @ts-expect-error there is no `log`, usually
  void event.log.anything;
}

// @ts-expect-error before the comparison, `log` may be missing
void event.log.sessionBytesIn;

// ---- All events can be told apart, and some remain.

function describe(some: LogEvent): string {
  switch (some.eventName) {
    case "log-stream-started":
    case "log-stream-paused":
      return some.log["aws-s3-bucket"];
    case "test-message":
      return "test";
    case "client-connected":
    case "client-disconnected":
      return some.log.clientSessionId;
    case "domain-blocked":
      return some.log.domain;
    case "flow-established":
      return some.log.sourceIp;
    case "traffic-blocked":
      return some.log.signatureId;
    default:
      assertType<Same<typeof some, UnknownEvent>>();
      return some.eventName;
  }
}
void describe;

function isStart(some: KnownEvent): boolean {
  switch (some.eventName) {
    case "log-stream-started":
    case "client-connected":
      return true;
    case "log-stream-paused":
    case "test-message":
    case "client-disconnected":
    case "domain-blocked":
    case "flow-established":
    case "traffic-blocked":
      return false;
    default:
      // Nothing remains of the events that the schema describes.
      assertType<Same<typeof some, never>>();
      return some;
  }
}
void isStart;

// @ts-expect-error not the name of an event that the schema describes
const misspelt: KnownEvent["eventName"] = "client-disconected";
void misspelt;

if (!isKnownEvent(event)) {
  assertType<Same<typeof event, UnknownEvent>>();
  const text: string = event.eventName;
  void (text === "user-created" || event.eventName.startsWith("user-"));
}

// @ts-expect-error neither the name of a known event, nor comparable with an unknown one
void (event.eventName === "client-disconected");

// ---- Events can be written down.

const header = {
  CloudConnexaLogVersion: 1,
  timestamp: "2023-12-20T10:45:14.000000Z",
  cloudId: "example-corp",
  service: "CloudConnexa",
  traceId: "693bbbde-626d-4940-ac2b-4e75efb49bf7",
  initiator: "user@example.com",
  initiatorType: "User",
  category: "Activity.Admin",
} satisfies Header;

const message: LogEvent = { ...header, eventName: "test-message" };
const withMore: LogEvent = { ...header, eventName: "test-message", newField: [1], log: { any: "thing" } };
const created: LogEvent = { ...header, eventName: "user-created" as UnknownEventName, log: { any: ["thing"] } };
const blocked: LogEvent = {
  ...header,
  eventName: "domain-blocked",
  log: { domain: "malware.example.com", category: "Malware", queryType: "HTTPS", protocol: "UDP", riskScore: 17 },
};
void [message, withMore, created, blocked];

// @ts-expect-error a name that is not known needs to be marked
const unmarked: LogEvent = { ...header, eventName: "user-created" };
// @ts-expect-error the `log` is missing
const logless: LogEvent = { ...header, eventName: "domain-blocked" };
// @ts-expect-error two fields of the `log` are missing
const incomplete: LogEvent = { ...header, eventName: "domain-blocked", log: { domain: "", category: "" } };
// @ts-expect-error the service is always CloudConnexa
const foreign: Header = { ...header, service: "Cloud Connexa" };
// @ts-expect-error a deprecated field still has its type
const typed: Header = { ...header, publicIp: 7 };
// @ts-expect-error null is not an address
const nulled: Header = { ...header, initiatorPublicIp: null };
// @ts-expect-error a time is a string
const dated: Header = { ...header, timestamp: new Date() };
// @ts-expect-error a required field is missing
const anonymous: Header = (({ initiator: _, ...rest }) => rest)(header);
void [unmarked, logless, incomplete, foreign, typed, nulled, dated, anonymous];

// ---- Lists that the vendor may extend take any string, and only strings.

const os: Pick<ClientDisconnectedEvent["log"], "clientOsType">[] = [
  { clientOsType: "macOS" },
  { clientOsType: "Plan 9" },
  // @ts-expect-error not a string
  { clientOsType: 9 },
];
const name: EventName = "user-created";
void [os, name];

// ---- Unknown fields can be read, as unknown values.

const score = event.riskScore;
assertType<Same<typeof score, unknown>>();
// @ts-expect-error an unknown value has to be looked at first
score.toFixed();

// ---- The functions.

const result = validate(new Uint8Array());
if (result.valid) {
  assertType<Same<typeof result.event, LogEvent>>();
  // @ts-expect-error a valid record has no errors
  void result.errors;
} else {
  // There is at least one.
  assertType<Same<(typeof result.errors)[0], Finding>>();
  const { line, column, pointer, help }: Finding = result.errors[0];
  void [line, column, pointer, help];
  switch (result.errors[0].code) {
    case "missing-field":
      break;
    // @ts-expect-error not a code
    case "missing-filed":
      break;
  }
  // @ts-expect-error an invalid record has no event
  void result.event;
}
// @ts-expect-error a parsed value is not a record
validate({});

const value: unknown = JSON.parse("{}");
// @ts-expect-error nothing is known of a value before it is checked
const unchecked: LogEvent = value;
void unchecked;
if (isLogEvent(value)) {
  assertType<Same<typeof value, LogEvent>>();
}

async function read(stream: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const line of readLines(stream)) {
    assertType<Same<typeof line, Uint8Array>>();
    validate(line);
  }
}
void read;
// @ts-expect-error strings are decoded already
void readLines(["text"]);
