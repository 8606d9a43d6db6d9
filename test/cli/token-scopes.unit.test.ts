import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

import { scopesPage } from '../../src/cli/token-scopes.js';
import { triptych } from '../support/triptych-command.js';

test('the page of scopes is the one that the command prints', () => {
  expect(readFileSync('src/SCOPES.md', 'utf8')).toBe(scopesPage());
});

test('every scope is listed with what it allows', async () => {
  const { code, stdout } = await triptych(['token', 'scopes']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^read:posts +See posts and comments/m);
});
