// Two statements of one name fail when they are made, not on the one connection that has prepared both.
import { expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { statementForMany } from '../../src/platform/db/for-many.js';

test('a name belongs to one text', () => {
  const name = 'test.one_name';
  statement(name, 'select 1');
  expect(() => statement(name, 'select 1')).not.toThrow();
  expect(() => statement(name, 'select 2')).toThrow('Two statements are called test.one_name.');
  expect(() => statementForMany(name, 'select 3')).toThrow(name);
});

test('names are no longer than PostgreSQL reads them', () => {
  expect(() => statement(`test.${'n'.repeat(58)}`, 'select 1')).not.toThrow();
  expect(() => statement(`test.${'n'.repeat(59)}`, 'select 1')).toThrow('longer than 63 bytes');
});
