// Exports and imports, seen live by their owner, who is told when an archive is there.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { exportsOf, requestExport } from '../support/exports.js';
import { notificationsOf } from '../support/notifications.js';
import { publish } from '../support/posts.js';
import { connectSocket, subscribe, subscribed, type TestSocket } from '../support/socket.js';
import { startWorld, type Person, type World } from '../support/world.js';

const PROGRESS = `subscription ($id: ID!) { jobProgress(id: $id) {
  subjectId state stage progressPercent media { id } export { id state downloadUrl } import { id imported waiting } } }`;

interface Progress {
  readonly subjectId: string;
  readonly state: string;
  readonly stage: string | null;
  readonly progressPercent: number;
  readonly media: object | null;
  readonly export: { readonly id: string; readonly downloadUrl: string | null } | null;
  readonly import: {
    readonly id: string;
    readonly imported: number;
    readonly waiting: number;
  } | null;
}

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

async function untilOver(socket: TestSocket): Promise<Progress[]> {
  const seen: Progress[] = [];
  while (seen.at(-1)?.state !== 'SUCCEEDED') {
    const { payload } = await socket.next();
    seen.push((payload as { data: { jobProgress: Progress } }).data.jobProgress);
  }
  return seen;
}

test('an export grows before its owner’s eyes, and a notification says that it is there', async () => {
  const ada = await world.local('ada');
  for (let made = 0; made < 4; made++) await publish(world, ada);
  await world.settle();
  const { export: asked } = await requestExport(ada, { format: 'ACTIVITYPUB_ARCHIVE' });
  await using socket = await connectSocket(world.origin, ada.token);
  await subscribed(socket, 'progress', PROGRESS, { id: asked!.id });
  await world.settle();
  const seen = await untilOver(socket);
  const running = seen.filter(({ state }) => state === 'RUNNING');
  expect(running.map(({ progressPercent }) => progressPercent)).toEqual([
    11, 23, 35, 47, 59, 71, 83, 95,
  ]);
  expect(running[0]).toMatchObject({
    subjectId: asked!.id,
    stage: 'EXPORT',
    media: null,
    import: null,
  });
  expect(seen.at(-1)).toMatchObject({
    stage: null,
    progressPercent: 100,
    export: { id: asked!.id, downloadUrl: expect.stringContaining('/exports/dataexport_') },
  });
  expect((await notificationsOf(ada)).nodes).toMatchObject([
    {
      kind: 'EXPORT_READY',
      isRead: false,
      actorCount: 0,
      actors: [],
      subject: null,
      fallbackTitle: 'Your archive is ready to be downloaded',
      fallbackUrl: null,
    },
  ]);
  await ada.graphql(
    'mutation { updateSettings(input: { language: "fr" }) { userErrors { code } } }',
  );
  expect((await notificationsOf(ada)).nodes[0]?.fallbackTitle).toBe(
    'Votre archive est prête à être téléchargée',
  );
});

test('an import goes on before its owner’s eyes', async () => {
  const ben = await world.local('ben');
  const csv = Array.from({ length: 150 }, (_, place) => `#tag${place}`).join('\n');
  const answer = await ben.graphql<{ startImport: { import: { id: string } } }>(
    'mutation ($csv: String!) { startImport(input: { source: CSV_HASHTAGS, csv: $csv }) { import { id } } }',
    { csv },
  );
  const { id } = answer.data.startImport.import;
  await using socket = await connectSocket(world.origin, ben.token);
  await subscribed(socket, 'progress', PROGRESS, { id });
  await world.settle();
  // That it was asked for may still be heard.
  const seen = (await untilOver(socket)).filter(({ state }) => state !== 'QUEUED');
  expect(seen.map(({ state, stage, progressPercent }) => [state, stage, progressPercent])).toEqual([
    ['RUNNING', 'IMPORT', 66],
    ['RUNNING', 'IMPORT', 100],
    ['SUCCEEDED', null, 100],
  ]);
  expect(seen.at(-1)?.import).toEqual({ id, imported: 150, waiting: 0 });
});

async function refusal(who: Person, id: string, scopes: readonly string[] | null) {
  const token = scopes === null ? who.token : await tokenWith(who, scopes);
  await using socket = await connectSocket(world.origin, token);
  subscribe(socket, 'progress', PROGRESS, { id });
  const { type, payload } = await socket.next();
  expect(type).toBe('error');
  return (payload as { extensions: Record<string, unknown> }[])[0]?.extensions;
}

async function tokenWith(who: Person, scopes: readonly string[]): Promise<string> {
  const made = await who.graphql<{ createPersonalAccessToken: { token: string } }>(
    `mutation ($scopes: [String!]!) { createPersonalAccessToken(input: { name: "app", scopes: $scopes }) { token } }`,
    { scopes },
  );
  return made.data.createPersonalAccessToken.token;
}

test('somebody else’s export looks like none, and a token that may only read hears nothing', async () => {
  const [cal, dot] = [await world.local('cal'), await world.local('dot')];
  await requestExport(cal, { format: 'CSV_LISTS' });
  const [made] = await exportsOf(cal);
  expect(await refusal(dot, made!.id, null)).toMatchObject({ reason: 'NOT_FOUND', path: ['id'] });
  const missing = `dataexport_${'0'.repeat(26)}`;
  expect(await refusal(dot, missing, null)).toMatchObject({ reason: 'NOT_FOUND', path: ['id'] });
  expect(await refusal(cal, made!.id, ['read'])).toMatchObject({ code: 'INSUFFICIENT_SCOPE' });
});
