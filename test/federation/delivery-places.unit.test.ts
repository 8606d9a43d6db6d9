// Places of hosts that are delivered to: nobody's many hosts, and none that do not answer, take those of the others.
import { expect, test } from '@jest/globals';
import { DeliveryPlaces } from '../../src/federation/internal/delivery-places.js';

const up = (host: string) => ({ host, wasDown: false });
const down = (host: string) => ({ host, wasDown: true });
const many = (count: number, name: (number: number) => string): string[] =>
  Array.from({ length: count }, (_, number) => name(number));

test('hosts of one registered domain have only some of the places, and give them back', () => {
  const places = new DeliveryPlaces();
  const taken = many(100, (number) => `h${number}.evil.example`).filter((host) =>
    places.take(up(host)),
  );
  expect(taken).toHaveLength(32);
  expect(places.isFullFor('evil.example')).toBe(true);
  expect(places.take(up('good.example'))).toBe(true);
  places.leave(taken[0]!);
  expect(places.isFullFor('evil.example')).toBe(false);
  expect(places.take(up('last.evil.example'))).toBe(true);
  expect(places.take(up('evil.example'))).toBe(false);
});

test('hosts that were down have only some of the places, and give them back', () => {
  const places = new DeliveryPlaces();
  const taken = many(200, (number) => `down${number}.example`).filter((host) =>
    places.take(down(host)),
  );
  expect(taken).toHaveLength(64);
  expect(taken.every((host) => places.isBusy(host))).toBe(true);
  expect(places.take(up('good.example'))).toBe(true);
  places.leave(taken[0]!);
  expect(places.take(down('again.example'))).toBe(true);
});

test('all together are only so many', () => {
  const places = new DeliveryPlaces();
  const taken = many(600, (number) => `h${number}.example`).filter((host) => places.take(up(host)));
  expect(taken).toHaveLength(512);
  expect(places.isFull).toBe(true);
  for (const host of taken) places.leave(host);
  expect([places.isEmpty, places.free]).toEqual([true, 512]);
});

test('a host that was down waits for its turn behind its like, not before the others', async () => {
  const places = new DeliveryPlaces();
  const never = Promise.withResolvers<void>();
  const hanging = many(64, (number) => `down${number}.example`).map((host) =>
    places.ask(down(host), () => never.promise),
  );
  expect(await places.ask(up('good.example'), () => Promise.resolve('answered'))).toBe('answered');
  never.resolve();
  await Promise.all(hanging);
});
