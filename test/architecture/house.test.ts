// The real sources obey the law. What each rule means is proven in rules.unit.test.ts.
import { expect, test } from '@jest/globals';
import { checkArchitecture, describeViolation } from './check.js';
import { readSources, readTracked, root, trackedFiles } from './repository.js';

test('every source obeys the architecture', () => {
  const sources = readSources();
  expect([...sources.keys()].filter((file) => file.startsWith('src/')).length).toBeGreaterThan(10);
  expect(checkArchitecture(sources).map(describeViolation)).toEqual([]);
});

test('T3: nothing of the server may import what decrypts, wherever in it', () => {
  const forbidden = ['ts-mls', 'ts-mls/clientState.js', '@triptych/sdk', '../../sdk/src/index.js'];
  for (const slice of ['mls', 'devices', 'chat', 'federation', 'moderation', 'platform', 'app'])
    for (const specifier of forbidden) {
      const source = `import { decrypt } from '${specifier}';`;
      const broken = checkArchitecture(new Map([[`src/${slice}/a.ts`, source]]));
      expect([slice, specifier, broken.length > 0]).toEqual([slice, specifier, true]);
    }
});

test('no tracked file names a place of somebody’s machine or a registry', () => {
  const isBinary = /\.(?:png|jpe?g|webp|avif|gif|hei[cf]|ico|woff2?|mp4|gz|zip)$/i;
  const checksItself = 'test/architecture/house.test.ts';
  const privatePlaces = [root, '/work/', '/home/', '/Users/', '/tmp/bash'].filter(
    (place) => place.length > 3,
  );
  const registry = /["'\s]https?:\/\/(?:registry\.|npm\.|[\w.-]*(?:artifactory|nexus|verdaccio))/;
  const texts = trackedFiles().filter((file) => !isBinary.test(file) && file !== checksItself);
  const found = texts.flatMap((file) => {
    const text = readTracked(file);
    const places = privatePlaces.filter((place) => containsPlace(text, place));
    return [...places, ...(registry.test(text) ? ['a registry'] : [])].map(
      (what) => `${file} names ${what}`,
    );
  });
  expect(found).toEqual([]);
});

/** A place is named where it begins a path: `/home/ada`, but not `https://a.example/home/`. */
function containsPlace(text: string, place: string): boolean {
  for (let at = text.indexOf(place); at >= 0; at = text.indexOf(place, at + 1)) {
    if (!/[\w.)}*-]/.test(text[at - 1] ?? ' ')) return true;
  }
  return false;
}
