// Types, and a validator without dependencies, for the log events of OpenVPN CloudConnexa.

export { isKnownEvent, isLogEvent } from "./guard.js";
export { isBlank, readLines } from "./lines.js";
export { validate } from "./validate.js";
