// Who may have videos of other servers passed on at a time, and who gives way.
import { expect, test } from '@jest/globals';
import { RemotePlaces, type RemotePlace } from '../../src/media/http/remote/places.js';

const SECOND = 1000;
const KIB = 1024;

function places() {
  let now = 0;
  const all = new RemotePlaces(() => now);
  const take = (viewer: number, host: string): RemotePlace | null => all.take(`${viewer}`, host);
  const pass = (seconds: number): void => void (now += seconds * SECOND);
  return { take, pass };
}

test('places of one site are those of all its hosts', () => {
  const { take } = places();
  for (let viewer = 0; viewer < 48; viewer++)
    expect(take(viewer, `v${viewer}.example.org`)).not.toBeNull();
  expect(take(48, 'other.example.org')).toBeNull();
  expect(take(48, 'example.net')).not.toBeNull();
});

test('who hardly reads gives way, who reads and who has just come does not', () => {
  const { take, pass } = places();
  const taken = Array.from({ length: 48 }, (_, viewer) => take(viewer, 'example.org')!);
  const [silent, slow] = taken;
  for (let second = 0; second < 16; second++) {
    pass(1);
    for (const place of taken.slice(2)) place.passed(100 * KIB);
    slow!.passed(KIB);
  }
  const first = take(100, 'example.org');
  expect(first).not.toBeNull();
  expect(taken.map(({ displaced }) => displaced.aborted).indexOf(true)).toBe(0);
  expect(take(101, 'example.org')).not.toBeNull();
  expect([silent, slow].map((place) => place!.displaced.aborted)).toEqual([true, true]);
  expect(take(102, 'example.org')).toBeNull();
  expect(taken.slice(2).some(({ displaced }) => displaced.aborted)).toBe(false);
  silent!.leave();
  expect(take(102, 'example.org')).toBeNull();
  first!.leave();
  expect(take(102, 'example.org')).not.toBeNull();
});

test('places that nobody reads from cannot hold up everybody', () => {
  const { take, pass } = places();
  for (let each = 0; each < 400; each++) take(each, `host${each}.example${each}.org`);
  expect(take(1000, 'fresh.net')).toBeNull();
  pass(16);
  expect(take(1000, 'fresh.net')).not.toBeNull();
});
