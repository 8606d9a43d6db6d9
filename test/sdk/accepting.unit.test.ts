// What somebody accepts of what is doubtful is what they have seen; what came since then stays.
import { beforeEach, expect, test } from '@jest/globals';
import type { TriptychClient } from '../../sdk/src/client/client.js';
import type { ChatServer } from '../../sdk/src/chat/chat-server.js';
import { acceptDoubts } from '../../sdk/src/chat/doubts.js';
import { acceptFindings, findingsIn, keepFindings, OWN_LOOK } from '../../sdk/src/chat/findings.js';
import { newKeyPair } from '../../sdk/src/chat/identity.js';
import { KeyLog } from '../../sdk/src/chat/key-log.js';
import type { KeyLogFinding } from '../../sdk/src/chat/key-log-words.js';
import { PeerLogs } from '../../sdk/src/chat/peer-logs.js';
import { People } from '../../sdk/src/chat/people.js';
import {
  ONLY,
  TABLES,
  type ClaimedHead,
  type Doubt,
  type StoredConversation,
} from '../../sdk/src/chat/records.js';
import { freshConversation, Session } from '../../sdk/src/chat/session.js';
import { claimKey } from '../../sdk/src/chat/gossip.js';
import { createMlsEngine } from '../../sdk/src/mls/ts-mls-engine.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';

const A = 'https://a.example';
const [ADA, ALICE] = [`${A}/users/ada`, 'https://b.example/users/alice'];

let store: Store;
let session: Session;

beforeEach(async () => {
  store = await Store.open(new MemoryStorage(), Buffer.alloc(32, 1));
  const [identity, device] = [await newKeyPair(), await newKeyPair()];
  const self = { actorId: 'ada', actorUri: ADA, deviceId: 'one', position: '0' };
  const seeds = { identitySeed: identity.seed, deviceSeed: device.seed };
  const members = [ADA, ALICE];
  const conversation = freshConversation({ id: 'pair', isGroup: false, isMember: true, members });
  await store.transaction((tx) => {
    tx.put(TABLES.self, ONLY, { ...self, ...seeds });
    tx.put(TABLES.conversations, 'pair', conversation);
  });
  // Nothing here is asked of a server.
  const server = {} as ChatServer;
  const engine = await createMlsEngine(async () => true);
  session = new Session(store, engine, server, new People(store, server));
});

const doubtful = async (reason: Doubt['reason']): Promise<Doubt> => {
  const { publicKey: signatureKey } = await newKeyPair();
  return { identity: ALICE, signatureKey, reason };
};

async function doubt(...doubts: readonly Doubt[]): Promise<void> {
  const conversation = session.conversation('pair');
  await store.transaction((tx) =>
    tx.put(TABLES.conversations, 'pair', { ...conversation, doubts }),
  );
}

const doubts = (): readonly Doubt[] =>
  store.get<StoredConversation>(TABLES.conversations, 'pair')!.doubts;

test('of doubts those stay that came since, and those of a seen device that are other ones now', async () => {
  const [seen, later] = [await doubtful('unknown'), await doubtful('unknown')];
  await doubt(seen, later);
  await acceptDoubts(session, 'pair', [seen]);
  expect(doubts()).toEqual([later]);
  const { publicKey: key } = await newKeyPair();
  const other: Doubt = { ...later, reason: 'identityChanged', newIdentity: { key, version: 2 } };
  await doubt(other);
  await acceptDoubts(session, 'pair', [later, seen]);
  expect(doubts()).toEqual([other]);
  await acceptDoubts(session, 'pair', [other]);
  expect(doubts()).toEqual([]);
});

test('of a log that is believed anew that stays which was found since, with what somebody said that led to it', async () => {
  const seen: KeyLogFinding = { kind: 'rewritten', server: A };
  const later: KeyLogFinding = { kind: 'splitView', server: A, from: ALICE };
  const claim: ClaimedHead = { from: ALICE, server: A, size: 7, root: new Uint8Array(32) };
  await store.transaction((tx) => tx.put(TABLES.heads, claimKey(claim), claim));
  await keepFindings(store, OWN_LOOK, [seen, later]);
  const held = (): KeyLogFinding[] => findingsIn(store, session.conversation('pair'));
  expect(held()).toEqual([seen, later]);
  const unseen = await acceptFindings(store, [seen]);
  expect(unseen).toEqual([later]);
  const client = {} as TriptychClient;
  const peerLogs = new PeerLogs(client, session, new KeyLog(client, store));
  await peerLogs.accept(A, unseen);
  expect(held()).toEqual([later]);
  expect(store.all(TABLES.heads)).toEqual([claim]);
  await peerLogs.accept(A);
  expect(held()).toEqual([]);
  expect(store.all(TABLES.heads)).toEqual([]);
});
