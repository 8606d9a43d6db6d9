// T4: nothing that a server has could read what is said inside the encryption.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { TriptychClient } from '../../sdk/src/client/client.js';
import { KeptGroups } from '../../sdk/src/chat/kept-groups.js';
import { keepBackup } from '../../sdk/src/chat/kept-backup.js';
import { newRecoveryKey } from '../../sdk/src/chat/backup.js';
import { sealFile } from '../../sdk/src/chat/attachments.js';
import { Chat } from '../../sdk/src/chat/chat.js';
import { TABLES, type StoredPackage } from '../../sdk/src/chat/records.js';
import { stateOf } from '../../sdk/src/mls/ts-mls-group.js';
import { createMlsEngine } from '../../sdk/src/mls/ts-mls-engine.js';
import { unpack, toHex } from '../../sdk/src/crypto/bytes.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { rowsOf } from '../support/canaries.js';
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

test('T4: with all that the server has, its own keys included, nothing of it can be opened', async () => {
  const [cat, dan] = [await join('cat'), await join('dan')];
  const id = await cat.chat.openDirect('dan');
  const sealed = await sealFile(randomBytes(1000));
  await keepAttachment(cat, cat, sealed.ciphertext);
  await cat.chat.sendText(id, 'For dan alone');
  const recoveryKey = await newRecoveryKey();
  await keepBackup(cat.client, cat.chat.backup(), recoveryKey);
  const values = (await rowsOf(database)).flatMap(({ values }) => values);
  const keyFile = path.join(directory, 'server.key');
  const keys = await keysOfServer(keyFile, values);
  expect(keys.length).toBeGreaterThan(1000);
  const kept = await keptOf(parseGlobalId(id)!.id);
  const engine = await anyEngine();
  const state = stateOf(new KeptGroups(cat.store, engine).find(id)!);
  const { senderDataSecret } = state.keySchedule;
  // Wherever one of them stood, as bytes or as digits in a text, it would be among the keys that are tried.
  const inHex = Buffer.from(`{"key":"${Buffer.from(senderDataSecret).toString('hex')}"}`);
  const inBase64 = Buffer.from(`key ${Buffer.from(senderDataSecret).toString('base64url')}`);
  const among = Buffer.concat([Buffer.from('before'), senderDataSecret, Buffer.from('after')]);
  for (const value of [inHex, inBase64, among])
    expect(await keysOfServer(keyFile, [value])).toContainEqual(new Uint8Array(senderDataSecret));
  expect(await openMessage(kept.APPLICATION, [senderDataSecret])).toBe(1);
  expect(await openMessage(kept.APPLICATION, keys)).toBe(0);
  const named = engine.welcomeRefs(kept.WELCOME).map((ref) => toHex(ref));
  const own = dan.store.all<StoredPackage>(TABLES.packages).find(({ ref }) => named.includes(ref));
  const [, initKey] = unpack(own!.secrets);
  expect(await openWelcome(kept.WELCOME, [initKey!])).toBe(1);
  expect(await openWelcome(kept.WELCOME, keys)).toBe(0);
  expect(await openAttachment(sealed.ciphertext, [sealed.key])).toBe(1);
  expect(await openAttachment(sealed.ciphertext, keys)).toBe(0);
  const { rows } = await database.query<{ data: Buffer }>('select data from chat_key_backups');
  for (const { data } of rows) expect(await openKeptBackup(data, keys)).toBe(0);
  expect(await openKeptBackup(rows.at(-1)!.data, [recoveryKey])).toBe(1);
  await dan.chat.synchronise();
  expect(dan.chat.messages(id)).toHaveLength(1);
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
