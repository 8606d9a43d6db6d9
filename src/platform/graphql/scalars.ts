// The custom scalars of the API. Each one refuses, with a sentence, whatever it cannot pass on unchanged in meaning;
// nothing is coerced silently. Text that PostgreSQL cannot store (NUL, lone surrogates) stops here.

import { domainToASCII } from 'node:url';

import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import type { ValueNode } from 'graphql';

import { isStorable } from '../storable-text.js';

interface ScalarRule<Internal> {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL?: string;
  /** Value from a client. @throws {GraphQLError} BAD_USER_INPUT with what is wrong */
  readonly parse: (value: unknown) => Internal;
  /** Value to a client. @throws {GraphQLError} when our own value is not one of this scalar */
  readonly serialize: (value: unknown) => string;
}

const MAX_URL_LENGTH = 2048;
const MAX_HANDLE_LENGTH = 320;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const WEB_SCHEMES: ReadonlySet<string> = new Set(['https:', 'http:']);

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
// RFC 3986 characters only, as acct: (RFC 7565) and payto: have them; at: and ap: name authorities such as did:plc:… that a WHATWG parser refuses.
const OTHER_URL = /^(?:acct|ap|at|payto):(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[\dA-Fa-f]{2})+$/;
const ACCOUNT_URI = /^acct:/i;
const CALENDAR_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const USERNAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?$/;
const DOMAIN =
  /^(?=.{1,253}(?::|$))(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?::\d{1,5})?$/;
const HOST = /^[\p{L}\p{M}\p{N}.-]+$/u;
const INTEGER = /^(?:0|-?[1-9]\d*)$/;

/** Instant. Inside: `Date`, milliseconds. */
export const DateTimeScalar = scalar<Date>({
  name: 'DateTime',
  description:
    'RFC 3339 instant in UTC with milliseconds, for example 2026-03-01T12:00:00.000Z. Input may carry another offset.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time',
  parse: toInstant,
  serialize: (value) => toInstant(value).toISOString(),
});

/** Day without time. Inside: string YYYY-MM-DD. */
export const DateScalar = scalar<string>({
  name: 'Date',
  description: 'Calendar date, YYYY-MM-DD.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/local-date',
  parse: toDate,
  serialize: toDate,
});

/** Absolute URL. Inside: the string as it was given, because ActivityPub compares identifiers letter by letter. */
export const UrlScalar = scalar<string>({
  name: 'URL',
  description: `Absolute URL of at most ${MAX_URL_LENGTH} characters: https or http, or acct, ap, at, payto where a field says so. Without user name and password.`,
  specifiedByURL: 'https://url.spec.whatwg.org/',
  parse: toUrl,
  serialize: (value) => (value instanceof URL ? value.href : toText(value, 'URL')),
});

/** Language. Inside: canonical BCP 47 string. */
export const LanguageTagScalar = scalar<string>({
  name: 'LanguageTag',
  description: 'BCP 47 language tag in canonical form, for example pt-BR.',
  specifiedByURL: 'https://www.rfc-editor.org/info/bcp47',
  parse: toLanguageTag,
  serialize: toLanguageTag,
});

/** Handle. Inside: username as given, domain in lower-case ASCII. */
export const HandleScalar = scalar<string>({
  name: 'Handle',
  description:
    'Fediverse handle without leading @: `alice` (local) or `alice@example.org`. Input may carry the @, or be an `acct:` URI.',
  parse: toHandle,
  serialize: (value) => toText(value, 'Handle'),
});

/** Markup for people. Output only. */
export const HtmlScalar = scalar<never>({
  name: 'HTML',
  description: 'Sanitised HTML, safe to render as it is. Output only: send Markdown or plain text.',
  specifiedByURL: 'https://html.spec.whatwg.org/',
  parse: () => refuse('HTML is output only; send the Markdown source instead.'),
  serialize: (value) => toText(value, 'HTML'),
});

/** Source text. Inside: string with LF line ends. */
export const MarkdownScalar = scalar<string>({
  name: 'Markdown',
  description: 'CommonMark source text. Line ends become LF.',
  specifiedByURL: 'https://spec.commonmark.org/',
  parse: (value) => toText(value, 'Markdown').replaceAll(/\r\n?/g, '\n'),
  serialize: (value) => toText(value, 'Markdown'),
});

/** Opaque bytes. Inside: `Buffer`. */
export const Base64BytesScalar = scalar<Buffer>({
  name: 'Base64Bytes',
  description:
    'Opaque bytes in standard base64 with padding (RFC 4648 section 4). The server never interprets chat payloads.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc4648#section-4',
  parse: toBytes,
  serialize: (value) =>
    value instanceof Uint8Array
      ? asBuffer(value).toString('base64')
      : refuse('Base64Bytes is made of bytes.'),
});

/** 64-bit integer. Inside: `bigint`. */
export const BigIntScalar = scalar<bigint>({
  name: 'BigInt',
  description:
    'Signed 64-bit integer as a decimal string (sizes, counters beyond 2^31). Input may be a whole number within 2^53.',
  parse: toInt64,
  serialize: (value) => toInt64(value).toString(),
});

/** All custom scalars, in the order of the documentation. */
export const customScalars: readonly GraphQLScalarType[] = [
  DateTimeScalar,
  DateScalar,
  UrlScalar,
  LanguageTagScalar,
  HandleScalar,
  HtmlScalar,
  MarkdownScalar,
  Base64BytesScalar,
  BigIntScalar,
];

function scalar<Internal>(rule: ScalarRule<Internal>): GraphQLScalarType<Internal, string> {
  return new GraphQLScalarType<Internal, string>({
    name: rule.name,
    description: rule.description,
    specifiedByURL: rule.specifiedByURL,
    parseValue: rule.parse,
    parseLiteral: (node) => rule.parse(literalValue(node, rule.name)),
    serialize: rule.serialize,
  });
}

function literalValue(node: ValueNode, name: string): unknown {
  if (node.kind === Kind.STRING) return node.value;
  if (node.kind === Kind.INT)
    return INTEGER.test(node.value)
      ? BigInt(node.value)
      : refuse(`${name} is not written like this.`);
  return refuse(`${name} is written as a string.`);
}

function toInstant(value: unknown): Date {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? refuse('DateTime is not a valid instant.') : value;
  }
  const parts = typeof value === 'string' ? INSTANT.exec(value) : null;
  if (parts === null)
    return refuse('DateTime is an RFC 3339 instant such as 2026-03-01T12:00:00.000Z.');
  toDate(parts[1]);
  return withinCalendar(new Date(String(value).toUpperCase()));
}

/** Days at the ends of the calendar leave it when their offset is taken off; then the year has no four digits. */
function withinCalendar(instant: Date): Date {
  const year = instant.getUTCFullYear();
  return year >= 1 && year <= 9999
    ? instant
    : refuse('DateTime lies within the years 1 to 9999 in UTC.');
}

function toDate(value: unknown): string {
  const parts = typeof value === 'string' ? CALENDAR_DATE.exec(value) : null;
  if (parts === null) return refuse('Date is written YYYY-MM-DD.');
  const [text, year, month, day] = parts;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  // PostgreSQL knows no year zero.
  const exists =
    year !== '0000' &&
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day);
  return exists ? text : refuse(`${text} is not a day of the calendar.`);
}

function toUrl(value: unknown): string {
  const text = toText(value, 'URL');
  if (text.length > MAX_URL_LENGTH) return refuse(`URL has at most ${MAX_URL_LENGTH} characters.`);
  if (/[\s\p{Cc}]/u.test(text)) return refuse('URL contains white space or control characters.');
  if (OTHER_URL.test(text)) return text;
  const url = URL.parse(text);
  if (url === null) return refuse('URL is absolute, such as https://example.org/path.');
  if (!WEB_SCHEMES.has(url.protocol))
    return refuse(`URL does not accept the scheme ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    return refuse('URL carries no user name or password.');
  return text;
}

function toLanguageTag(value: unknown): string {
  const text = toText(value, 'LanguageTag');
  const refusal = 'LanguageTag is a BCP 47 tag such as en or pt-BR.';
  if (text.length > 35) return refuse(refusal);
  try {
    return Intl.getCanonicalLocales(text)[0] ?? refuse(refusal);
  } catch (cause) {
    if (cause instanceof RangeError) return refuse(refusal);
    throw cause;
  }
}

function toHandle(value: unknown): string {
  const given = toText(value, 'Handle');
  const isUri = ACCOUNT_URI.test(given);
  const text = given.replace(ACCOUNT_URI, '').replace(/^@/, '');
  const [username = '', domain, ...rest] = text.split('@');
  const refusal = 'Handle is written alice or alice@example.org.';
  if (isUri && domain === undefined) return refuse(refusal);
  if (text.length > MAX_HANDLE_LENGTH || rest.length > 0 || !USERNAME.test(username))
    return refuse(refusal);
  if (domain === undefined) return username;
  const [host = '', port] = domain.split(':');
  if (!HOST.test(host)) return refuse(refusal);
  const ascii = domainToASCII(host) + (port === undefined ? '' : `:${port}`);
  return DOMAIN.test(ascii) ? `${username}@${ascii}` : refuse(refusal);
}

function toBytes(value: unknown): Buffer {
  if (typeof value !== 'string') return refuse('Base64Bytes is standard base64 with padding.');
  const bytes = Buffer.from(value, 'base64');
  // The decoder passes over what is no digit, and over bits that the last one hides: of each value one spelling is accepted.
  return bytes.toString('base64') === value
    ? bytes
    : refuse('Base64Bytes is standard base64 with padding.');
}

function toInt64(value: unknown): bigint {
  const refusal = 'BigInt is a signed 64-bit integer as a decimal string.';
  const isWhole =
    typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
  const isDigits = typeof value === 'string' && value.length <= 20 && INTEGER.test(value);
  if (!isWhole && !isDigits) return refuse(refusal);
  const integer = BigInt(value);
  return integer < MIN_INT64 || integer > MAX_INT64 ? refuse(refusal) : integer;
}

function toText(value: unknown, name: string): string {
  if (typeof value !== 'string') return refuse(`${name} is a string.`);
  if (!isStorable(value)) return refuse(`${name} contains characters that are not Unicode text.`);
  return value;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function refuse(message: string): never {
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}
