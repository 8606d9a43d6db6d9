// Names whose servers do not answer: nobody waits for them but who asked for them.
import { createSocket, type Socket } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { nameResolver } from '../../src/platform/internal/resolve-name.js';

const HEADER_BYTES = 12;
const [TYPE_A, NAME_ERROR] = [1, 3];

let server: Socket;
let resolver: Resolver;
const asked: string[] = [];

/** Answers 192.0.2.7 for `quick.example.org`, nothing at all for names below `mute.example.org`, and that there is none for the rest. */
beforeAll(async () => {
  server = createSocket('udp4');
  server.on('message', (question, { port, address }) => {
    const name = nameIn(question);
    asked.push(name);
    if (name.endsWith('mute.example.org')) return;
    server.send(answerTo(question, name === 'quick.example.org'), port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  resolver = new Resolver({ timeout: 60_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
});

afterAll(() => {
  resolver.cancel();
  server.close();
});

function nameIn(question: Buffer): string {
  const labels: string[] = [];
  for (let at = HEADER_BYTES; question[at] !== 0; at += question[at]! + 1)
    labels.push(question.subarray(at + 1, at + 1 + question[at]!).toString());
  return labels.join('.').toLowerCase();
}

function answerTo(question: Buffer, isKnown: boolean): Buffer {
  const end = question.indexOf(0, HEADER_BYTES) + 5;
  const isOfFour = question.readUInt16BE(end - 4) === TYPE_A;
  const found = isKnown && isOfFour;
  const header = Buffer.from(question.subarray(0, HEADER_BYTES));
  header.writeUInt16BE(0x8180 | (isKnown ? 0 : NAME_ERROR), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  const record = [0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7];
  return Buffer.concat([
    header,
    question.subarray(HEADER_BYTES, end),
    Buffer.from(found ? record : []),
  ]);
}

function resolve(name: string): Promise<LookupAddress[]> {
  return new Promise((found, failed) => {
    nameResolver(resolver)(name, { all: true }, (error, addresses) =>
      error ? failed(error) : found(addresses),
    );
  });
}

test('S12 names that nobody answers for keep no other waiting', async () => {
  const mute = Array.from({ length: 64 }, (_, number) => resolve(`n${number}.mute.example.org`));
  const ends = Promise.allSettled(mute);
  while (asked.filter((name) => name.endsWith('mute.example.org')).length < 128)
    await new Promise((done) => setTimeout(done, 5));
  expect(await resolve('quick.example.org')).toEqual([{ address: '192.0.2.7', family: 4 }]);
  resolver.cancel();
  expect((await ends).every(({ status }) => status === 'rejected')).toBe(true);
});

test('a name that no name server knows may be known to this machine', async () => {
  const found = await resolve('localhost');
  expect(found.map(({ address }) => address)).toContain('127.0.0.1');
});

test('names that are no public ones are asked for on this machine alone', async () => {
  const before = asked.length;
  await expect(resolve('nobody.invalid')).rejects.toThrow('nobody.invalid');
  expect(await resolve('localhost')).not.toEqual([]);
  expect(asked.slice(before)).toEqual([]);
});
