// Tokens, names and addresses: pure rules.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digestToken } from '../../src/accounts/authenticate.js';
import { parseEmail } from '../../src/accounts/email-addresses.js';
import { isPersonalToken, mintPersonalToken, mintSessionToken } from '../../src/accounts/tokens.js';
import { isReservedUsername } from '../../src/accounts/usernames.js';

test('a personal token carries its checksum, so that a scanner knows a real one', () => {
  const { token, digest } = mintPersonalToken();
  expect(token).toMatch(/^trp_[\w-]{43}[0-9A-Za-z]{6}$/);
  expect(isPersonalToken(token)).toBe(true);
  expect(digest).toEqual(digestToken(token));
  const other = token.at(10) === 'a' ? 'b' : 'a';
  expect(isPersonalToken(token.slice(0, 10) + other + token.slice(11))).toBe(false);
  expect(isPersonalToken(mintSessionToken().token)).toBe(false);
});

test.each([
  [
    'Ada.Lovelace+kites@GoogleMail.com',
    'Ada.Lovelace+kites@googlemail.com',
    'adalovelace@gmail.com',
  ],
  ['ada+x@proton.me', 'ada+x@proton.me', 'ada@proton.me'],
  ['Ada.B+x@people.example', 'Ada.B+x@people.example', 'ada.b+x@people.example'],
  [' ada@münchen.example ', 'ada@xn--mnchen-3ya.example', 'ada@xn--mnchen-3ya.example'],
])('%s is sent to %s and is the mailbox %s', (typed, address, canonical) => {
  expect(parseEmail(typed)).toEqual({ address, canonical });
});

test.each([
  'ada',
  '@people.example',
  'ada@',
  'ada@localhost',
  'ada@127.0.0.1',
  'ada@[::1]',
  '.ada@people.example',
  'a..b@people.example',
  'ada lovelace@people.example',
  '"ada"@people.example',
  'ada@people.example, eve@people.example',
  'ada@people.example\r\nBcc: all@people.example',
  'Ada <ada@people.example>',
  `${'a'.repeat(65)}@people.example`,
])('%j is not an address', (typed) => {
  expect(parseEmail(typed)).toBeNull();
});

test('an address that is read stays itself when it is read again', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (typed) => {
      const email = parseEmail(typed);
      if (email) expect(parseEmail(email.address)).toEqual(email);
    }),
  );
});

test('names of the server are kept, also in disguise; names of people are free', () => {
  for (const name of ['admin', '_admin_', 'adm1n', 'supp0rt', 'r00t', 'webfinger', 'a_b_u_s_e']) {
    expect(isReservedUsername(name)).toBe(true);
  }
  for (const name of ['ada', 'ben', 'mira', 'olaf42', 'administrata', 'mod_mia'])
    expect(isReservedUsername(name)).toBe(false);
});
