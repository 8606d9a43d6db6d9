// Names whose servers do not answer: nobody waits for them but who asked for them.
import { createSocket, type Socket } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HttpClient } from '../../src/platform/http-client.js';
import { HostsFile } from '../../src/platform/internal/hosts-file.js';
import { nameResolver } from '../../src/platform/internal/resolve-name.js';

const HEADER_BYTES = 12;
const [TYPE_A, NAME_ERROR] = [1, 3];
const json = 'application/json';

let server: Socket;
let resolver: Resolver;
let hosts: HostsFile | undefined;
let folder: string;
let file: string;
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
  folder = await mkdtemp(join(tmpdir(), 'hosts-'));
  file = join(folder, 'hosts');
  resolver = new Resolver({ timeout: 60_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
});

afterAll(() => {
  resolver.cancel();
  server.close();
  return rm(folder, { recursive: true });
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

const replace = async (text: string): Promise<void> => {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
};

function resolve(name: string, family: 0 | 4 | 6 = 0): Promise<LookupAddress[]> {
  return new Promise((found, failed) => {
    const find = nameResolver(resolver, hosts);
    find(name, { all: true, family }, (error, addresses) =>
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

test('what stands in the file of names counts before any name server, as soon as it stands there', async () => {
  hosts = new HostsFile(file);
  expect(await resolve('quick.example.org')).toEqual([{ address: '192.0.2.7', family: 4 }]);
  await replace(
    '# names of this network\n10.1.2.3\tQuick.example.org quick # ours\n2001:db8::5 quick.example.org.\nnonsense x.org\n\n10.1.2.3 quick.example.org\n',
  );
  const before = asked.length;
  expect(await resolve('quick.example.org')).toEqual([
    { address: '10.1.2.3', family: 4 },
    { address: '2001:db8::5', family: 6 },
  ]);
  expect(await resolve('QUICK.example.org.', 6)).toEqual([{ address: '2001:db8::5', family: 6 }]);
  expect(await resolve('quick', 4)).toEqual([{ address: '10.1.2.3', family: 4 }]);
  expect(asked.slice(before)).toEqual([]);
  await replace('10.9.9.9 quick.example.org\n');
  expect(await resolve('quick.example.org')).toEqual([{ address: '10.9.9.9', family: 4 }]);
  await writeFile(file, '10.9.9.10 quick.example.org\n');
  expect(await resolve('quick.example.org')).toEqual([{ address: '10.9.9.10', family: 4 }]);
  await rm(file);
  expect(await resolve('quick.example.org')).toEqual([{ address: '192.0.2.7', family: 4 }]);
});

test('S01 an address from the file of names is looked at like any other', async () => {
  hosts = new HostsFile(file);
  await replace('127.0.0.1 inner.example.org\n');
  let requests = 0;
  const inner = createServer((_request, response) => {
    requests += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((done) => inner.listen(0, '127.0.0.1', done));
  const url = `http://inner.example.org:${(inner.address() as AddressInfo).port}/`;
  const limits = { maxBytes: 100, timeoutMs: 60_000, maxRedirects: 0, contentTypes: [json] };
  const options = { name: 'test', isOpenUrl: () => true, resolve: nameResolver(resolver, hosts) };
  await expect(new HttpClient(options).get(url, limits)).rejects.toMatchObject({
    failure: 'FORBIDDEN_ADDRESS',
  });
  expect(requests).toBe(0);
  const client = new HttpClient({ ...options, isAllowed: (address) => address === '127.0.0.1' });
  expect((await client.get(url, limits)).body.toString()).toBe('{}');
  inner.close();
});
