/**
 * HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530), made and checked with plain node:crypto. Of what
 * the standard allows only that is read of which the meaning is beyond doubt: one signature, in its canonical form, by
 * an RSA key, over at least the method, the whole address and the body.
 */
import { createHash, sign, timingSafeEqual } from 'node:crypto';
import {
  BadSignature,
  oneHeader,
  requireHour,
  type ClaimedSignature,
  type RequestToSign,
  type SignedRequest,
  type SigningIdentity,
} from './http-signature.js';

/** What a request has to cover, as `Accept-Signature` says it. */
export const ACCEPT_SIGNATURE = 'sig1=("@method" "@target-uri" "content-digest");created;keyid';

const ALGORITHM = 'rsa-v1_5-sha256';
const MALFORMED = 'The signature is malformed, or there are several.';
const MOST_COMPONENTS = 20;
const MOST_CHARACTERS = 4_096;
const KEY = '[a-z*][a-z0-9_.*-]*';
const VALUE = String.raw`"(?:[^"\\]|\\["\\])*"|-?\d{1,15}`;
const INPUT = new RegExp(
  String.raw`^(${KEY})=(\(((?:"[a-z0-9@-]+"(?: (?!\))|(?=\))))*)\)((?:;${KEY}(?:=(?:${VALUE}))?)*))$`,
);
const PARAMETER = new RegExp(String.raw`;(${KEY})(?:=(?:"((?:[^"\\]|\\["\\])*)"|(-?\d+)))?`, 'g');
const SIGNATURE = new RegExp(String.raw`^(${KEY})=:([A-Za-z0-9+/]+={0,2}):$`);
const DIGEST = /^([a-z0-9-]+)=:([A-Za-z0-9+/]+={0,2}):$/;
const HASHES: Readonly<Record<string, string>> = { 'sha-256': 'sha256', 'sha-512': 'sha512' };

type Parameters = ReadonlyMap<string, string | number>;

/** Whether a request is signed in this form. It is then read in no other. */
export function hasMessageSignature({ headers }: SignedRequest): boolean {
  return headers['signature-input'] !== undefined;
}

/**
 * Reads the signature and checks everything but the key.
 *
 * @param publicUrl the only address under which this server is reached
 * @throws {BadSignature}
 */
export function readMessageSignature(
  request: SignedRequest,
  publicUrl: URL,
  now: Date,
): ClaimedSignature {
  const { headers } = request;
  const [, label, parameterText = '', components = '', written = ''] = match(
    INPUT,
    oneHeader(headers, 'signature-input'),
    MALFORMED,
  );
  const [, sameLabel, signature = ''] = match(
    SIGNATURE,
    oneHeader(headers, 'signature'),
    MALFORMED,
  );
  if (label !== sameLabel) throw new BadSignature('The two signature headers have two labels.');
  const covered = components === '' ? [] : components.split(' ').map((name) => name.slice(1, -1));
  requireCoverage(covered, request.body !== null);
  const parameters = readParameters(written);
  if ((parameters.get('alg') ?? ALGORITHM) !== ALGORITHM)
    throw new BadSignature(`The algorithm is not ${ALGORITHM}.`);
  if (oneHeader(headers, 'host').toLowerCase() !== publicUrl.host)
    throw new BadSignature('The request was made for another host.');
  requireTime(parameters, now);
  if (request.body) requireContentDigest(oneHeader(headers, 'content-digest'), request.body);
  const nonce = parameters.get('nonce');
  return {
    form: 'MESSAGE',
    keyId: text(parameters, 'keyid'),
    signature: Buffer.from(signature, 'base64'),
    bases: [baseOf(covered, request, publicUrl.origin, parameterText)],
    nonce: nonce === undefined ? null : String(nonce),
  };
}

/** Headers of a request that is signed in this form. */
export function messageSignatureHeaders(
  { method, url, body, more = {} }: RequestToSign,
  { keyId, key }: SigningIdentity,
  now: Date,
): Record<string, string> {
  const headers: Record<string, string> = { host: url.host, date: now.toUTCString() };
  if (body) headers['content-digest'] = `sha-256=:${hashOf('sha256', body).toString('base64')}:`;
  Object.assign(headers, more);
  const covered = [
    '@method',
    '@target-uri',
    ...(body ? ['content-digest'] : []),
    ...Object.keys(more),
  ];
  const created = Math.floor(now.getTime() / 1000);
  const parameters = `(${covered.map((name) => `"${name}"`).join(' ')});created=${created};keyid="${keyId}";alg="${ALGORITHM}"`;
  const request = { method, target: url.pathname + url.search, headers, body };
  const base = Buffer.from(baseOf(covered, request, url.origin, parameters));
  headers['signature-input'] = `sig1=${parameters}`;
  headers['signature'] = `sig1=:${sign('sha256', base, key).toString('base64')}:`;
  return headers;
}

function match(pattern: RegExp, header: string, refusal: string): RegExpExecArray {
  const found = header.length > MOST_CHARACTERS ? null : pattern.exec(header);
  if (!found) throw new BadSignature(refusal);
  return found;
}

/** The whole request, or parts that make up the whole: what is left out could be exchanged. */
function requireCoverage(covered: readonly string[], hasBody: boolean): void {
  const has = (...names: readonly string[]): boolean => names.every((one) => covered.includes(one));
  if (covered.length > MOST_COMPONENTS || new Set(covered).size !== covered.length)
    throw new BadSignature('The signature covers something twice, or too much.');
  const isAddressed =
    has('@target-uri') ||
    has('@authority', '@request-target') ||
    has('@authority', '@path', '@query');
  if (!has('@method') || !isAddressed)
    throw new BadSignature('The signature does not cover @method and @target-uri.');
  if (hasBody && !has('content-digest'))
    throw new BadSignature('The signature does not cover content-digest.');
}

function readParameters(written: string): Parameters {
  const parameters = new Map<string, string | number>();
  for (const [, name = '', quoted, number] of written.matchAll(PARAMETER)) {
    if (parameters.has(name)) throw new BadSignature(`The signature names ${name} twice.`);
    const value = quoted?.replace(/\\(["\\])/g, '$1');
    parameters.set(name, value ?? Number(number ?? 1));
  }
  return parameters;
}

function text(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (typeof value !== 'string' || value === '')
    throw new BadSignature(`The signature has no ${name}.`);
  return value;
}

function requireTime(parameters: Parameters, now: Date): void {
  const [created, expires = Infinity] = [parameters.get('created'), parameters.get('expires')];
  if (typeof created !== 'number' || typeof expires !== 'number')
    throw new BadSignature('The signature does not say when it was created.');
  requireHour(created * 1000, expires * 1000, now);
}

/** Each digest that we know must be right, and there must be one. */
function requireContentDigest(header: string, body: Uint8Array): void {
  let known = 0;
  for (const part of header.split(',')) {
    const [, name = '', digest = ''] = match(DIGEST, part.trim(), 'The digest is malformed.');
    const hash = HASHES[name];
    if (hash === undefined) continue;
    const [given, expected] = [Buffer.from(digest, 'base64'), hashOf(hash, body)];
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new BadSignature('The digest is not that of the body.');
    known += 1;
  }
  if (known === 0) throw new BadSignature('The digest is not one of sha-256 or sha-512.');
}

function hashOf(name: string, body: Uint8Array): Buffer {
  return createHash(name).update(body).digest();
}

function baseOf(
  covered: readonly string[],
  request: SignedRequest,
  origin: string,
  parameters: string,
): string {
  const lines = covered.map((name) => `"${name}": ${valueOf(name, request, origin)}`);
  return [...lines, `"@signature-params": ${parameters}`].join('\n');
}

function valueOf(name: string, { method, target, headers }: SignedRequest, origin: string): string {
  if (!name.startsWith('@')) return oneHeader(headers, name);
  const mark = target.indexOf('?');
  switch (name) {
    case '@method':
      return method;
    case '@target-uri':
      return origin + target;
    case '@authority':
      return new URL(origin).host;
    case '@scheme':
      return new URL(origin).protocol.slice(0, -1);
    case '@request-target':
      return target;
    case '@path':
      return mark < 0 ? target : target.slice(0, mark);
    case '@query':
      return mark < 0 ? '?' : target.slice(mark);
    default:
      throw new BadSignature(`The signature covers ${name}, which is not understood.`);
  }
}
