import { expect, test } from '@jest/globals';
import { GraphQLError, type GraphQLScalarType, parseValue } from 'graphql';

import {
  Base64BytesScalar,
  BigIntScalar,
  customScalars,
  DateScalar,
  DateTimeScalar,
  HandleScalar,
  HtmlScalar,
  LanguageTagScalar,
  MarkdownScalar,
  UrlScalar,
} from '../../src/platform/graphql/scalars.js';

function refusal(scalar: GraphQLScalarType, value: unknown): string {
  try {
    scalar.parseValue(value);
  } catch (error) {
    if (error instanceof GraphQLError && error.extensions['code'] === 'BAD_USER_INPUT')
      return error.message;
    throw error;
  }
  throw new Error(`${scalar.name} accepted ${JSON.stringify(value)}`);
}

test('every scalar has a description, and every one with a specification points to it', () => {
  expect(customScalars.map(({ name }) => name)).toEqual([
    'DateTime',
    'Date',
    'URL',
    'LanguageTag',
    'Handle',
    'HTML',
    'Markdown',
    'Base64Bytes',
    'BigInt',
  ]);
  expect(customScalars.filter(({ description }) => !description)).toEqual([]);
  expect(
    customScalars.filter(({ specifiedByURL }) => !specifiedByURL).map(({ name }) => name),
  ).toEqual(['Handle', 'BigInt']);
});

test.each([
  ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
  ['2026-03-01T12:00:00.123456789Z', '2026-03-01T12:00:00.123Z'],
  ['2026-03-01t14:30:00.5+02:30', '2026-03-01T12:00:00.500Z'],
  ['2024-02-29T00:00:00-00:00', '2024-02-29T00:00:00.000Z'],
])('DateTime reads %s as %s', (given, instant) => {
  expect(DateTimeScalar.serialize(DateTimeScalar.parseValue(given))).toBe(instant);
});

test.each([
  '2026-03-01',
  '2026-03-01T12:00:00',
  '2026-03-01T24:00:00Z',
  '2026-03-01T12:60:00Z',
  '2026-03-01T12:00:60Z',
  '2026-03-01 12:00:00Z',
  '',
  0,
  null,
  true,
  {},
])('DateTime refuses %p', (given) => {
  expect(refusal(DateTimeScalar, given)).toBe(
    'DateTime is an RFC 3339 instant such as 2026-03-01T12:00:00.000Z.',
  );
});

test('days that the calendar does not have are refused as such', () => {
  expect(refusal(DateTimeScalar, '2026-02-30T00:00:00Z')).toBe(
    '2026-02-30 is not a day of the calendar.',
  );
  expect(refusal(DateScalar, '2025-02-29')).toBe('2025-02-29 is not a day of the calendar.');
  expect(refusal(DateScalar, '2025-13-01')).toBe('2025-13-01 is not a day of the calendar.');
  expect(refusal(DateScalar, '0000-01-01')).toBe('0000-01-01 is not a day of the calendar.');
  expect(DateScalar.parseValue('2024-02-29')).toBe('2024-02-29');
  expect(refusal(DateScalar, '2024-2-9')).toBe('Date is written YYYY-MM-DD.');
  expect(() => DateTimeScalar.serialize(new Date(Number.NaN))).toThrow(
    'DateTime is not a valid instant.',
  );
});

test('an instant that its offset moves out of the calendar is refused: neither answers nor PostgreSQL can write it', () => {
  const outside = 'DateTime lies within the years 1 to 9999 in UTC.';
  expect(refusal(DateTimeScalar, '9999-12-31T23:59:59-00:01')).toBe(outside);
  expect(refusal(DateTimeScalar, '0001-01-01T00:00:00+00:01')).toBe(outside);
  for (const text of ['9999-12-31T23:59:59.999Z', '0001-01-01T00:00:00.000Z'])
    expect(DateTimeScalar.serialize(DateTimeScalar.parseValue(text))).toBe(text);
});

test('URL keeps the letters that it was given', () => {
  for (const url of [
    'https://a.example',
    'https://a.example/Ä?b=c#d',
    'payto://iban/DE75512108001245126199',
    'at://did:plc:abc/x/1',
    'acct:ada@a.example',
  ]) {
    expect(UrlScalar.parseValue(url)).toBe(url);
  }
});

test.each([
  ['/relative', 'URL is absolute, such as https://example.org/path.'],
  ['javascript:alert(1)', 'URL does not accept the scheme javascript:'],
  ['at:', 'URL does not accept the scheme at:'],
  ['data:text/html,x', 'URL does not accept the scheme data:'],
  ['https://ada:secret@a.example/', 'URL carries no user name or password.'],
  [' https://a.example', 'URL contains white space or control characters.'],
  [`https://a.example/${'x'.repeat(2048)}`, 'URL has at most 2048 characters.'],
])('URL refuses %p', (given, message) => {
  expect(refusal(UrlScalar, given)).toBe(message);
});

test('LanguageTag is canonical BCP 47', () => {
  expect(LanguageTagScalar.parseValue('PT-br')).toBe('pt-BR');
  expect(LanguageTagScalar.parseValue('zh-hant-tw')).toBe('zh-Hant-TW');
  for (const bad of ['', 'e', 'en_US', 'en--US', 'a'.repeat(36), 7])
    expect(refusal(LanguageTagScalar, bad)).toMatch(/^LanguageTag is/);
});

test('Handle drops the @ in front and lowers the domain to ASCII', () => {
  expect(HandleScalar.parseValue('ada')).toBe('ada');
  expect(HandleScalar.parseValue('acct:ada@B.example')).toBe('ada@b.example');
  expect(HandleScalar.parseValue('@Ada@Bücher.Example')).toBe('Ada@xn--bcher-kva.example');
  expect(HandleScalar.parseValue('ada@localhost:8080')).toBe('ada@localhost:8080');
  for (const bad of [
    '',
    '@',
    '@@ada',
    'ada@',
    'a@b@c',
    'ada@-a.example',
    '.ada',
    'ada lovelace',
    'a'.repeat(65),
    'ada@a.example/x',
    'ada@a.example%2f',
    'ada@[::1]',
    'acct:ada',
    'acct:acct:ada@a.example',
  ]) {
    expect(refusal(HandleScalar, bad)).toBe('Handle is written alice or alice@example.org.');
  }
});

test('HTML is output only', () => {
  expect(HtmlScalar.serialize('<p>a</p>')).toBe('<p>a</p>');
  expect(refusal(HtmlScalar, '<p>a</p>')).toBe(
    'HTML is output only; send the Markdown source instead.',
  );
});

test('Markdown has LF line ends and no text that the database cannot hold', () => {
  expect(MarkdownScalar.parseValue('a\r\nb\rc\n')).toBe('a\nb\nc\n');
  expect(MarkdownScalar.parseValue('👩‍🚀')).toBe('👩‍🚀');
  expect(refusal(MarkdownScalar, 'a\u0000b')).toBe(
    'Markdown contains characters that are not Unicode text.',
  );
  expect(refusal(MarkdownScalar, 'a\uD800b')).toBe(
    'Markdown contains characters that are not Unicode text.',
  );
});

test('Base64Bytes accepts one spelling of each value', () => {
  for (const text of ['', 'AA==', 'AAE=', '+/+/'])
    expect(Base64BytesScalar.serialize(Base64BytesScalar.parseValue(text))).toBe(text);
  for (const bad of ['AA', 'AB==', 'A===', '-_-_', 'AA==\n', 'é', 3]) {
    expect(refusal(Base64BytesScalar, bad)).toBe('Base64Bytes is standard base64 with padding.');
  }
  expect(Base64BytesScalar.serialize(new Uint8Array([1, 2, 3]).subarray(1))).toBe('AgM=');
});

test('BigInt is a signed 64-bit integer, a string on the wire', () => {
  expect(BigIntScalar.serialize(9223372036854775807n)).toBe('9223372036854775807');
  expect(BigIntScalar.parseValue('-9223372036854775808')).toBe(-9223372036854775808n);
  expect(BigIntScalar.parseLiteral(parseValue('9007199254740993'))).toBe(9007199254740993n);
  for (const bad of [
    '9223372036854775808',
    '01',
    '-0',
    '1.0',
    '1e3',
    '',
    ' 1',
    2 ** 53,
    0.5,
    '9'.repeat(100_000),
    true,
  ]) {
    expect(refusal(BigIntScalar, bad)).toBe(
      'BigInt is a signed 64-bit integer as a decimal string.',
    );
  }
});

test('literals other than strings are refused', () => {
  expect(() => DateTimeScalar.parseLiteral(parseValue('{a: 1}'))).toThrow(
    'DateTime is written as a string.',
  );
  expect(() => UrlScalar.parseLiteral(parseValue('12'))).toThrow('URL is a string.');
});
