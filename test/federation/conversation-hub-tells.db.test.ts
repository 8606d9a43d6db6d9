// What this server, as the hub of encrypted conversations, tells other servers: to whom, in which order, and no more.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  equipped,
  equippedPeople,
  lettersOf,
  say,
  sendCommit,
  sendSignal,
  talk,
} from '../support/encrypted-chat.js';
import { statement } from '../../src/platform/db/database.js';
import type { FakePeer } from '../support/fake-peer.js';
import {
  hubScene,
  openHubStage,
  placesOf,
  submit,
  write,
  type HubStage,
} from '../support/hub-scene.js';
import { runScheduled } from '../support/scheduled.js';
import { askSigned, strangerJoins, toldOf, type Told } from '../support/strange-chat.js';
import type { World } from '../support/world.js';

let stage: HubStage;
let a: World;
let b: FakePeer;
let c: FakePeer;

beforeAll(async () => {
  stage = await openHubStage();
  ({ a, b, c } = stage);
});

afterAll(() => stage[Symbol.asyncDispose]());

const RUN_NOW = statement(
  'test.conversation_hub_tells.run_now',
  'update graphile_worker._private_jobs set run_at = now() where run_at > now()',
);

test('T29: a Welcome goes to the server of the device alone, and then each message once, in its order, byte for byte', async () => {
  const { seat, uri, ben, cat, ada } = await hubScene(stage);
  const [welcome] = toldOf(b, uri);
  expect(placesOf(toldOf(b, uri))).toEqual([['Create', 'WELCOME', 1]]);
  expect(welcome).toMatchObject({
    actor: uri,
    to: [ben.actor.uri],
    object: { attributedTo: uri, mediaType: 'message/mls', encoding: 'base64', conversation: uri },
  });
  expect(welcome!.object['keyPackages']).toHaveLength(1);
  const bens = await strangerJoins(b, uri, ben);
  const cats = await strangerJoins(c, uri, cat);
  expect(bens.authenticator).toBe(seat.group.authenticator);
  const said = [await say(seat, 'One'), await say(seat, 'Two')];
  await a.settle();
  const messages = toldOf(b, uri).slice(1);
  expect(placesOf(messages)).toEqual([
    ['Create', 'APPLICATION', 2],
    ['Create', 'APPLICATION', 3],
  ]);
  expect(messages.map(({ object }) => object.content)).toEqual(
    said.map(({ ciphertext }) => ciphertext),
  );
  expect(messages[0]!.object['sender']).toEqual({
    actor: ada.uri,
    signatureKey: expect.any(String),
  });
  expect((await bens.read(Buffer.from(messages[0]!.object.content, 'base64'))).text).toBe('One');
  const [catsFirst] = toldOf(c, uri).slice(1);
  expect((await cats.read(Buffer.from(catsFirst!.object.content, 'base64'))).text).toBe('One');
});

test('T33: a server is told of its own people alone whom something is for, and of nobody it has nothing to do with', async () => {
  for (const peer of [b, c]) peer.requests.length = 0;
  const { seat, uri, ada, ben, cat, path } = await hubScene(stage);
  const other = await hubScene(stage, false);
  const apart = await equipped(a, await a.local('apart'));
  const [near] = await equippedPeople(a, 1);
  await talk(apart, [near!]);
  await say(seat, 'Hello');
  await say(other.seat, 'Just us');
  const made = await seat.group.commit();
  await sendCommit(seat.device, seat.conversationId, 1, made);
  await a.settle();
  const named = (peer: FakePeer): string[] => {
    const sent = peer.requests.filter(({ path: at }) => at === '/inbox').map(({ body }) => body);
    const uris = sent.flatMap(
      (body) => body.match(/https:\/\/[a-c]\.example\/(users|actors)\/[\w-]+/g) ?? [],
    );
    return [...new Set(uris)].toSorted();
  };
  // Who takes part they have to know, to see that nobody else reads on; the pair is nothing to the third server.
  const three = [ada.uri, ben.actor.uri, cat.actor.uri];
  expect(named(c)).toEqual(three.toSorted());
  expect(named(b)).toEqual([...three, other.ada.uri, other.ben.actor.uri].toSorted());
  expect(toldOf(c, other.uri)).toEqual([]);
  const welcomes: string[] = [];
  for (const [peer, person] of [
    [b, ben],
    [c, cat],
  ] as const) {
    const own = [person.actor.uri];
    const told = toldOf(peer, uri);
    expect(told.map(({ object }) => object.kind)).toEqual(['WELCOME', 'APPLICATION', 'COMMIT']);
    for (const { to, object } of told) {
      expect([to, object['to']]).toEqual([own, own]);
      expect(object['sender']).not.toHaveProperty('clientMessageId');
    }
    const refs = told[0]!.object['keyPackages'] as string[];
    expect(refs).toHaveLength(1);
    welcomes.push(...refs);
    const page = await askSigned(a, person.actor, `${path}/messages?after=0`);
    for (const { to } of page.json['orderedItems'] as Partial<Told>[])
      expect([own, undefined]).toContainEqual(to);
  }
  // Each is told of the key package of its own device.
  expect(new Set(welcomes).size).toBe(2);
});

test('what somebody of another server submits is accepted once, and told to all servers', async () => {
  const where = await hubScene(stage);
  const { ben, uri, ada } = where;
  const group = await strangerJoins(b, uri, ben);
  const { data } = await group.write('From afar');
  const message = { kind: 'message', clientMessageId: 'first', data: data.toString('base64') };
  const first = await submit(where, ben, message);
  expect(first).toMatchObject({ status: 200, json: { seq: 2 } });
  const again = await submit(where, ben, message);
  expect(again.json).toEqual(first.json);
  await a.settle();
  const letters = await lettersOf(ada);
  expect(letters.at(-1)).toMatchObject({ kind: 'APPLICATION', ciphertext: message.data });
  const [toB, toC] = [toldOf(b, uri).slice(1), toldOf(c, uri).slice(1)];
  expect([placesOf(toB), placesOf(toC)]).toEqual([
    [['Create', 'APPLICATION', 2]],
    [['Create', 'APPLICATION', 2]],
  ]);
  // Only the own server needs to know what the device calls it.
  expect(toB[0]!.object['sender']).toMatchObject({ clientMessageId: 'first' });
  expect(toC[0]!.object['sender']).not.toHaveProperty('clientMessageId');
  const { object: echoed } = (first.json['envelopes'] as Told[])[0]!;
  const { content: _content, ...rest } = toB[0]!.object;
  expect(echoed).toEqual(rest);
});

test('T24: what a server has missed it can ask for, without what is for others', async () => {
  const where = await hubScene(stage);
  const { seat, path, ben, cat } = where;
  await say(seat, 'Two');
  await say(seat, 'Three');
  const page = await askSigned(a, ben.actor, `${path}/messages?after=0`);
  const items = page.json['orderedItems'] as (Told & { seq?: number })[];
  expect(page.json).toMatchObject({ type: 'OrderedCollectionPage', lastSeq: 3 });
  expect(items.map(({ type, seq, object }) => [type, seq ?? object.seq])).toEqual([
    ['Tombstone', 1],
    ['Create', 1],
    ['Create', 2],
    ['Create', 3],
  ]);
  const text = page.text;
  expect(text).not.toContain(`"to":["${cat.actor.uri}`);
  const rest = await askSigned(a, ben.actor, `${path}/messages?after=2`);
  expect((rest.json['orderedItems'] as unknown[]).length).toBe(1);
  expect((await askSigned(a, ben.actor, `${path}/messages?after=-1`)).status).toBe(200);
});

test('T23: a server that is down delays nobody, and gets everything in its order once it is back', async () => {
  const { seat, uri } = await hubScene(stage);
  const before = toldOf(b, uri).length;
  b.answer(({ method, path }) =>
    method === 'POST' && path === '/inbox' ? { status: 503, body: '' } : null,
  );
  for (const text of ['Two', 'Three', 'Four']) await say(seat, text);
  await a.settle();
  expect(placesOf(toldOf(c, uri)).slice(1)).toEqual([
    ['Create', 'APPLICATION', 2],
    ['Create', 'APPLICATION', 3],
    ['Create', 'APPLICATION', 4],
  ]);
  b.answer(() => null);
  b.requests.length = 0;
  a.clock.advance(120);
  await a.services.database.rows(RUN_NOW);
  await a.settle();
  expect(before).toBe(1);
  expect(placesOf(toldOf(b, uri)).filter(([type]) => type === 'Create')).toEqual([
    ['Create', 'APPLICATION', 2],
    ['Create', 'APPLICATION', 3],
    ['Create', 'APPLICATION', 4],
  ]);
});

test('what passes goes to the servers of those who take part, and is kept nowhere', async () => {
  const where = await hubScene(stage);
  const { ben, seat, uri } = where;
  const group = await strangerJoins(b, uri, ben);
  await write(where, ben, group, 'Accepted by writing');
  await sendSignal(seat.device, seat.conversationId, Buffer.from('typing').toString('base64'));
  const signal = await untilSome(() =>
    b.requests.filter(({ body }) => body.includes('tri:Signal') && body.includes(uri)),
  );
  expect(JSON.parse(signal[0]!.body)).toMatchObject({
    id: expect.stringContaining(`${uri}#`),
    type: 'tri:Signal',
    actor: uri,
    to: [ben.actor.uri],
    payload: Buffer.from('typing').toString('base64'),
  });
  const kept = statement(
    'test.signals',
    `select id from sent_activities where body like '%tri:Signal%'`,
  );
  expect(await a.services.database.rows(kept)).toEqual([]);
});

async function untilSome<T>(look: () => readonly T[]): Promise<readonly T[]> {
  for (;;) {
    const found = look();
    if (found.length > 0) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('T38: what disappears waits for no server that is down longer than its own time', async () => {
  const where = await hubScene(stage);
  const { seat, uri } = where;
  await seat.device.who.graphql(
    'mutation ($input: SetDisappearingMessagesInput!) { setDisappearingMessages(input: $input) { userErrors { code } } }',
    { input: { conversationId: seat.conversationId, seconds: 600 } },
  );
  // What is still to be told of that would forget what has arrived.
  await a.settle();
  b.answer(({ method, path }) =>
    method === 'POST' && path === '/inbox' ? { status: 503, body: '' } : null,
  );
  const { ciphertext } = await say(seat, 'Gone soon');
  await a.settle();
  const kept = statement(
    'test.kept_bodies',
    'select id from sent_activities where position($1 in body) > 0',
  );
  const count = async (): Promise<number> =>
    (await a.services.database.rows(kept, [ciphertext])).length;
  expect(await count()).toBe(2);
  await runScheduled(a, 'pruneFederation');
  // It has arrived at the other server.
  expect(await count()).toBe(1);
  a.clock.advance(700);
  await runScheduled(a, 'pruneFederation');
  expect(await count()).toBe(0);
  b.answer(() => null);
  const page = await askSigned(a, where.ben.actor, `${where.path}/messages?after=1`);
  expect(page.json['orderedItems']).toEqual([{ type: 'Tombstone', seq: 2 }]);
  expect(toldOf(c, uri).some(({ object }) => object.content === ciphertext)).toBe(true);
});
