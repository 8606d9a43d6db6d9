// T1: nothing that is said inside the encryption is anywhere on a server, on the way between two, or in what wakes devices.
import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { paddedSize, sealedSize } from '../../sdk/src/chat/attachments.js';
import { newRecoveryKey } from '../../sdk/src/chat/backup.js';
import { Chat } from '../../sdk/src/chat/chat.js';
import { fileOf } from '../../sdk/src/chat/file-source.js';
import { openLink, requestLink } from '../../sdk/src/chat/linking.js';
import { TriptychClient } from '../../sdk/src/client/client.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import {
  dumpOf,
  filesBelow,
  filesOfDatabase,
  findCanaries,
  holdLog,
  logSince,
  type Haystack,
} from '../support/canaries.js';
import {
  ask,
  join,
  startSites,
  type Site,
  type SitePerson,
} from '../support/federating-processes.js';
import {
  makePushClient,
  startPushService,
  type PushClient,
  type PushService,
} from '../support/push-service.js';
import { startRecordingProxy, type RecordingProxy } from '../support/recording-proxy.js';
import { until } from '../support/until.js';
import { WORLD_PASSWORD } from '../support/world.js';

// Two whole servers start beside all other tests.
jest.setTimeout(300_000);

const ABOUT = { name: 'Telephone', platform: 'Node' };

const stack = new AsyncDisposableStack();
const lines: RecordingProxy[] = [];
let pushes: PushService;
let since: string;
let [a, b]: Site[] = [];

beforeAll(async () => {
  pushes = stack.use(await startPushService());
  [a, b] = await startSites(stack, ['a.example', 'b.example'], {
    elsewhere: { 'fcm.push.example': pushes.port },
    environment: { LOG_LEVEL: 'trace' },
    doorTo: async (host, port) => {
      const line = stack.use(await startRecordingProxy(port, host));
      lines.push(line);
      return line.port;
    },
  });
  since = await holdLog(a!.connection);
});

afterAll(() => stack.disposeAsync());

/** A word that stands nowhere by chance. */
const canary = (kind: string): string => `canary-${kind}-${randomBytes(12).toString('hex')}`;

const reach = (url: string): string =>
  [a!, b!].reduce(
    (reached, site) => reached.replace(`https://${site.host}`, site.process().origin),
    url,
  );

async function signedIn({ site }: Pick<SitePerson, 'site'>, username: string) {
  const client = new TriptychClient({ origin: site.process().origin, reach });
  await client.signIn(username, WORLD_PASSWORD);
  return client;
}

const freshStore = () => Store.open(new MemoryStorage(), randomBytes(32));

async function deviceOf(who: SitePerson, username: string): Promise<Chat> {
  return Chat.open(await signedIn(who, username), await freshStore(), ABOUT);
}

/** Takes what comes, until a word is there. */
const hears = (chat: Chat, word: string): Promise<boolean> =>
  until(
    async () => {
      await chat.synchronise();
      return JSON.stringify([...chat.conversations(), ...said(chat)]).includes(word);
    },
    { every: 50 },
  );

const said = (chat: Chat) => chat.conversations().flatMap(({ id }) => chat.messages(id));

/** All that the servers keep, print and send. */
async function everything(client: PushClient): Promise<Haystack[]> {
  const found = [
    ...lines.flatMap(({ passed }) => passed),
    ...(await logSince(a!.connection, since)),
  ];
  for (const site of [a!, b!]) {
    const { host, connection, dataDirectory } = site;
    found.push(...named(host, await dumpOf(connection)));
    found.push(...named(host, await filesOfDatabase(connection)));
    found.push(...named(host, await filesBelow(dataDirectory)));
    found.push({ name: `${host} prints`, bytes: Buffer.from(site.process().output()) });
  }
  for (const push of pushes.received) {
    const head = Buffer.from(JSON.stringify([push.path, push.headers]));
    const inside = Buffer.from(JSON.stringify(client.open(push)));
    found.push({ name: 'push', bytes: Buffer.concat([head, push.body, inside]) });
  }
  return found;
}

const named = (host: string, haystacks: readonly Haystack[]): Haystack[] =>
  haystacks.map(({ name, bytes }) => ({ name: `${host} ${name}`, bytes }));

test('E15 T1: what people of two servers say, name, react with, attach, pass on and back up stands nowhere in any form', async () => {
  const [adas, bens, cats] = [await join(a!, 'ada'), await join(b!, 'ben'), await join(a!, 'cat')];
  const [ada, ben, cat] = [
    await deviceOf(adas, 'ada'),
    await deviceOf(bens, 'ben'),
    await deviceOf(cats, 'cat'),
  ];
  const kinds = [
    'title',
    'text',
    'edit',
    'answer',
    'file',
    'beside',
    'bytes',
    'poll',
    'option',
    'place',
    'contact',
    'call',
  ];
  const words = Object.fromEntries(kinds.map((kind) => [kind, canary(kind)])) as Record<
    string,
    string
  >;
  words['emoji'] = canary('emoji').slice(0, 32);
  const id = await ada.createGroup(['ben@b.example', 'cat'], words['title']);
  await hears(ben, words['title']!);
  await hears(cat, words['title']!);
  const bensId = ben.conversations()[0]!.id;
  const push = makePushClient();
  await ben.sendText(bensId, words['answer']!);
  await ben.enablePush({
    endpoint: 'https://fcm.push.example/send',
    keys: { p256dh: push.p256dh, auth: push.auth },
  });
  const text = await ada.sendText(id, words['text']!);
  await until(() => pushes.received.length > 0);
  await ada.send(id, { kind: 'edit', target: text, html: words['edit']! });
  const file = fileOf(new Blob([`${words['bytes']} `.repeat(2000)]));
  await ada.sendFile(id, file, {
    name: words['file']!,
    mediaType: 'audio/ogg',
    durationMs: 4200,
    waveform: [0, 40, 100],
    text: words['beside']!,
  });
  await hears(ben, words['beside']!);
  await ben.send(bensId, { kind: 'reaction', target: text, emoji: words['emoji'] });
  await ben.send(bensId, {
    kind: 'poll',
    question: words['poll']!,
    options: [words['option']!, 'b'],
    isMultiple: false,
    endsAt: null,
  });
  await ben.send(bensId, { kind: 'location', latitude: 1, longitude: 2, name: words['place']! });
  await ben.send(bensId, { kind: 'contact', uri: ada.self.actorUri, name: words['contact']! });
  await ben.send(bensId, { kind: 'call', callId: 'x', signal: 'offer', body: words['call']! });
  await ben.signal(bensId, 'typing');
  await ben.renewKeys(bensId);
  await hears(ada, words['call']!);
  await ada.setTimer(id, 3600);
  // What was said goes on to another device, and into a backup, history and all.
  const request = await requestLink();
  const linked = await openLink(request, await ada.answerLink(request.text));
  const laptop = await Chat.openLinked(
    await signedIn(adas, 'ada'),
    await freshStore(),
    ABOUT,
    linked,
  );
  const recoveryKey = await newRecoveryKey();
  await ada.saveBackup(recoveryKey);
  // The words did arrive.
  await hears(cat, words['call']!);
  for (const chat of [ben, cat, laptop])
    for (const [kind, word] of Object.entries(words))
      if (!['text', 'bytes'].includes(kind))
        expect([kind, JSON.stringify([chat.conversations(), said(chat)])]).toEqual([
          kind,
          expect.stringContaining(word),
        ]);
  const [attached] = said(ben).flatMap(({ content }) =>
    content?.kind === 'text' ? content.attachments : [],
  );
  expect(Buffer.from(await ben.files.read(attached!, ada.self.actorUri)).toString()).toContain(
    words['bytes'],
  );

  // What the servers are to read is found in tables, in the log, in files and on the way.
  const open = canary('open');
  await sayOpenly(cats, 'ben@b.example', open);
  await arrives(b!, open);
  const haystacks = await everything(push);
  const places = [...new Set(findCanaries([open], haystacks).map(({ where }) => where))];
  for (const place of [
    /^a\.example table /,
    /^b\.example table /,
    /^WAL /,
    /^a\.example .*\/base\//,
    /^b\.example .*\/base\//,
    /^b\.example is asked POST/,
  ])
    expect(places).toContainEqual(expect.stringMatching(place));

  const secrets = [ada.identitySeed, ben.identitySeed, cat.identitySeed, recoveryKey];
  const keys = [...secrets, attached!.key, linked.history!.key].map((key) => Buffer.from(key));
  expect(findCanaries([...Object.values(words), ...keys], haystacks)).toEqual([]);
  const sizes = new Map(haystacks.map(({ name, bytes }) => [name, bytes.length]));
  for (const host of ['a.example', 'b.example']) {
    expect(sizes.get(`${host} table public.chat_messages`)).toBeGreaterThan(5000);
    expect(sizes.get(`${host} prints`)).toBeGreaterThan(100);
  }
  const stored = [...sizes].filter(([name]) => name.startsWith(`a.example ${a!.dataDirectory}`));
  expect(stored.map(([, size]) => size)).toContain(sealedSize(paddedSize(attached!.sizeBytes)));
  expect(haystacks.filter(({ name }) => name === 'push')).not.toEqual([]);
  const passed = lines.flatMap((line) => line.passed);
  expect(passed.filter(({ bytes }) => bytes.includes('PrivateMessage')).length).toBeGreaterThan(5);
});

/** Says something that servers read. */
async function sayOpenly(who: SitePerson, handle: string, text: string): Promise<void> {
  const { fetchRemoteObject } = await ask<{ fetchRemoteObject: { object: { id: string } } }>(
    who,
    'mutation ($input: FetchRemoteObjectInput!) { fetchRemoteObject(input: $input) { object { id } } }',
    { input: { handle } },
  );
  const { createConversation } = await ask<{
    createConversation: { conversation: { id: string } };
  }>(
    who,
    `mutation ($ids: [ID!]!) { createConversation(input: { memberIds: $ids, encryption: NONE }) { conversation { id } } }`,
    { ids: [fetchRemoteObject.object.id] },
  );
  await ask(
    who,
    `mutation ($id: ID!, $text: Markdown!) { sendChatMessage(input: {
       conversationId: $id, clientMessageId: "control", content: { plaintext: $text } }) { userErrors { code } } }`,
    { id: createConversation.conversation.id, text },
  );
}

async function arrives({ connection }: Site, word: string): Promise<void> {
  const statement = `select from chat_messages where content_html like '%' || $1 || '%'`;
  await until(async () => (await connection.query(statement, [word])).rowCount, { every: 50 });
}

test('T1: the search finds a word in every form', () => {
  const word = canary('control');
  const text = Buffer.from(`before ${word} after`);
  const forms: Record<string, Buffer> = {
    utf8: text,
    utf16: Buffer.from(text.toString(), 'utf16le'),
    utf16be: Buffer.from(text.toString(), 'utf16le').swap16(),
    hex: Buffer.from(text.toString('hex')),
    gzip: Buffer.concat([Buffer.from('x'), gzipSync(text)]),
    zlib: Buffer.concat([Buffer.from('x'), deflateSync(text)]),
    'base64 of gzip': Buffer.from(`"${gzipSync(text).toString('base64')}"`),
    'utf16 in base64': Buffer.from(Buffer.from(text.toString(), 'utf16le').toString('base64')),
    ...Object.fromEntries(
      [0, 1, 2].map((shift) => [
        `base64 ${shift}`,
        Buffer.from(Buffer.concat([Buffer.alloc(shift), text]).toString('base64')),
      ]),
    ),
  };
  const found = findCanaries(
    [word],
    Object.entries(forms).map(([name, bytes]) => ({ name, bytes })),
  );
  expect(new Set(found.map(({ where }) => where))).toEqual(new Set(Object.keys(forms)));
});
