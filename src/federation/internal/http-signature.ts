/**
 * Signatures on HTTP requests as the fediverse makes them (draft-cavage-http-signatures-12 with RSA-SHA256), made and
 * checked with plain node:crypto: one check costs some 60 µs.
 */
import { hash, sign, timingSafeEqual, verify, type KeyObject } from 'node:crypto';

/** Headers by lower-case name. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request as far as signatures see it. */
export interface SignedRequest {
  readonly method: string;
  /** Path with query, as sent. */
  readonly target: string;
  /** Lower-case names. */
  readonly headers: RequestHeaders;
  /** Bytes of the body; null for a GET. */
  readonly body: Uint8Array | null;
}

/** What a signature says of itself. */
export interface ClaimedSignature {
  /** MESSAGE = RFC 9421, DRAFT = what this file reads. */
  readonly form: 'DRAFT' | 'MESSAGE';
  readonly keyId: string;
  readonly signature: Buffer;
  /** What the signature covers. Of a draft also with the query left out of the target: some servers sign it so. */
  readonly bases: readonly string[];
  /** What makes the request one that is made once; null = nothing. */
  readonly nonce: string | null;
}

/** A request that we make. */
export interface RequestToSign {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly body: Uint8Array | null;
  /** Further headers that the signature covers, by lower-case name. */
  readonly more?: Readonly<Record<string, string>>;
  /** `digestOf` the body, where the same goes to many. */
  readonly digest?: string;
}

/** In whose name it is signed. */
export interface SigningIdentity {
  readonly keyId: string;
  readonly key: KeyObject;
}

/** The request is not signed well enough to be looked at; the message may be told. */
export class BadSignature extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadSignature';
  }
}

/** How far clocks may be apart. */
const WINDOW_MS = 60 * 60 * 1000;
const PARAMETER = /([a-zA-Z]+)=(?:"([^"]*)"|(\d+))(?:,\s*|$)/gy;
const ALGORITHMS = new Set(['rsa-sha256', 'hs2019']);

/** Whether somebody claims to have signed a request. */
export function isSigned({ headers }: SignedRequest): boolean {
  return headers['signature'] !== undefined || headers['signature-input'] !== undefined;
}

/** `Digest` of a body. @source RFC 3230 */
export function digestOf(body: Uint8Array): string {
  return `SHA-256=${hash('sha256', body, 'base64')}`;
}

/**
 * Reads the signature and checks everything but the key: what it covers, the clock, the digest, the host.
 *
 * @param host the only name under which this server is reached
 * @throws {BadSignature}
 */
export function readSignature(request: SignedRequest, host: string, now: Date): ClaimedSignature {
  const { headers } = request;
  const parameters = readParameters(oneHeader(headers, 'signature'));
  const covered = (parameters.get('headers') ?? 'date').toLowerCase().split(' ').filter(Boolean);
  const needed = ['(request-target)', 'host', ...(request.body ? ['digest'] : [])];
  const missing = needed.find((name) => !covered.includes(name));
  if (missing) throw new BadSignature(`The signature does not cover ${missing}.`);
  if (!ALGORITHMS.has(parameters.get('algorithm') ?? 'hs2019'))
    throw new BadSignature('The algorithm is not rsa-sha256.');
  if (oneHeader(headers, 'host').toLowerCase() !== host)
    throw new BadSignature('The request was made for another host.');
  requireTime(parameters, covered, headers, now);
  if (request.body) requireDigest(oneHeader(headers, 'digest'), request.body);
  const [path = '', query] = request.target.split('?');
  const targets = query === undefined ? [request.target] : [request.target, path];
  return {
    form: 'DRAFT',
    keyId: required(parameters, 'keyId'),
    signature: Buffer.from(required(parameters, 'signature'), 'base64'),
    bases: targets.map((target) => baseOf(covered, request.method, target, headers, parameters)),
    nonce: null,
  };
}

/** Whether a key made the signature. Weak, huge and foreign keys made nothing. */
export function isMadeBy(claimed: ClaimedSignature, key: KeyObject): boolean {
  if (!isAcceptable(key)) return false;
  return claimed.bases.some((base) => verify('sha256', Buffer.from(base), key, claimed.signature));
}

/** RSA of 2,048 to 8,192 bits: below is forged, above is a way to keep us busy. */
export function isAcceptable(key: KeyObject): boolean {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return key.asymmetricKeyType === 'rsa' && bits >= 2048 && bits <= 8192;
}

/** Headers of a signed request. */
export function signedHeaders(
  { method, url, body, more = {}, digest }: RequestToSign,
  { keyId, key }: SigningIdentity,
  now: Date,
): Record<string, string> {
  const headers: Record<string, string> = { host: url.host, date: now.toUTCString() };
  if (body) headers['digest'] = digest ?? digestOf(body);
  Object.assign(headers, more);
  const covered = ['(request-target)', ...Object.keys(headers)];
  const base = baseOf(covered, method, url.pathname + url.search, headers, new Map());
  const signature = sign('sha256', Buffer.from(base), key).toString('base64');
  headers['signature'] =
    `keyId="${keyId}",algorithm="rsa-sha256",headers="${covered.join(' ')}",signature="${signature}"`;
  return headers;
}

function readParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  let end = 0;
  for (const match of text.matchAll(PARAMETER)) {
    const [whole, name = '', quoted, number] = match;
    if (parameters.has(name)) throw new BadSignature(`The signature names ${name} twice.`);
    parameters.set(name, quoted ?? number ?? '');
    end = match.index + whole.length;
  }
  if (end !== text.length) throw new BadSignature('The Signature header is malformed.');
  return parameters;
}

function required(parameters: ReadonlyMap<string, string>, name: string): string {
  const value = parameters.get(name);
  if (!value) throw new BadSignature(`The signature has no ${name}.`);
  return value;
}

/** A header that has to be there once. */
export function oneHeader(headers: RequestHeaders, name: string): string {
  const value = headers[name];
  if (typeof value !== 'string' || value === '') throw new BadSignature(`No ${name} header.`);
  return value;
}

function requireTime(
  parameters: ReadonlyMap<string, string>,
  covered: readonly string[],
  headers: RequestHeaders,
  now: Date,
): void {
  const usesCreated = covered.includes('(created)');
  if (!usesCreated && !covered.includes('date'))
    throw new BadSignature('The signature does not cover its date.');
  const at = usesCreated
    ? Number(required(parameters, 'created')) * 1000
    : Date.parse(oneHeader(headers, 'date'));
  requireHour(at, Number(parameters.get('expires') ?? Infinity) * 1000, now);
}

/**
 * Requires that a signature was made within an hour of now, and did not expire; instants in milliseconds.
 *
 * @throws {BadSignature}
 */
export function requireHour(created: number, expires: number, now: Date): void {
  if (!(Math.abs(now.getTime() - created) <= WINDOW_MS) || !(expires >= now.getTime()))
    throw new BadSignature('The signature is not of this hour.');
}

/** Of several digests each one that we know must be right, and one must be SHA-256. */
function requireDigest(header: string, body: Uint8Array): void {
  const expected = Buffer.from(digestOf(body).slice('SHA-256='.length));
  const given = header
    .split(',')
    .map((part) => part.trim())
    .filter((part) => /^sha-256=/i.test(part))
    .map((part) => Buffer.from(part.slice('sha-256='.length)));
  const isRight = (digest: Buffer): boolean =>
    digest.length === expected.length && timingSafeEqual(digest, expected);
  if (given.length === 0 || !given.every(isRight))
    throw new BadSignature('The digest is not that of the body.');
}

function baseOf(
  covered: readonly string[],
  method: string,
  target: string,
  headers: RequestHeaders,
  parameters: ReadonlyMap<string, string>,
): string {
  return covered
    .map((name) => {
      if (name === '(request-target)') return `${name}: ${method.toLowerCase()} ${target}`;
      if (name === '(created)' || name === '(expires)')
        return `${name}: ${required(parameters, name.slice(1, -1))}`;
      const value = headers[name];
      if (value === undefined) throw new BadSignature(`No ${name} header.`);
      return `${name}: ${typeof value === 'string' ? value : value.join(', ')}`;
    })
    .join('\n');
}
