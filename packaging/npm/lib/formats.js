// Checks the formats that strings of an event have.

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A number from 0 to 255 without leading zeros. */
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const IPV6_GROUPS = /^[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*$/i;
/** The length of the longest address: six groups and an IPv4 address. */
const LONGEST_IPV6 = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".length;

/** Returns whether a string has a format. */
export function hasFormat(format, text) {
  switch (format) {
    case "date-time":
      return isDateTime(text);
    case "uuid":
      return UUID.test(text);
    case "ipv4":
      return IPV4.test(text);
    case "ipv6":
      return isIpv6(text);
    default:
      throw new Error(`there is no check for the format \`${format}\`: write one in formats.js`);
  }
}

/** A date-time by RFC 3339: with an offset, and with leap seconds at the end of a day in UTC only. */
function isDateTime(text) {
  const match = DATE_TIME.exec(text);
  if (match === null) {
    return false;
  }
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const [hours, minutes] = match.slice(8).map((digits) => Number(digits ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) {
    return false;
  }
  if (hour > 23 || minute > 59 || second > 60 || hours > 23 || minutes > 59) {
    return false;
  }
  const offset = (match[7] === "-" ? -1 : 1) * (60 * hours + minutes);
  const minuteInUtc = (60 * hour + minute - offset + 2 * 1440) % 1440;
  return second < 60 || minuteInUtc === 1439;
}

function daysIn(year, month) {
  if (month === 2) {
    return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  }
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** An IPv6 address by RFC 4291, without a zone. */
function isIpv6(text) {
  // Engines track back without limit in a text of many groups.
  if (text.length > LONGEST_IPV6) {
    return false;
  }
  let groups = text;
  const last = text.lastIndexOf(":") + 1;
  if (text.includes(".")) {
    // The last 32 bits may be written as an IPv4 address, which is as long as two groups.
    if (last === 0 || !IPV4.test(text.slice(last))) {
      return false;
    }
    groups = `${text.slice(0, last)}0:0`;
  }
  const parts = groups.split("::");
  if (parts.length > 2 || !parts.every((part) => IPV6_GROUPS.test(part) || (part === "" && parts.length === 2))) {
    return false;
  }
  const count = parts.join(":").split(":").filter((group) => group !== "").length;
  return parts.length === 2 ? count < 8 : count === 8;
}
