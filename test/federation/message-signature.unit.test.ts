// Signatures as RFC 9421 has them: what proves a key, and every way in which a part could be left out or exchanged.
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { signRequest, verifyRequest } from '@fedify/fedify/sig';
import { expect, test } from '@jest/globals';
import {
  BadSignature,
  isMadeBy,
  readSignature,
  signedHeaders,
  type SignedRequest,
} from '../../src/federation/internal/http-signature.js';
import {
  hasMessageSignature,
  messageSignatureHeaders,
  readMessageSignature,
} from '../../src/federation/internal/message-signature.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const HOME = new URL('https://a.example');
const KEY_ID = 'https://b.example/u#main-key';
const BODY = Buffer.from('{"type":"Like"}');
const DIGEST = `sha-256=:${createHash('sha256').update(BODY).digest('base64')}:`;
const rsa = (modulusLength = 2048): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('rsa', { modulusLength });
const pair = rsa();

interface Parts {
  readonly method?: 'GET' | 'POST';
  readonly url?: string;
  readonly at?: Date;
}

function signed({ method = 'POST', url = 'https://a.example/inbox?x=1', at = NOW }: Parts = {}): {
  -readonly [Key in keyof SignedRequest]: SignedRequest[Key];
} & { headers: Record<string, string> } {
  const body = method === 'POST' ? BODY : null;
  const parts = { method, url: new URL(url), body };
  const headers = messageSignatureHeaders(parts, { keyId: KEY_ID, key: pair.privateKey }, at);
  return { method, target: parts.url.pathname + parts.url.search, headers, body };
}

/** Signs exactly these lines, with these parameters: what another implementation might. */
function handmade(
  lines: readonly string[],
  parameters: string,
  { key = pair.privateKey }: { readonly key?: KeyObject } = {},
): SignedRequest {
  const names = lines.map((line) => line.slice(0, line.indexOf(': ')));
  const input = `(${names.join(' ')})${parameters}`;
  const base = [...lines, `"@signature-params": ${input}`].join('\n');
  const signature = sign('sha256', Buffer.from(base), key).toString('base64');
  return {
    method: 'POST',
    target: '/inbox?x=1',
    body: BODY,
    headers: {
      host: 'a.example',
      'content-digest': DIGEST,
      'signature-input': `sig1=${input}`,
      signature: `sig1=:${signature}:`,
    },
  };
}

const METHOD = '"@method": POST';
const TARGET = '"@target-uri": https://a.example/inbox?x=1';
const CONTENT = `"content-digest": ${DIGEST}`;
const USUAL = `;created=${SECONDS};keyid="${KEY_ID}"`;

function isProven(request: SignedRequest, key = pair.publicKey): boolean {
  return isMadeBy(readMessageSignature(request, HOME, NOW), key);
}

test('an honest signature proves the key, of a POST and of a GET', () => {
  for (const method of ['POST', 'GET'] as const) {
    expect(isProven(signed({ method }))).toBe(true);
    expect(isProven(signed({ method }), rsa().publicKey)).toBe(false);
  }
});

test('Fedify proves what we sign, and we prove what Fedify signs', async () => {
  const owner = 'https://b.example/u';
  const publicKeyPem = pair.publicKey.export({ type: 'spki', format: 'pem' });
  const document = {
    '@context': ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/v1'],
    id: owner,
    type: 'Person',
    publicKey: { id: KEY_ID, owner, publicKeyPem },
  };
  const url = 'https://a.example/inbox?x=1';
  const documentLoader = (asked: string): Promise<never> =>
    Promise.resolve({ document, documentUrl: asked, contextUrl: null } as never);
  const ours = new Request(url, { method: 'POST', headers: signed().headers, body: BODY });
  const options = { documentLoader, timeWindow: false, spec: 'rfc9421' } as const;
  expect((await verifyRequest(ours, options))?.id?.href).toBe(KEY_ID);

  const der = pair.privateKey.export({ type: 'pkcs8', format: 'der' });
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign']);
  const plain = new Request(url, { method: 'POST', body: BODY });
  const theirs = await signRequest(plain, key, new URL(KEY_ID), { spec: 'rfc9421' });
  const headers = Object.fromEntries(theirs.headers);
  const request = { method: 'POST', target: '/inbox?x=1', headers, body: BODY };
  expect(isMadeBy(readMessageSignature(request, HOME, new Date()), pair.publicKey)).toBe(true);
});

test.each([
  ['authority and request-target', ['"@authority": a.example', '"@request-target": /inbox?x=1']],
  ['authority, path and query', ['"@authority": a.example', '"@path": /inbox', '"@query": ?x=1']],
  ['more than that', [TARGET, '"host": a.example', '"@scheme": https']],
])('%s is the whole address', (_what, lines) => {
  expect(isProven(handmade([METHOD, ...lines, CONTENT], USUAL))).toBe(true);
});

test.each([
  ['its own algorithm', `${USUAL};alg="rsa-v1_5-sha256"`],
  ['an end', `${USUAL};expires=${SECONDS + 60}`],
  ['other parameters', `;tag="x\\"y";keyid="${KEY_ID}";created=${SECONDS};nonce="n";unknown`],
])('a signature with %s is read', (_what, parameters) => {
  expect(isProven(handmade([METHOD, TARGET, CONTENT], parameters))).toBe(true);
});

test.each<[string, SignedRequest]>([
  ['F22 F29 no content-digest component', handmade([METHOD, TARGET], USUAL)],
  ['F28 F29 no @method', handmade([TARGET, CONTENT], USUAL)],
  ['F28 F29 no address', handmade([METHOD, CONTENT], USUAL)],
  [
    'F28 F29 a path without its query',
    handmade([METHOD, '"@authority": a.example', '"@path": /inbox', CONTENT], USUAL),
  ],
  [
    'F29 a path without its host',
    handmade([METHOD, '"@path": /inbox', '"@query": ?x=1', CONTENT], USUAL),
  ],
  ['F29 nothing at all', handmade([], USUAL)],
  ['F25 F29 no created', handmade([METHOD, TARGET, CONTENT], `;keyid="${KEY_ID}"`)],
  [
    'F25 F29 created as a text',
    handmade([METHOD, TARGET, CONTENT], `;created="${SECONDS}";keyid="${KEY_ID}"`),
  ],
  ['F25 F29 created 61 minutes ago', signed({ at: new Date(NOW.getTime() - 61 * 60_000) })],
  ['F25 F29 created 61 minutes ahead', signed({ at: new Date(NOW.getTime() + 61 * 60_000) })],
  [
    'F29 an end that has passed',
    handmade([METHOD, TARGET, CONTENT], `${USUAL};expires=${SECONDS - 1}`),
  ],
  ['F29 no keyid', handmade([METHOD, TARGET, CONTENT], `;created=${SECONDS}`)],
  ['F30 another algorithm', handmade([METHOD, TARGET, CONTENT], `${USUAL};alg="hmac-sha256"`)],
  ['F30 the algorithm of a draft', handmade([METHOD, TARGET, CONTENT], `${USUAL};alg="hs2019"`)],
  [
    'F30 the algorithm of another key',
    handmade([METHOD, TARGET, CONTENT], `${USUAL};alg="ed25519"`),
  ],
  ['F29 a component twice', handmade([METHOD, METHOD, TARGET, CONTENT], USUAL)],
  ['F29 a component of the response', handmade([METHOD, TARGET, CONTENT, '"@status": 200'], USUAL)],
  [
    'F29 a component with a parameter',
    handmade([METHOD, '"@target-uri";req: https://a.example/inbox?x=1', CONTENT], USUAL),
  ],
  ['F29 a header that is not there', handmade([METHOD, TARGET, CONTENT, '"x-gone": 1'], USUAL)],
  [
    'F29 a parameter twice',
    handmade([METHOD, TARGET, CONTENT], `${USUAL};keyid="https://c.example/u"`),
  ],
  [
    'F29 more than one space',
    {
      ...signed(),
      headers: {
        ...signed().headers,
        'signature-input': signed().headers['signature-input']!.replace('" "', '"  "'),
      },
    },
  ],
])('%s is refused', (_what, request) => {
  expect(() => readMessageSignature(request, HOME, NOW)).toThrow(BadSignature);
});

const withHeader = (name: string, value: string): SignedRequest => {
  const { headers, ...request } = signed();
  return { ...request, headers: { ...headers, [name]: value } };
};
const twice = (name: string): string =>
  `${signed().headers[name]}, ${signed().headers[name]!.replace('sig1', 'sig2')}`;

test.each<[string, SignedRequest]>([
  ['F23 the digest of another body', { ...signed(), body: Buffer.from('{"type":"Block"}') }],
  ['F23 two digests, one of them false', withHeader('content-digest', `${DIGEST}, sha-512=:AAAA:`)],
  ['F22 only a digest that nobody trusts', withHeader('content-digest', 'md5=:AAAA:')],
  ['F22 a malformed digest', withHeader('content-digest', DIGEST.replaceAll(':', ''))],
  ['F24 a request for another host', withHeader('host', 'c.example')],
  ['F29 two labels in one header', withHeader('signature-input', twice('signature-input'))],
  ['F29 two signatures', withHeader('signature', twice('signature'))],
  [
    'F29 two labels that differ',
    withHeader('signature', signed().headers['signature']!.replace('sig1', 'sig2')),
  ],
  ['a signature that is no bytes', withHeader('signature', 'sig1="AAAA"')],
  [
    'a header beyond all bounds',
    withHeader('signature-input', signed().headers['signature-input']! + ';x'.repeat(3_000)),
  ],
  ['no signature', withHeader('signature', '')],
])('%s is refused', (_what, request) => {
  expect(() => readMessageSignature(request, HOME, NOW)).toThrow(BadSignature);
});

test.each<[string, SignedRequest]>([
  ['F28 the path', { ...signed(), target: '/inbox/other?x=1' }],
  ['F28 the query', { ...signed(), target: '/inbox?x=2' }],
  ['F28 the query, which was left out,', { ...signed(), target: '/inbox' }],
  ['F28 the method', { ...signed(), method: 'PUT' }],
  [
    'F29 what is covered',
    withHeader(
      'signature-input',
      signed().headers['signature-input']!.replace(' "content-digest"', ' "content-digest" "date"'),
    ),
  ],
  [
    'F29 the instant',
    withHeader(
      'signature-input',
      signed().headers['signature-input']!.replace(`created=${SECONDS}`, `created=${SECONDS + 1}`),
    ),
  ],
])('a request of which %s was altered proves nothing', (_what, request) => {
  expect(isProven(request)).toBe(false);
});

test('F24 F29 a request that was signed for another server proves nothing here', () => {
  const elsewhere = signed({ url: 'https://c.example/inbox?x=1' });
  const replayed = { ...elsewhere, headers: { ...elsewhere.headers, host: 'a.example' } };
  expect(isProven(replayed)).toBe(false);
});

test('F29 what is signed in the one form proves nothing in the other', () => {
  const message = signed();
  expect(hasMessageSignature(message)).toBe(true);
  const { 'signature-input': _input, ...stripped } = message.headers;
  expect(() => readSignature({ ...message, headers: stripped }, HOME.host, NOW)).toThrow(
    BadSignature,
  );
  const url = new URL('https://a.example/inbox?x=1');
  const draft = signedHeaders(
    { method: 'POST', url, body: BODY },
    { keyId: KEY_ID, key: pair.privateKey },
    NOW,
  );
  const { 'signature-input': input } = message.headers;
  const mixed = { ...message, headers: { ...draft, 'signature-input': input } };
  expect(hasMessageSignature(mixed)).toBe(true);
  expect(() => readMessageSignature(mixed, HOME, NOW)).toThrow(BadSignature);
});

test('F30 F31 weak and foreign keys prove nothing', () => {
  const weak = rsa(1024);
  const lines = [METHOD, TARGET, CONTENT];
  expect(isProven(handmade(lines, USUAL, { key: weak.privateKey }), weak.publicKey)).toBe(false);
  expect(isProven(signed(), generateKeyPairSync('ed25519').publicKey)).toBe(false);
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
  expect(isProven(handmade(lines, USUAL, { key: pss.privateKey }), pss.publicKey)).toBe(false);
});
