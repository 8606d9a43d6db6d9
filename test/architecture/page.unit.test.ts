// The page and the law say the same: whoever changes one is reminded of the other.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { mayImport } from './law.js';
import { readSources, readTracked, root } from './repository.js';

const page = readTracked('src/ARCHITECTURE.md');
const folders = readdirSync(path.join(root, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'decisions')
  .map((entry) => entry.name);

test('the page’s table is the law’s', () => {
  const table = page.slice(page.indexOf('| slice | may import |')).split('\n').slice(2).join('\n');
  const rows = [...table.matchAll(/^\| ([a-z]+) \| ([a-z, ]+|–) \|$/gm)];
  const written = rows.map(([, slice, list]) => [slice, list === '–' ? [] : list!.split(', ')]);
  expect(written.length).toBeGreaterThan(5);
  expect(written).toEqual(written.map(([slice]) => [slice, mayImport[slice as string]]));
});

test('every folder of src is on the page’s map and in its table, and the map names slices only', () => {
  const map = [...page.matchAll(/^[├└]── ([a-z]+)\/ /gm)].map(([, name]) => name!);
  expect(map.filter((name) => !mayImport[name])).toEqual([]);
  expect(folders.filter((name) => !map.includes(name))).toEqual([]);
  const isTabled = (name: string) =>
    new RegExp(`^\\| (?:[a-z]+, )*${name}(?:, [a-z]+)* \\|`, 'm').test(page);
  expect(folders.filter((name) => !isTabled(name))).toEqual([]);
});

test('every file that the page names exists', () => {
  const named = [...page.matchAll(/`((?:app|platform|test|src)\/[\w./-]+)`/g)].map(
    ([, name]) => name!,
  );
  const candidates = (name: string) => [name, path.join('src', name)];
  const exists = (name: string) => candidates(name).some((file) => existsInRoot(file));
  expect(named.filter((name) => !exists(name))).toEqual([]);
});

test('every slice has a page of its own, which names each event that it publishes', () => {
  const slices = folders.filter((name) => !['platform', 'app', 'cli'].includes(name));
  const withoutPage = slices.filter((name) => !existsInRoot(`src/${name}/README.md`));
  const unnamed = [...readSources()].flatMap(([file, source]) => {
    const slice = /^src\/(\w+)\/[\w-]+\.events\.ts$/.exec(file)?.[1];
    if (!slice || withoutPage.includes(slice)) return [];
    const text = readTracked(`src/${slice}/README.md`);
    const events = [...source.matchAll(/^export const (\w+) = defineEvent/gm)].map(
      ([, name]) => name!,
    );
    return events
      .filter((name) => !text.includes(`\`${name}\``))
      .map((name) => `${slice}: ${name}`);
  });
  expect({ withoutPage, unnamed }).toEqual({ withoutPage: [], unnamed: [] });
});

function existsInRoot(file: string): boolean {
  const directory = path.join(root, path.dirname(file));
  try {
    return readdirSync(directory).includes(path.basename(file));
  } catch {
    return false;
  }
}
