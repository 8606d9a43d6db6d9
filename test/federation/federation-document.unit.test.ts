// FEDERATION.md says of activities what the code does with them: no more, and no less.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { SENT_TYPES } from '../../src/federation/documents/activities.js';
import { NOTE_TYPES } from '../../src/federation/internal/read-note.js';
import { UNDERSTOOD_TYPES } from '../../src/federation/receive/carry-out.js';
import { PASSED_TYPES } from '../../src/federation/receive/group-activities.js';
import { UNDOINGS } from '../../src/federation/receive/reactions.js';

interface Row {
  readonly types: readonly string[];
  readonly object: string;
  readonly isIn: boolean;
  readonly isOut: boolean;
}

const text = readFileSync('FEDERATION.md', 'utf8');
const HEAD = '| activity | object | in | out |';
const [, table = ''] = text.split(`${HEAD}\n|---|---|---|---|\n`);

/** Every line of the table, down to the first that is none. */
const rows: readonly Row[] = table
  .slice(0, table.indexOf('\n\n'))
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, types = '', object = '', isIn = '', isOut = '']) => ({
    types: types.split(/[;,]/).map((type) => type.trim().split(' ')[0]!),
    object,
    isIn: isIn === '✔',
    isOut: isOut === '✔',
  }));

const sorted = (types: Iterable<string>): string[] => [...new Set(types)].toSorted();
const typesOf = (among: readonly Row[]): string[] => sorted(among.flatMap(({ types }) => types));
const wordsOf = (object: string): string[] => object.match(/\b[A-Z]\w+/g) ?? [];

test('it names every activity that is understood, and no other', () => {
  expect(typesOf(rows.filter(({ isIn }) => isIn))).toEqual(sorted(UNDERSTOOD_TYPES));
});

test('it names every activity that is sent, and no other', () => {
  expect(typesOf(rows.filter(({ isOut }) => isOut))).toEqual(sorted(SENT_TYPES));
});

test('it names everything that others take back, and nothing else', () => {
  const undone = rows.filter(({ isIn, types }) => isIn && types.includes('Undo'));
  expect(typesOf(undone).filter((type) => type !== 'Undo')).toEqual(sorted(Object.keys(UNDOINGS)));
});

test('it names every type of object that is kept, and no other', () => {
  const created = rows.filter(
    ({ isIn, types }) => isIn && types.includes('Create') && types.includes('Update'),
  );
  expect(sorted(created.flatMap(({ object }) => wordsOf(object)))).toEqual(sorted(NOTE_TYPES));
});

test('it names everything that groups pass on, and nothing else', () => {
  const passed = rows.filter(({ object }) => object.startsWith('Create, '));
  expect(sorted(passed.flatMap(({ object }) => wordsOf(object)))).toEqual(sorted(PASSED_TYPES));
});
