// Whose a host is.
import { expect, test } from '@jest/globals';
import { siteOf } from '../../src/platform/site-of.js';

test.each([
  ['example.org', 'example.org'],
  ['a.b.c.example.org', 'example.org'],
  ['Social.Example.ORG.', 'example.org'],
  ['a.example.co.uk', 'example.co.uk'],
  ['x.y.example.com.br:8443', 'example.com.br'],
  ['co.uk', 'co.uk'],
  ['a.b.masto.host', 'b.masto.host'],
  ['a.some.hostdon.ne.jp', 'some.hostdon.ne.jp'],
  ['a.b.duckdns.org', 'b.duckdns.org'],
  ['someone.github.io', 'someone.github.io'],
  ['a.example.gov.za', 'example.gov.za'],
  ['x.y.wild.test:444', 'wild.test'],
  ['localhost:3000', 'localhost'],
  ['127.0.0.1:3000', '127.0.0.1'],
  ['[::1]:3000', '[::1]'],
])('%s is of %s', (host, site) => {
  expect(siteOf(host)).toBe(site);
});
