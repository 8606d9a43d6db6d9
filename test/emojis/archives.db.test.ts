// Archives of custom emoji: what is written can be read, also as Misskey and Mastodon write it; what means harm cannot.
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { pack, type Header } from 'tar-stream';
import { openImages } from '../../src/app/open-images.js';
import { exportEmojis } from '../../src/emojis/export-emojis.js';
import { importEmojis, type ImportedEntry } from '../../src/emojis/import-emojis.js';
import { createStorePicture, type StorePicture } from '../../src/media/store-picture.js';
import { statement } from '../../src/platform/db/database.js';
import { startWorld, type World } from '../support/world.js';
import { zipOf, type ZipFile } from '../support/zip.js';

let world: World;
let directory: string;
let images: Awaited<ReturnType<typeof openImages>>;
let storePicture: StorePicture;
let kite: Buffer;
let dance: Buffer;

const EMPTY = statement(
  'test.empty_emojis',
  `with gone as (delete from emojis) delete from server_settings where key = 'emoji-revision'`,
);

beforeAll(async () => {
  world = await startWorld();
  directory = await mkdtemp(path.join(tmpdir(), 'triptych-archives-'));
  images = await openImages(world.services.config, world.services.log);
  storePicture = createStorePicture(images);
  kite = await square(200).png().toBuffer();
  const frames = await Promise.all([0, 120, 240].map((red) => square(red).png().toBuffer()));
  dance = await sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer();
});
beforeEach(() => world.services.database.rows(EMPTY));
afterAll(async () => {
  await images[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

function square(red: number) {
  const background = { r: red, g: 9, b: 200, alpha: 1 };
  return sharp({ create: { width: 48, height: 48, channels: 4, background } });
}

let files = 0;
const fresh = (): string => path.join(directory, `archive-${(files += 1)}.tar.gz`);

type Entry = Partial<Header> & Pick<Header, 'name'> & { content?: Buffer | string };

async function archiveOf(entries: readonly Entry[], gzipped = true): Promise<string> {
  const archive = pack();
  const file = fresh();
  const ends = [createWriteStream(file)] as const;
  const written = gzipped ? pipeline(archive, createGzip(), ...ends) : pipeline(archive, ...ends);
  for (const { content, ...header } of entries) archive.entry(header, content ?? '');
  archive.finalize();
  await written;
  return file;
}

async function importFile(
  file: string,
  choices: { category?: string; replaces?: boolean } = {},
): Promise<ImportedEntry[]> {
  const context = await (await world.admin()).context();
  const entries: ImportedEntry[] = [];
  const all = { replaces: false, ...choices };
  for await (const entry of importEmojis(context, storePicture, file, all)) entries.push(entry);
  return entries;
}

const outcomes = (entries: readonly ImportedEntry[]): string[] =>
  entries.map(({ fileName, outcome }) => `${fileName} ${outcome}`);

async function offered() {
  const answer = await world.graphql<{
    instance: {
      customEmoji: {
        nodes: { shortcode: string; category: string | null; aliases: string[]; url: string }[];
      };
    };
  }>(
    '{ instance { customEmoji(first: 100) { nodes { shortcode category aliases url isAnimated } } } }',
  );
  return answer.data.instance.customEmoji.nodes;
}

const META = JSON.stringify({
  metaVersion: 2,
  host: 'misskey.example',
  exportedAt: '2026-01-01T00:00:00.000Z',
  emojis: [
    {
      downloaded: true,
      fileName: 'a1.png',
      emoji: { name: 'kite', category: 'Sky', aliases: ['cerf-volant', 7] },
    },
    { downloaded: true, fileName: 'b2.gif', emoji: { name: 'kite_dance', category: null } },
    { downloaded: false, fileName: 'c3.png', emoji: { name: 'no-dashes' } },
    'nonsense',
  ],
});

test('an archive as Misskey writes it comes in with categories and other names, wherever meta.json stands', async () => {
  const file = await archiveOf([
    { name: 'a1.png', content: kite },
    { name: 'b2.gif', content: dance },
    { name: 'c3.png', content: kite },
    { name: 'd4.png', content: kite },
    { name: 'meta.json', content: META },
  ]);
  expect(outcomes(await importFile(file))).toEqual([
    'a1.png ADDED',
    'b2.gif ADDED',
    'c3.png REFUSED',
    'd4.png REFUSED',
  ]);
  expect(await offered()).toMatchObject([
    { shortcode: 'kite', category: 'Sky', aliases: ['cerf-volant'], isAnimated: false },
    { shortcode: 'kite_dance', category: null, aliases: [], isAnimated: true },
  ]);
});

test('an archive as Mastodon writes it comes in by the names of its files, gzipped or not; a repeat changes nothing', async () => {
  const file = await archiveOf(
    [
      { name: './', type: 'directory' },
      { name: './kite.png', content: kite },
      { name: './wrong name.png', content: kite },
      { name: './page.svg', content: '<svg xmlns="http://www.w3.org/2000/svg"/>' },
      { name: './broken.png', content: kite.subarray(0, 40) },
      { name: './disguised.png', content: '<svg xmlns="http://www.w3.org/2000/svg"/>' },
      { name: './huge.png', content: Buffer.alloc(512 * 1024 + 1) },
    ],
    false,
  );
  const rest = ['wrong name.png', 'page.svg', 'broken.png', 'disguised.png', 'huge.png'];
  const refused = rest.map((name) => `${name} REFUSED`);
  const first = await importFile(file, { category: 'From afar' });
  expect(outcomes(first)).toEqual(['kite.png ADDED', ...refused]);
  expect(first.slice(1).every(({ reason }) => reason !== null)).toBe(true);
  const before = await offered();
  expect(before).toMatchObject([{ shortcode: 'kite', category: 'From afar' }]);
  expect(outcomes(await importFile(file))).toEqual(['kite.png KEPT', ...refused]);
  expect(await offered()).toEqual(before);
  expect(outcomes(await importFile(file, { replaces: true }))[0]).toBe('kite.png REPLACED');
  expect((await offered())[0]!.url).not.toBe(before[0]!.url);
});

test('what was exported comes back', async () => {
  const source = await archiveOf([
    { name: 'meta.json', content: META },
    { name: 'a1.png', content: kite },
    { name: 'b2.gif', content: dance },
  ]);
  await importFile(source);
  const file = fresh();
  expect(await exportEmojis(world.services, file)).toBe(2);
  await expect(exportEmojis(world.services, file)).rejects.toThrow('EEXIST');
  const before = await offered();
  await world.services.database.rows(EMPTY);
  expect(outcomes(await importFile(file))).toEqual(['kite.webp ADDED', 'kite_dance.webp ADDED']);
  const without = (emoji: object): object => ({ ...emoji, url: '' });
  const after = await offered();
  expect(after.map(without)).toEqual(before.map(without));
});

/** As Info-ZIP 3.0 wrote it: kite.png, folder/ and folder/gull.png. */
const OF_INFO_ZIP = [
  'UEsDBBQAAAAIANtTfF1bLNzBWAAAAGAAAAAIABwAa2l0ZS5wbmdVVAkAA12tCmtdrQprdXgLAAEEAAAAAAQAAAAA6wzwc+flkuJi',
  'YGDg9fRwCQLSHCDMwQYkj/Dv6wZSnAUekcUMDMwvQJhxa3VQNlBQyNPFMURiavKDJzYf5eXTJCS5GDpzyhxLmpY7AWUZPF39XNY5',
  'JTQBAFBLAwQKAAAAAADbU3xdAAAAAAAAAAAAAAAABwAcAGZvbGRlci9VVAkAA12tCmtdrQprdXgLAAEEAAAAAAQAAAAAUEsDBBQA',
  'AAAIANtTfF1bLNzBWAAAAGAAAAAPABwAZm9sZGVyL2d1bGwucG5nVVQJAANdrQprXa0Ka3V4CwABBAAAAAAEAAAAAOsM8HPn5ZLi',
  'YmBg4PX0cAkC0hwgzMEGJI/w7+sGUpwFHpHFDAzML0CYcWt1UDZQUMjTxTFEYmrygyc2H+Xl0yQkuRg6c8ocS5qWOwFlGTxd/VzW',
  'OSU0AQBQSwECHgMUAAAACADbU3xdWyzcwVgAAABgAAAACAAYAAAAAAAAAAAApIEAAAAAa2l0ZS5wbmdVVAUAA12tCmt1eAsAAQQA',
  'AAAABAAAAABQSwECHgMKAAAAAADbU3xdAAAAAAAAAAAAAAAABwAYAAAAAAAAABAA7UGaAAAAZm9sZGVyL1VUBQADXa0Ka3V4CwAB',
  'BAAAAAAEAAAAAFBLAQIeAxQAAAAIANtTfF1bLNzBWAAAAGAAAAAPABgAAAAAAAAAAACkgdsAAABmb2xkZXIvZ3VsbC5wbmdVVAUA',
  'A12tCmt1eAsAAQQAAAAABAAAAABQSwUGAAAAAAMAAwDwAAAAfAEAAAAA',
].join('');

test('a zip file comes in as Info-ZIP and Misskey write it, packed or not, with a comment or not', async () => {
  const info = await importFile(await fileOf(Buffer.from(OF_INFO_ZIP, 'base64')));
  expect(outcomes(info)).toEqual(['kite.png ADDED', 'gull.png ADDED']);
  await world.services.database.rows(EMPTY);
  const [isStored, isStreamed, mode] = [true, true, 0o100644];
  const misskey = zipOf(
    [
      { name: 'meta.json', content: META, isStreamed, mode },
      { name: 'a1.png', content: kite, isStored, isStreamed, mode },
      { name: 'b2.gif', content: dance, isStreamed, mode },
      { name: 'c3.png', content: Buffer.alloc(512 * 1024 + 1), mode },
    ],
    4,
    'From misskey.example',
  );
  expect(outcomes(await importFile(await fileOf(misskey)))).toEqual([
    'a1.png ADDED',
    'b2.gif ADDED',
    'c3.png REFUSED',
  ]);
  expect(await offered()).toMatchObject([
    { shortcode: 'kite', category: 'Sky', aliases: ['cerf-volant'], isAnimated: false },
    { shortcode: 'kite_dance', category: null, isAnimated: true },
  ]);
  await world.services.database.rows(EMPTY);
  expect(await importFile(await fileOf(zipOf([])))).toEqual([]);
});

/** The file comes behind a good one, of which nothing may come in either. */
function badZip(file: ZipFile, count?: number): Promise<string> {
  return fileOf(zipOf([{ name: 'kite.png', content: kite }, file], count));
}

const evil = (rest: Partial<ZipFile>): ZipFile => ({ name: 'evil.png', content: kite, ...rest });
const manyZeros = Array.from({ length: 65 }, (_, n) => ({
  name: `${n}/meta.json`,
  content: Buffer.alloc(8 * 1024 * 1024),
}));

test.each<[string, () => Promise<string>]>([
  ['a path that leads out', () => badZip(evil({ name: '../evil.png' }))],
  ['an absolute path', () => badZip(evil({ name: '/etc/evil.png' }))],
  ['a path of another system', () => badZip(evil({ name: '..\\evil.png' }))],
  ['a symbolic link', () => badZip(evil({ mode: 0o120777, content: '/etc/passwd' }))],
  ['a device', () => badZip(evil({ mode: 0o020666 }))],
  ['a secret', () => badZip(evil({ flags: 1 }))],
  ['another way of packing', () => badZip(evil({ method: 14 }))],
  ['another content than was said', () => badZip(evil({ crc: 7 }))],
  ['more content than was said', () => badZip(evil({ bytes: 10 }))],
  ['less content than was said', () => badZip(evil({ bytes: 5_000 }))],
  ['content that lies behind the end', () => badZip(evil({ offset: 4_000_000 }))],
  ['content that lies where none is', () => badZip(evil({ offset: 3 }))],
  ['packed bytes that nobody has', () => badZip(evil({ packedBytes: 4_000_000_000 }))],
  ['numbers that are elsewhere', () => badZip(evil({ offset: 0xffffffff }))],
  ['fewer files than it says', () => badZip(evil({}), 3)],
  [
    'more files than anybody needs',
    () => fileOf(zipOf(Array.from({ length: 10_001 }, (_, n) => ({ name: `${n}.txt` })))),
  ],
  ['a flood', () => fileOf(zipOf(manyZeros))],
  ['one that is cut off', async () => fileOf((await aZip()).subarray(0, -3))],
  ['one without its beginning', async () => fileOf((await aZip()).subarray(40))],
  ['two letters', () => fileOf(Buffer.from('PK'))],
])('M18 a zip file with %s is refused as a whole', async (_what, make) => {
  await expect(importFile(await make())).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  expect(await offered()).toEqual([]);
});

function aZip(): Promise<Buffer> {
  return Promise.resolve(zipOf([evil({})]));
}

test('a zip file in which any byte is another comes in or is refused, and nothing else', async () => {
  const whole = zipOf(
    [
      { name: 'x.txt', content: 'x' },
      { name: 'meta.json', content: META },
    ],
    2,
    '!',
  );
  for (let at = 2; at < whole.length; at++)
    for (const value of [0, 1, 0x7f, 0xff]) {
      const bytes = Buffer.from(whole);
      bytes[at] = value;
      const outcome = importFile(await fileOf(bytes)).catch((error: unknown) => error);
      const code = ((await outcome) as { code?: string }).code ?? 'INVALID_INPUT';
      expect([at, value, code]).toEqual([at, value, 'INVALID_INPUT']);
    }
});

const png = (name: string): Entry => ({ name, content: kite });

test.each<[string, () => Promise<string>]>([
  ['a path that leads out', () => archiveOf([png('../evil.png')])],
  ['a path that leads out in the middle', () => archiveOf([png('a/../../evil.png')])],
  ['an absolute path', () => archiveOf([png('/etc/evil.png')])],
  ['a path of another system', () => archiveOf([png('..\\evil.png')])],
  [
    'a symbolic link',
    () => archiveOf([{ name: 'evil.png', type: 'symlink', linkname: '/etc/passwd' }]),
  ],
  ['a device', () => archiveOf([{ name: 'evil.png', type: 'character-device' }])],
  [
    'more files than anybody needs',
    () => archiveOf(Array.from({ length: 10_001 }, (_, n) => ({ name: `x${n}.txt`, content: '' }))),
  ],
  ['a flood', flood],
  ['no archive at all', () => fileOf(Buffer.from('Once upon a time'.repeat(100)))],
  ['no archive, gzipped', () => fileOf(gzipSync(Buffer.from('Once upon a time'.repeat(100))))],
  ['one that is cut off', async () => fileOf((await gzippedKite()).subarray(0, -20))],
  ['a description of nothing', () => archiveOf([{ name: 'meta.json', content: '[]' }])],
])('M18 %s is refused as a whole', async (_what, make) => {
  await expect(importFile(await make())).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  expect(await offered()).toEqual([]);
});

async function fileOf(bytes: Buffer): Promise<string> {
  const file = fresh();
  await writeFile(file, bytes);
  return file;
}

async function gzippedKite(): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: 'kite.png' }, kite);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

/** A few hundred kilobytes that become 600 MiB. */
async function flood(): Promise<string> {
  const file = fresh();
  const archive = pack();
  const written = pipeline(archive, createGzip({ level: 1 }), createWriteStream(file));
  const size = 600 * 1024 * 1024;
  const entry = archive.entry({ name: 'kite.png', size }, () => archive.finalize());
  const zeros = Buffer.alloc(1024 * 1024);
  await pipeline(Readable.from(Array.from({ length: 600 }, () => zeros)), entry);
  await written;
  return file;
}
