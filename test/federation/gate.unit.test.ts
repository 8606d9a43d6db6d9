// What is refused before anybody looks at what it means: texts beyond all bounds, and signatures that prove nothing.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  BadSignature,
  isMadeBy,
  readSignature,
  signedHeaders,
  type SignedRequest,
} from '../../src/federation/internal/http-signature.js';
import {
  DOCUMENT_LIMITS,
  MalformedDocument,
  readDocument,
} from '../../src/federation/internal/read-document.js';
import { cpuMilliseconds } from '../support/cpu-time.js';

const read = (text: string): unknown => readDocument(Buffer.from(text));
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

test('F51 F52 a document of thousands of nested objects is refused within 20 ms of computing', () => {
  for (const depth of [400, 1_200, 2_000]) {
    const spent = cpuMilliseconds(() =>
      expect(() => read(nested(depth))).toThrow(MalformedDocument),
    );
    expect(spent).toBeLessThan(20);
  }
  expect(read(nested(DOCUMENT_LIMITS.depth))).toBeDefined();
});

test('F53 a document of ten thousand tags is refused within 20 ms of computing', () => {
  const tags = JSON.stringify({
    tag: Array.from({ length: 10_000 }, (_, n) => ({ name: `#t${n}` })),
  });
  const spent = cpuMilliseconds(() => expect(() => read(tags)).toThrow(MalformedDocument));
  expect(spent).toBeLessThan(20);
});

test.each([
  ['a key that stands twice', '{"actor":"https://a.test/1","actor":"https://b.test/2"}'],
  ['a key that stands twice, once escaped', '{"actor":"a","\\u0061ctor":"b"}'],
  ['__proto__', '{"__proto__":{"isAdmin":true}}'],
  ['constructor, escaped', '{"\\u0063onstructor":1}'],
  ['NUL', '{"a":"x\\u0000y"}'],
  ['half a character', '{"a":"\\ud800"}'],
  ['half a character in a key', '{"\\udc00":1}'],
  ['a byte order mark', '\uFEFF{"a":1}'],
  ['NaN', '{"a":NaN}'],
  ['a list', '[1]'],
  ['a text', '"a"'],
  ['nothing', ''],
  ['a comment', '{"a":1/*b*/}'],
  ['two documents', '{"a":1}{"b":2}'],
])('F56 %s is refused', (_what, text) => {
  expect(() => read(text)).toThrow(MalformedDocument);
  expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
});

test('F56 other encodings than UTF-8 are refused', () => {
  expect(() => readDocument(Buffer.from('{"a":1}', 'utf16le'))).toThrow(MalformedDocument);
  expect(() => readDocument(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).toThrow(
    MalformedDocument,
  );
});

test('what is within the bounds is read as JSON reads it, and nothing else is', () => {
  const key = fc
    .string()
    .filter((text) => !['__proto__', 'constructor', 'prototype'].includes(text));
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed() && !text.includes('\0')),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(key, tie('value'), { maxKeys: 5 }),
    ),
  })).value;
  const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
  fc.assert(
    fc.property(fc.dictionary(key.filter(isText), values, { maxKeys: 6 }), (document) => {
      const text = JSON.stringify(document);
      expect(read(text)).toEqual(JSON.parse(text));
    }),
  );
});

const NOW = new Date('2026-03-01T12:00:00Z');
const HOST = 'a.example';
const rsa = (modulusLength: number): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('rsa', { modulusLength });
const pair = rsa(2048);
const BODY = Buffer.from('{"type":"Like"}');

function signed(at = NOW, key = pair.privateKey, url = `https://${HOST}/inbox`): SignedRequest {
  const parts = { method: 'POST', url: new URL(url), body: BODY } as const;
  const headers = signedHeaders(parts, { keyId: 'https://b.example/u#main-key', key }, at);
  return { method: 'POST', target: parts.url.pathname + parts.url.search, headers, body: BODY };
}

function isProven(request: SignedRequest, key = pair.publicKey): boolean {
  return isMadeBy(readSignature(request, HOST, NOW), key);
}

const withHeader = (name: string, value: string | undefined): SignedRequest => {
  const request = signed();
  return { ...request, headers: { ...request.headers, [name]: value } };
};
const rewritten = (from: RegExp | string, to: string): SignedRequest => {
  const signature = String(signed().headers['signature']).replace(from, to);
  return withHeader('signature', signature);
};

test('an honest signature proves the key', () => {
  expect(isProven(signed())).toBe(true);
  expect(isProven(signed(), rsa(2048).publicKey)).toBe(false);
});

test.each([
  ['F22 no digest', withHeader('digest', undefined)],
  ['F22 a digest that is not signed', rewritten(' digest', '')],
  ['F22 only an MD5 digest', withHeader('digest', 'MD5=XUFAKrxLKna5cZ2REBfFkg==')],
  ['F23 the digest of another body', { ...signed(), body: Buffer.from('{"type":"Block"}') }],
  [
    'F23 two digests, one of them false',
    withHeader('digest', `${String(signed().headers['digest'])}, SHA-256=AAAA`),
  ],
  ['F24 a signature without the host', rewritten(' host', '')],
  ['F24 a request for another server', signed(NOW, pair.privateKey, 'https://c.example/inbox')],
  ['F25 a date of 61 minutes ago', signed(new Date(NOW.getTime() - 61 * 60_000))],
  ['F25 a date 61 minutes ahead', signed(new Date(NOW.getTime() + 61 * 60_000))],
  ['F25 a wrong date', withHeader('date', 'wrong date')],
  ['F25 no date', withHeader('date', undefined)],
  ['F25 a date that is not signed', rewritten(' date', '')],
  ['F30 an unknown algorithm', rewritten('rsa-sha256', 'hmac-sha256')],
  ['no signature', withHeader('signature', undefined)],
  ['a malformed signature', withHeader('signature', 'keyId="a" nonsense')],
  ['a parameter twice', rewritten('keyId=', 'keyId="https://evil.example/u",keyId=')],
])('%s is refused', (_what, request) => {
  expect(() => readSignature(request, HOST, NOW)).toThrow(BadSignature);
});

test.each([
  ['the path', { ...signed(), target: '/inbox/other' }],
  ['the method', { ...signed(), method: 'PUT' }],
  ['the date', withHeader('date', new Date(NOW.getTime() + 1000).toUTCString())],
])('F28 a request of which %s was altered proves nothing', (_what, request) => {
  expect(isProven(request)).toBe(false);
});

test('a query that some servers leave out of what they sign may be left out, and no other part', () => {
  const request = signed();
  expect(isProven({ ...request, target: '/inbox?x=1' })).toBe(true);
  expect(isProven({ ...request, target: '/other?x=1' })).toBe(false);
});

test('F30 F31 weak, huge and foreign keys prove nothing', () => {
  const weak = rsa(1024);
  expect(isProven(signed(NOW, weak.privateKey), weak.publicKey)).toBe(false);
  const { publicKey } = generateKeyPairSync('ed25519');
  expect(isProven(signed(), publicKey)).toBe(false);
});
