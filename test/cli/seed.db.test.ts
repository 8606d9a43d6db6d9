// `triptych seed` on the embedded PostgreSQL: a small world, seen through the public API with its well-known tokens.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { seedToken } from '../../src/cli/seed/tokens.js';
import { startServerProcess, type ServerProcess } from '../support/server-process.js';
import { triptych, type Answer } from '../support/triptych-command.js';

const PEOPLE = 4;
const POSTS = 10;
/** One for ten posts. */
const VIDEOS = 1;
const PATIENCE_MS = 600_000;

const dataDirectory = mkdtempSync(path.join(tmpdir(), 'triptych-seed-'));
const env = { DATA_DIR: dataDirectory, PUBLIC_URL: 'http://localhost:8080' };
const seed = (environment: Record<string, string> = env): Promise<Answer> =>
  triptych(['seed', '--people', String(PEOPLE), '--posts', String(POSTS)], environment);
let answer: Answer;
let server: ServerProcess;

beforeAll(async () => {
  answer = await seed();
  server = await startServerProcess(env);
}, PATIENCE_MS);
afterAll(async () => {
  await server.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
});

const as = <Data>(username: string, query: string, variables = {}): Promise<Data> =>
  server.graphql<Data>(query, variables, seedToken(username).token);

test('it says what was made, how to sign in, and that the tokens are no secret', () => {
  expect(answer).toMatchObject({ code: 0 });
  expect(answer.stdout).toContain(`${PEOPLE + 2} people`);
  expect(answer.stdout).toContain(`${POSTS + VIDEOS} posts`);
  expect(answer.stdout).toContain(`${VIDEOS} videos`);
  expect(answer.stdout).toContain(seedToken('ada').token);
  expect(answer.stdout).toContain('WARNING');
});

test('the tokens open the accounts of ada, ben, a moderator and the owner', async () => {
  const VIEWER = '{ viewer { role actor { username displayName bio avatar { url } } } }';
  for (const [username, role] of [
    ['ada', 'USER'],
    ['ben', 'USER'],
    ['mod', 'MODERATOR'],
    ['admin', 'OWNER'],
  ] as const) {
    expect(await as(username, VIEWER)).toEqual({
      viewer: {
        role,
        actor: {
          username,
          displayName: expect.stringMatching(/\S/),
          bio: expect.stringMatching(/\S/),
          avatar: { url: expect.stringContaining('/media/') },
        },
      },
    });
  }
});

interface Home {
  viewer: {
    homeTimeline: {
      nodes: {
        publishedAt: string;
        author: { username: string };
        caption: string;
        media: { altText: string; state: string; url: string }[];
      }[];
    };
  };
}

test('the home timeline of ada has the posts of several people, each picture there and described', async () => {
  const { viewer } = await as<Home>(
    'ada',
    `{ viewer { homeTimeline(first: 20) { nodes {
      ... on PhotoPost { publishedAt author { username } caption media { altText state url } } } } } }`,
  );
  const { nodes } = viewer.homeTimeline;
  expect(new Set(nodes.map(({ author }) => author.username)).size).toBeGreaterThan(1);
  for (const { publishedAt, caption, media } of nodes) {
    expect(Date.parse(publishedAt)).toBeLessThan(Date.now());
    expect(caption).toContain('class="mention hashtag"');
    for (const { altText, state, url } of media) {
      expect(altText).toMatch(/^.{20,}\.$/u);
      expect(state).toBe('READY');
      const picture = await fetch(url.replace(env.PUBLIC_URL, server.origin));
      expect(picture.headers.get('content-type')).toBe('image/jpeg');
    }
  }
});

test('a video plays, and has a title, a description and a sound', async () => {
  interface Videos {
    publicTimeline: {
      nodes: {
        title: string;
        soundSource: string | null;
        video: { state: string; durationMs: number; altText: string; sources: { url: string }[] };
      }[];
    };
  }
  const { publicTimeline } = await as<Videos>(
    'mod',
    `{ publicTimeline(first: 20, filter: { kinds: [VIDEO] }) { nodes { ... on VideoPost {
      title soundSource video { state durationMs altText sources { url } } } } } }`,
  );
  expect(publicTimeline.nodes).toHaveLength(VIDEOS);
  const { title, soundSource, video } = publicTimeline.nodes[0]!;
  expect(title).toMatch(/\S/);
  expect(soundSource).toBe('OWN');
  expect(video).toMatchObject({ state: 'READY', altText: expect.stringMatching(/^.{20,}\.$/u) });
  expect(Math.round(video.durationMs / 1000)).toBe(4);
  const file = await fetch(video.sources.at(-1)!.url.replace(env.PUBLIC_URL, server.origin));
  expect(file.headers.get('content-type')).toBe('video/mp4');
});

test('the public timeline goes back over months, and counts agree with what is there', async () => {
  interface Public {
    publicTimeline: {
      nodes: {
        publishedAt: string;
        counts: { comments: number };
        comments: { nodes: { replyCount: number }[] };
      }[];
    };
  }
  const { publicTimeline } = await as<Public>(
    'ben',
    `{ publicTimeline(first: 20, filter: { kinds: [PHOTO] }) { nodes { ... on PhotoPost {
      publishedAt counts { comments } comments(first: 20) { nodes { replyCount } } } } } }`,
  );
  const { nodes } = publicTimeline;
  expect(nodes.length).toBeGreaterThan(POSTS / 2);
  const times = nodes.map(({ publishedAt }) => Date.parse(publishedAt));
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(20 * 86_400_000);
  for (const { counts, comments } of nodes) {
    const answers = comments.nodes.map(({ replyCount }) => replyCount);
    expect(counts.comments).toBe(answers.length + answers.reduce((sum, count) => sum + count, 0));
  }
});

test(
  'a second run is refused beside the running server, and without it because there are people',
  async () => {
    expect(await seed()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('stop it first'),
    });
    await server.stop();
    expect(await seed()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('There are people on this server already'),
    });
    server = await startServerProcess(env);
  },
  PATIENCE_MS,
);

test('a server with a public address is not seeded, and not even prepared', async () => {
  const elsewhere = path.join(dataDirectory, 'elsewhere');
  expect(await seed({ DATA_DIR: elsewhere, PUBLIC_URL: 'https://photos.example' })).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('--force'),
  });
  expect(
    await seed({ DATA_DIR: elsewhere, PUBLIC_URL: 'https://localhost.example' }),
  ).toMatchObject({ code: 1 });
});
