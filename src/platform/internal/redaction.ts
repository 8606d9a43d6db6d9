// What must never reach a log: decided by the name of a field, and by the look of a text.
import { types } from 'node:util';

const MASK = '[redacted]';
const DEEPEST = 6;

/** Parts of names, compared without case, `-` and `_`. */
const SECRET_NAME =
  /password|passphrase|secret|token|cookie|authorization|email|apikey|privatekey|serverkey|accesskey|sealed|credential|databaseurl|smtpurl/;

/** Whole names: addresses of people, and what people wrote. */
const PERSONAL_NAMES = new Set([
  'ip',
  'ips',
  'clientip',
  'remoteaddress',
  'remoteip',
  'xforwardedfor',
  'forwarded',
  'useragent',
  'caption',
  'content',
  'text',
  'bio',
  'alttext',
  'searchtext',
  'variables',
  'ciphertext',
  'birthdate',
]);

function isHidden(name: string, value: unknown): boolean {
  if (typeof value === 'boolean' || value === null || value === undefined) return false;
  const plain = name.toLowerCase().replaceAll(/[-_]/g, '');
  if (PERSONAL_NAMES.has(plain)) return true;
  return SECRET_NAME.test(plain) && !/ids?$/.test(plain);
}

/** Keeps what finds the fault; leaves out `detail`, `where`, `parameters` and the like, which quote data. */
function redactError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack,
    ...(types.isNativeError(error.cause) && depth < DEEPEST
      ? { cause: redactError(error.cause, depth + 1) }
      : {}),
  };
}

function redactValue(value: unknown, depth: number): unknown {
  if (types.isNativeError(value)) return redactError(value, depth);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (types.isDate(value) || value instanceof URL) return value.toJSON();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= DEEPEST) return '[deeper]';
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  return redactFields(value, depth + 1);
}

function redactFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      isHidden(name, value) ? MASK : redactValue(value, depth),
    ]),
  );
}

/** A copy of the fields of one line in which secret and personal values are masked, at most six levels deep. */
export function redact(fields: object): Record<string, unknown> {
  return redactFields(fields, 0);
}

const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi;
const URL_PASSWORD = /\b([a-z][a-z0-9+]*:\/\/)[^\s/@:"']*:[^\s/@"']+@/gi;

/** The part before @ may not follow an @, so that handles such as @ada@a.example stay readable. */
const EMAIL = /(?<![@\w.+%-])[\w.+%-]+@[\w-]+(\.[\w-]+)*\.[a-z]{2,}\b/gi;

/** Session and personal access tokens, by their prefix. */
const OWN_TOKEN = /\btr[a-z]_[\w-]{20,}/g;

/** Masks e-mail addresses, tokens, authorization headers and passwords in URLs wherever they stand in a text. */
export function scrubText(text: string): string {
  return text
    .replaceAll(URL_PASSWORD, `$1${MASK}@`)
    .replaceAll(BEARER, `$1 ${MASK}`)
    .replaceAll(OWN_TOKEN, MASK)
    .replaceAll(EMAIL, MASK);
}
