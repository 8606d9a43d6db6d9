// Captions that a machine writes, by a service that speaks the protocol of OpenAI's transcriptions, over real HTTP.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { readHeard } from '../../src/media/internal/captions/ask-for-captions.js';
import { writeCaptions } from '../../src/media/jobs/write-captions.job.js';
import type { MediaId } from '../../src/media/media.entity.js';
import { OutsideUnavailable } from '../../src/platform/outside-unavailable.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { clip } from '../support/clips.js';
import { uploadVideo } from '../support/upload.js';
import { saveCaptions, webVtt, type SeenTrack } from '../support/videos.js';
import { startWebSite, type SiteAnswer, type WebSite } from '../support/web-site.js';
import { startWorld, type Person, type World } from '../support/world.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const HEARD = {
  language: 'english',
  segments: [
    { start: 0.9, end: 1.8, text: ' and <b>then</b> & --> more' },
    { start: 0, end: 0.9, text: ' Hello' },
    { start: 1.8, end: 1.8, text: 'no time at all' },
  ],
};

let service: WebSite;
let world: World;
let ada: Person;
let film: Buffer;
let answer: () => SiteAnswer;

beforeAll(async () => {
  service = await startWebSite(() => answer());
  world = await startWorld({
    CAPTIONS_URL: `${service.origin}/v1/`,
    CAPTIONS_API_KEY: 'key-1',
    CAPTIONS_MODEL: 'small',
  });
  ada = await world.local('ada');
  film = await clip();
});

beforeEach(() => {
  service.requests.length = 0;
  answer = () => ({ headers: JSON_TYPE, body: JSON.stringify(HEARD) });
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

const TRACKS = `query ($id: ID!) { node(id: $id) { ... on VideoMedia { state captions { kind language label isAutomatic url } } } }`;

async function tracksOf(id: string): Promise<SeenTrack[]> {
  const { data } = await ada.graphql<{ node: { state: string; captions: SeenTrack[] } }>(TRACKS, {
    id,
  });
  expect(data.node.state).toBe('READY');
  return data.node.captions;
}

const write = (id: string): Promise<void> =>
  writeCaptions.run(
    { ...world.services, jobId: '0', attempt: 1 },
    { mediaId: parseGlobalId(id)!.id as MediaId },
  );

test('a video gets captions that say that a machine wrote them, with nothing in them but text', async () => {
  const id = await uploadVideo(world, ada, film);
  const [track] = await tracksOf(id);
  expect(track).toMatchObject({
    kind: 'CAPTIONS',
    language: 'en',
    label: null,
    isAutomatic: true,
  });
  expect(await (await fetch(world.reach(track!.url))).text()).toBe(
    'WEBVTT\n\n00:00:00.000 --> 00:00:00.900\nHello\n\n' +
      '00:00:00.900 --> 00:00:01.800\nand &lt;b&gt;then&lt;/b&gt; &amp; --&gt; more\n',
  );
  const [{ path, headers, body }] = service.requests as [(typeof service.requests)[number]];
  expect([path, headers.authorization]).toEqual(['/v1/audio/transcriptions', 'Bearer key-1']);
  for (const part of ['small', 'verbose_json', 'filename="sound.mp4"', 'ftyp'])
    expect(body).toContain(part);
});

test('what people have written stays, and a machine is not asked', async () => {
  const id = await uploadVideo(world, ada, film);
  await saveCaptions(ada, id, webVtt('by hand'));
  service.requests.length = 0;
  await write(id);
  expect(service.requests).toEqual([]);
  expect(await tracksOf(id)).toMatchObject([{ language: 'en', isAutomatic: false }]);
});

test('a service that is out of order is asked again later, and holds up nothing', async () => {
  answer = () => ({ status: 503 });
  const id = await uploadVideo(world, ada, film);
  expect(await tracksOf(id)).toEqual([]);
  await expect(write(id)).rejects.toBeInstanceOf(OutsideUnavailable);
  answer = () => ({ headers: JSON_TYPE, body: JSON.stringify({ ...HEARD, language: 'pt' }) });
  await write(id);
  expect(await tracksOf(id)).toMatchObject([{ language: 'pt', isAutomatic: true }]);
});

test.each([
  ['refuses', { status: 400 }],
  ['hears nothing', { headers: JSON_TYPE, body: '{"language":"en","segments":[]}' }],
  [
    'does not say the language',
    { headers: JSON_TYPE, body: JSON.stringify({ ...HEARD, language: null }) },
  ],
  ['makes no sense', { headers: JSON_TYPE, body: '[1]' }],
])('a service that %s is not asked again', async (_, said) => {
  answer = () => said;
  const id = await uploadVideo(world, ada, film);
  await write(id);
  expect(await tracksOf(id)).toEqual([]);
});

test('a silent video is not sent', async () => {
  const id = await uploadVideo(world, ada, await clip({ sound: null }));
  expect(await tracksOf(id)).toEqual([]);
  expect(service.requests).toEqual([]);
});

test.each([
  ['not JSON', null],
  ['{"segments":[{"start":-1,"end":2,"text":"x"}]}', null],
  ['{"language":"Klingon of old","segments":[]}', { language: null, cues: [] }],
  ['{"language":"German","segments":[]}', { language: 'de', cues: [] }],
])('an answer is read strictly: %s', (json, heard) => {
  expect(readHeard(json)).toEqual(heard);
});
