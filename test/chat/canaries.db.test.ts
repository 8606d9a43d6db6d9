// T1: nothing that is said inside the encryption is anywhere on a server. T4: and nothing there could read it.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { TriptychClient } from '../../sdk/src/client/client.js';
import { KeptGroups } from '../../sdk/src/chat/kept-groups.js';
import { keepBackup } from '../../sdk/src/chat/kept-backup.js';
import { newRecoveryKey } from '../../sdk/src/chat/backup.js';
import { sealFile } from '../../sdk/src/chat/attachments.js';
import { Chat } from '../../sdk/src/chat/chat.js';
import { stateOf } from '../../sdk/src/mls/ts-mls-group.js';
import { createMlsEngine } from '../../sdk/src/mls/ts-mls-engine.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import {
  databaseFiles,
  dumpOf,
  rowsOf,
  filesBelow,
  findCanaries,
  holdLog,
  type Haystack,
} from '../support/canaries.js';
import { keepAttachment } from '../support/chat-attachments.js';
import { freshDatabase } from '../support/database.js';
import { startServerProcess, type ServerProcess } from '../support/server-process.js';
import { WORLD_PASSWORD } from '../support/world.js';
import {
  keysOfServer,
  openAttachment,
  openKeptBackup,
  openMessage,
  openWelcome,
} from './reading-keys.js';

// A whole server starts beside all other tests.
jest.setTimeout(300_000);

const stack = new AsyncDisposableStack();
let server: ServerProcess;
let database: pg.Client;
let directory: string;

beforeAll(async () => {
  const { url } = stack.use(await freshDatabase());
  directory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  database = new pg.Client({ connectionString: url });
  await database.connect();
  stack.defer(() => database.end());
  server = stack.use(
    await startServerProcess({
      DATABASE_URL: url,
      DATA_DIR: directory,
      PUBLIC_URL: 'https://a.example',
      REGISTRATION_EMAIL_VERIFICATION: 'optional',
      LOG_LEVEL: 'trace',
    }),
  );
});

afterAll(() => stack.disposeAsync());

/** Somebody with a device. */
async function join(username: string) {
  await server.graphql(
    'mutation ($input: RegisterAccountInput!) { registerAccount(input: $input) { userErrors { code } } }',
    {
      input: {
        username,
        email: `${username}@people.example`,
        password: WORLD_PASSWORD,
        birthDate: '1990-05-01',
        agreedToRules: true,
      },
    },
  );
  const reach = (url: string): string => url.replace('https://a.example', server.origin);
  const client = new TriptychClient({ origin: server.origin, reach });
  await client.signIn(username, WORLD_PASSWORD);
  const store = await Store.open(new MemoryStorage(), randomBytes(32));
  const chat = await Chat.open(client, store, { name: 'Telephone', platform: 'Node' });
  const graphql = async (query: string, variables: Record<string, unknown> = {}) => ({
    data: await server.graphql<never>(query, variables, client.transport.token!),
    status: 200,
    headers: new Headers(),
  });
  return { client, chat, store, reach, graphql };
}

/** A word that stands nowhere by chance. */
const canary = (kind: string): string => `canary-${kind}-${randomBytes(12).toString('hex')}`;

async function everything(since: string): Promise<Haystack[]> {
  return [
    ...(await dumpOf(database)),
    ...(await databaseFiles(database, since)),
    ...(await filesBelow(directory)),
    { name: 'what it printed', bytes: Buffer.from(server.output()) },
  ];
}

test('T4: with all that the server has, its own keys included, nothing of it can be opened', async () => {
  const [cat, dan] = [await join('cat'), await join('dan')];
  const id = await cat.chat.openDirect('dan');
  const sealed = await sealFile(randomBytes(1000));
  await keepAttachment(cat, cat, sealed.ciphertext);
  await cat.chat.sendText(id, 'For dan alone');
  const recoveryKey = await newRecoveryKey();
  await keepBackup(cat.client, cat.chat.backup(), recoveryKey);
  const values = (await rowsOf(database)).flatMap(({ values }) => values);
  const keys = await keysOfServer(path.join(directory, 'server.key'), values);
  expect(keys.length).toBeGreaterThan(1000);
  const kept = await keptOf(parseGlobalId(id)!.id);
  const state = stateOf(new KeptGroups(cat.store, await anyEngine()).find(id)!);
  const { senderDataSecret } = state.keySchedule;
  expect(await openMessage(kept.APPLICATION, [senderDataSecret])).toBe(1);
  expect(await openMessage(kept.APPLICATION, keys)).toBe(0);
  expect(await openWelcome(kept.WELCOME, keys)).toBe(0);
  expect(await openAttachment(sealed.ciphertext, [sealed.key])).toBe(1);
  expect(await openAttachment(sealed.ciphertext, keys)).toBe(0);
  const { rows } = await database.query<{ data: Buffer }>('select data from chat_key_backups');
  for (const { data } of rows) expect(await openKeptBackup(data, keys)).toBe(0);
  expect(await openKeptBackup(rows.at(-1)!.data, [recoveryKey])).toBe(1);
  await dan.chat.synchronise();
  expect(dan.chat.messages(id)).toHaveLength(1);
});

test('E15 T1: what people say, name, react with, attach and back up stands nowhere on the server in any form', async () => {
  const since = await holdLog(database);
  const [ada, ben] = [await join('ada'), await join('ben')];
  const kinds = [
    'text',
    'edit',
    'file',
    'bytes',
    'title',
    'emoji',
    'poll',
    'place',
    'call',
    'word',
  ];
  const said = Object.fromEntries(kinds.map((kind) => [kind, canary(kind)])) as Record<
    string,
    string
  >;
  said['emoji'] = said['emoji']!.slice(0, 32);
  const id = await ada.chat.createGroup(['ben'], said['title']);
  const text = await ada.chat.sendText(id, said['text']!);
  await ada.chat.send(id, { kind: 'edit', target: text, html: said['edit']! });
  const content = Buffer.from(`${said['bytes']} `.repeat(2000));
  const sealed = await sealFile(content);
  const { url } = await keepAttachment(ada, ada, sealed.ciphertext);
  await ada.chat.send(id, {
    kind: 'text',
    html: '',
    inReplyTo: null,
    attachments: [
      {
        url,
        key: sealed.key,
        sha256: sealed.sha256,
        sizeBytes: content.length,
        mediaType: 'text/plain',
        name: said['file']!,
        width: null,
        height: null,
        durationMs: null,
        waveform: null,
      },
    ],
  });
  await ben.chat.synchronise();
  await ben.chat.send(id, { kind: 'reaction', target: text, emoji: said['emoji'] });
  await ben.chat.send(id, {
    kind: 'poll',
    question: said['poll']!,
    options: ['a', 'b'],
    isMultiple: false,
    endsAt: null,
  });
  await ben.chat.send(id, { kind: 'location', latitude: 1, longitude: 2, name: said['place']! });
  await ben.chat.send(id, { kind: 'call', callId: 'x', signal: 'offer', body: said['call']! });
  await ben.chat.signal(id, 'typing');
  await ada.chat.synchronise();
  // The words did arrive.
  const [first] = ben.chat.messages(id);
  expect(JSON.stringify(first!.content)).toContain(said['edit']);
  expect(JSON.stringify(ada.chat.messages(id))).toContain(said['place']);
  // The control: what the server is to read is found in tables, in the log and in files.
  const open = canary('open');
  const { createConversation } = await server.graphql<{
    createConversation: { conversation: { id: string } };
  }>(
    `mutation ($ids: [ID!]!) { createConversation(input: { memberIds: $ids, encryption: NONE }) { conversation { id } } }`,
    { ids: [ben.chat.self.actorId] },
    ada.client.transport.token!,
  );
  await server.graphql(
    `mutation ($id: ID!, $text: Markdown!) { sendChatMessage(input: {
       conversationId: $id, clientMessageId: "control", content: { plaintext: $text } }) { userErrors { code } } }`,
    { id: createConversation.conversation.id, text: open },
    ada.client.transport.token!,
  );
  const recoveryKey = await newRecoveryKey();
  await keepBackup(ada.client, ada.chat.backup(), recoveryKey);
  const haystacks = await everything(since);
  const secrets = [ada.chat.identitySeed, ben.chat.identitySeed, sealed.key, recoveryKey];
  expect(
    findCanaries([...Object.values(said), ...secrets.map((key) => Buffer.from(key))], haystacks),
  ).toEqual([]);
  const places = new Set(findCanaries([open], haystacks).map(({ where }) => where.split(' ')[0]));
  expect([...places].some((place) => place === 'table')).toBe(true);
  expect([...places].some((place) => place === 'WAL')).toBe(true);
  expect([...places].some((place) => place?.includes('/base/'))).toBe(true);
  const sizes = new Map(haystacks.map(({ name, bytes }) => [name, bytes.length]));
  expect(sizes.get('table public.chat_messages')).toBeGreaterThan(5000);
  expect(sizes.get('what it printed')).toBeGreaterThan(0);
  expect(
    [...sizes].some(
      ([name, size]) => name.startsWith(directory) && size === sealed.ciphertext.length,
    ),
  ).toBe(true);
});

test('T1: the search finds a word in every form', () => {
  const word = canary('control');
  const text = Buffer.from(`before ${word} after`);
  const forms: Record<string, Buffer> = {
    utf8: text,
    utf16: Buffer.from(text.toString(), 'utf16le'),
    utf16be: Buffer.from(text.toString(), 'utf16le').swap16(),
    hex: Buffer.from(text.toString('hex')),
    gzip: Buffer.concat([Buffer.from('x'), gzipSync(text)]),
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

const anyEngine = () => createMlsEngine(() => Promise.resolve(true));

/** The first message and the Welcome of a conversation. */
async function keptOf(conversationId: string): Promise<Record<'APPLICATION' | 'WELCOME', Buffer>> {
  const { rows } = await database.query<{ kind: string; ciphertext: Buffer }>(
    `select kind, ciphertext from chat_messages where conversation_id = $1 order by sequence desc`,
    [conversationId],
  );
  return Object.fromEntries(rows.map(({ kind, ciphertext }) => [kind, ciphertext])) as never;
}
