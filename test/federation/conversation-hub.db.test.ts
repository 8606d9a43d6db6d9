// Encrypted conversations of this server with people of others: who is told what, who may ask for what, and in which order.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  begin,
  equipped,
  equippedPeople,
  groupOf,
  lettersOf,
  packagesOf,
  say,
  sendCommit,
  sendSignal,
  talk,
  type ChatDevice,
  type Seat,
} from '../support/encrypted-chat.js';
import { statement } from '../../src/platform/db/database.js';
import { startFakePeer, type FakePeer } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { base64 } from '../support/key-packages.js';
import { makeGroupId, MlsGroup } from '../support/mls.js';
import { innerId } from '../support/posts.js';
import { runScheduled } from '../support/scheduled.js';
import {
  asPerson,
  askSigned,
  strangerJoins,
  strangerOn,
  toldOf,
  type Reply,
  type Stranger,
  type Told,
} from '../support/strange-chat.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let a: World;
let b: FakePeer;
let c: FakePeer;

beforeAll(async () => {
  network = openNetwork();
  a = await network.join('a.example');
  b = await startFakePeer(network, 'b.example');
  c = await startFakePeer(network, 'c.example');
});

afterAll(async () => {
  await b[Symbol.asyncDispose]();
  await c[Symbol.asyncDispose]();
  await network[Symbol.asyncDispose]();
});

/** A conversation of ada, of a, with ben of b and, in a group, cat of c. */
interface Scene {
  readonly ada: ChatDevice;
  readonly ben: Stranger;
  readonly cat: Stranger;
  /** Ben and cat as people of a know them. */
  readonly people: readonly [Person, Person];
  readonly seat: Seat;
  readonly uri: string;
  readonly path: string;
}

const RUN_NOW = statement(
  'test.run_now',
  'update graphile_worker._private_jobs set run_at = now() where run_at > now()',
);

const WITHOUT_DEVICES = statement(
  'test.without_devices',
  'delete from chat_devices where actor_id in (select id from actors where uri = $1)',
);

let scenes = 0;

async function scene(isGroup = true): Promise<Scene> {
  const number = (scenes += 1);
  const ada = await equipped(a, await a.local(`ada${number}`));
  const ben = await strangerOn(b, `ben${number}`, a.clock.now());
  const cat = await strangerOn(c, `cat${number}`, a.clock.now());
  const people = [await asPerson(ada.who, b, ben), await asPerson(ada.who, c, cat)] as const;
  const others = isGroup ? people : people.slice(0, 1);
  const groupId = makeGroupId();
  const { conversation, userErrors } = await begin(ada, groupId, others, isGroup);
  if (!conversation) throw new Error(JSON.stringify(userErrors));
  const group = await MlsGroup.begin(groupId, ada.packages[0]!);
  const made = await group.commit({ add: await packagesOf(ada, ...others) });
  const told = await sendCommit(ada, conversation.id, 0, made);
  if (!told.message) throw new Error(JSON.stringify(told.userErrors));
  const seat = { device: ada, conversationId: conversation.id, group: made.next };
  await a.settle();
  const path = `/conversations/${innerId(conversation.id)}`;
  return { ada, ben, cat, people, seat, path, uri: `https://a.example${path}` };
}

function submit({ path }: Pick<Scene, 'path'>, who: Stranger, more: object): Promise<Reply> {
  return askSigned(a, who.actor, `${path}/submit`, { device: who.signatureKey, ...more });
}

async function write(where: Scene, who: Stranger, group: MlsGroup, text: string): Promise<Reply> {
  const { data } = await group.write(text);
  const message = { kind: 'message', clientMessageId: randomUUID(), data: data.toString('base64') };
  return submit(where, who, message);
}

const placesOf = (told: readonly Told[]): (readonly [string, string, number])[] =>
  told.map(({ type, object }) => [type, object.kind, object.seq]);

test('T29: a Welcome goes to the server of the device alone, and then each message once, in its order, byte for byte', async () => {
  const { seat, uri, ben, cat, ada } = await scene();
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
  const { seat, uri, ada, ben, cat, path } = await scene();
  const other = await scene(false);
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
  const where = await scene();
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

test('whoever does not take part is told what they would be told if there were nothing', async () => {
  const where = await scene(false);
  const { path, cat, ben, ada } = where;
  const missing = `/conversations/${randomUUID()}`;
  const body = { kind: 'lease', device: cat.signatureKey };
  const [there, nowhere] = [
    await askSigned(a, cat.actor, `${path}/submit`, body),
    await askSigned(a, cat.actor, `${missing}/submit`, body),
  ];
  expect(there.status).toBe(404);
  expect(there).toEqual(nowhere);
  for (const tail of ['', '/messages', '/messages?after=0']) {
    const seen = await askSigned(a, cat.actor, path + tail);
    const unseen = await askSigned(a, cat.actor, missing + tail);
    expect([seen.status, withoutId(seen)]).toEqual([404, withoutId(unseen)]);
    expect((await askSigned(a, null, path + tail)).status).toBe(404);
  }
  const neighbour = b.actor('neighbour');
  expect((await askSigned(a, neighbour, path)).json).toMatchObject({
    members: [{ actor: ada.uri }, { actor: ben.actor.uri }],
    frankingKey: expect.stringMatching(/^[\w+/]{43}=$/),
  });
  // The server may look; only who takes part may ask for something.
  const lease = { kind: 'lease', device: ben.signatureKey };
  expect((await askSigned(a, neighbour, `${path}/submit`, lease)).status).toBe(404);
});

function withoutId({ text }: Reply): string {
  return text.replace(/"requestId":"[^"]*"/, '');
}

test('a request counts for the devices of whoever has signed it, and for nobody else', async () => {
  const where = await scene();
  const { ben, cat, ada, path, uri } = where;
  const lease = { kind: 'lease' };
  const as = (who: Stranger, device: string): Promise<Reply> =>
    askSigned(a, who.actor, `${path}/submit`, { ...lease, device });
  expect((await as(ben, ben.signatureKey)).json).toMatchObject({ isHeld: true });
  const forCat = await as(ben, cat.signatureKey);
  const forAda = await as(ben, base64(ada.key.publicKey));
  expect([forCat.status, forAda.status]).toEqual([403, 403]);
  const unsigned = await askSigned(a, null, `${path}/submit`, {
    ...lease,
    device: ben.signatureKey,
  });
  expect(unsigned.status).toBe(401);
  const forged = await askSigned(
    a,
    cat.actor,
    `${path}/submit`,
    { ...lease, device: ben.signatureKey },
    { keyId: ben.actor.keyId },
  );
  expect(forged.status).toBe(401);
  const changed = await askSigned(
    a,
    ben.actor,
    `${path}/submit`,
    { ...lease, device: ben.signatureKey },
    { tamper: (sent) => void (sent.body = sent.body.replace('lease', 'leave')) },
  );
  expect(changed.status).toBe(401);
  // Ben's group state in the hands of cat: the bytes are his, the request is not.
  const group = await strangerJoins(b, uri, ben);
  const { data } = await group.write('Not mine');
  const stolen = { kind: 'message', clientMessageId: 'x', data: data.toString('base64') };
  const other = { ...stolen, device: ben.signatureKey };
  expect((await askSigned(a, cat.actor, `${path}/submit`, other)).status).toBe(403);
});

test('what cannot be accepted is refused with the codes of the API and what a device needs', async () => {
  const where = await scene();
  const { ben, path, uri, seat } = where;
  const group = await strangerJoins(b, uri, ben);
  const codeOf = async (body: object): Promise<unknown> => {
    const { status, json } = await submit(where, ben, body);
    return [status, json['code'], json['currentEpoch']];
  };
  const text = (plain: string): object => ({
    kind: 'message',
    clientMessageId: randomUUID(),
    data: Buffer.from(plain).toString('base64'),
  });
  expect(await codeOf(text('In the clear'))).toEqual([422, 'INVALID_INPUT', undefined]);
  expect(await codeOf({ kind: 'unheard of' })).toEqual([422, 'INVALID_INPUT', undefined]);
  expect(await codeOf({ kind: 'message', clientMessageId: 'x', data: 'A' })).toEqual([
    422,
    'INVALID_INPUT',
    undefined,
  ]);
  expect(await codeOf(text('x'.repeat(300 * 1024)))).toEqual([422, 'INVALID_INPUT', undefined]);
  const foreign = await MlsGroup.begin(makeGroupId(), ben.own);
  const { data } = await foreign.write('Elsewhere');
  const elsewhere = { kind: 'message', clientMessageId: 'y', data: data.toString('base64') };
  expect(await codeOf(elsewhere)).toEqual([409, 'MLS_MISMATCH', 1]);
  const ahead = (await group.commit()).next;
  const early = { ...elsewhere, data: (await ahead.write('Early')).data.toString('base64') };
  expect(await codeOf(early)).toEqual([409, 'MLS_MISMATCH', 1]);
  for (let epoch = 1; epoch < 4; epoch++) {
    const made = await seat.group.commit();
    await sendCommit(seat.device, seat.conversationId, epoch, made);
    seat.group = made.next;
  }
  const late = { ...elsewhere, data: (await group.write('Late')).data.toString('base64') };
  expect(await codeOf(late)).toEqual([409, 'EPOCH_TOO_OLD', 4]);
  const stale = await group.commit();
  const commit = { kind: 'commit', clientMessageId: 'z', epoch: 1 };
  expect(await codeOf({ ...commit, commit: stale.commit.toString('base64') })).toEqual([
    409,
    'STALE_EPOCH',
    4,
  ]);
  const huge = `{"kind":"signal","payload":"${'A'.repeat(4 * 1024 * 1024)}"}`;
  expect((await askSigned(a, ben.actor, `${path}/submit`, huge)).status).toBe(413);
  expect((await askSigned(a, ben.actor, `${path}/submit`, '{"kind":')).status).toBe(400);
  const deep = `{"kind":${'['.repeat(40)}${']'.repeat(40)}}`;
  expect((await askSigned(a, ben.actor, `${path}/submit`, deep)).status).toBe(400);
});

test('of two who commit on two servers at the same time one wins, and the other is told so', async () => {
  const where = await scene();
  const { ben, uri, seat } = where;
  const group = await strangerJoins(b, uri, ben);
  const [here, there] = await Promise.all([seat.group.commit(), group.commit()]);
  const [own, theirs] = await Promise.all([
    sendCommit(seat.device, seat.conversationId, 1, here),
    submit(where, ben, {
      kind: 'commit',
      clientMessageId: 'race',
      epoch: 1,
      commit: there.commit.toString('base64'),
      groupInfo: there.groupInfo.toString('base64'),
    }),
  ]);
  const codes = [own.userErrors[0]?.code ?? null, theirs.json['code'] ?? null];
  expect(codes.toSorted()).toEqual(['STALE_EPOCH', null]);
  await a.settle();
  const won = (codes[0] === null ? here : there).commit.toString('base64');
  expect(
    toldOf(b, uri)
      .slice(1)
      .map(({ object }) => [object.kind, object.content]),
  ).toEqual([['COMMIT', won]]);
  expect(await groupOf(seat.device, seat.conversationId)).toMatchObject({ epoch: 2 });
});

test('a commit of somebody who is gone with their devices is told, and whose it is', async () => {
  const where = await scene();
  const { ben, cat, uri, path } = where;
  const made = await (await strangerJoins(b, uri, ben)).commit();
  const commit = made.commit.toString('base64');
  const sent = { kind: 'commit', clientMessageId: 'last', epoch: 1, commit };
  expect((await submit(where, ben, sent)).status).toBe(200);
  await a.services.database.rows(WITHOUT_DEVICES, [ben.actor.uri]);
  const page = await askSigned(a, cat.actor, `${path}/messages?after=1`);
  expect(page.json['orderedItems']).toMatchObject([
    { object: { kind: 'COMMIT', content: commit, sender: { actor: ben.actor.uri } } },
  ]);
});

test('what is accepted is answered at the same cost in groups of any size', async () => {
  const where = await scene();
  const { ben, uri } = where;
  const group = await strangerJoins(b, uri, ben);
  const rows = jest.spyOn(a.services.database, 'rows');
  expect((await write(where, ben, group, 'One')).status).toBe(200);
  const asked = rows.mock.calls.map(([{ name }]) => name);
  rows.mockRestore();
  expect(asked).toContain('federation.submitted_envelope');
  expect(asked.filter((name) => name.startsWith('federation.shared_'))).toEqual([]);
});

test('T27: who is taken out gets the commit that does it, and their server nothing more', async () => {
  const where = await scene();
  const { ben, people, seat, uri, path } = where;
  const key = Buffer.from(ben.key.publicKey).toString('hex');
  const made = await seat.group.commit({ remove: [key] });
  const declared = { removeMemberIds: [people[0].actorGlobalId] };
  expect(
    (await sendCommit(seat.device, seat.conversationId, 1, made, declared)).userErrors,
  ).toEqual([]);
  seat.group = made.next;
  await say(seat, 'Without ben');
  await a.settle();
  const told = toldOf(b, uri).slice(1);
  expect(told.map(({ type, object }) => [type, object.seq])).toEqual([
    ['Create', 2],
    ['Delete', undefined],
  ]);
  expect(told[0]!.object['removed']).toEqual([
    { actor: ben.actor.uri, signatureKey: ben.signatureKey },
  ]);
  expect(placesOf(toldOf(c, uri)).slice(1)).toEqual([
    ['Create', 'COMMIT', 2],
    ['Create', 'APPLICATION', 3],
  ]);
  expect((await askSigned(a, ben.actor, path)).status).toBe(404);
  expect((await askSigned(a, ben.actor, `${path}/messages?after=0`)).status).toBe(404);
  expect((await submit(where, ben, { kind: 'groupInfo' })).status).toBe(404);
});

test('who leaves gets nothing from that moment on; the others are told, and remove the device', async () => {
  const where = await scene();
  const { ben, cat, seat, uri, ada } = where;
  expect((await submit(where, ben, { kind: 'leave' })).status).toBe(200);
  await say(seat, 'Gone?');
  await a.settle();
  expect(
    toldOf(b, uri)
      .slice(1)
      .map(({ type }) => type),
  ).toEqual(['Delete']);
  const toC = toldOf(c, uri).slice(1);
  expect(toC.map(({ type }) => type).toSorted()).toEqual(['Create', 'Update']);
  const update = toC.find(({ type }) => type === 'Update')!;
  expect(update).toMatchObject({
    object: {
      id: uri,
      members: [{ actor: ada.uri }, { actor: cat.actor.uri }],
      devices: expect.arrayContaining([
        { actor: ben.actor.uri, signatureKey: ben.signatureKey, leaving: true },
      ]),
    },
  });
  expect((await groupOf(ada, seat.conversationId))!.devicesToRemove).toHaveLength(1);
});

test('those of other servers go on when everybody of the hub has left', async () => {
  const where = await scene();
  const { ada, ben, cat, uri, seat } = where;
  const bens = await strangerJoins(b, uri, ben);
  const cats = await strangerJoins(c, uri, cat);
  await ada.who.graphql(
    'mutation ($id: ID!) { leaveConversation(input: { conversationId: $id }) { userErrors { code } } }',
    { id: seat.conversationId },
  );
  expect((await write(where, ben, bens, 'Ada is gone')).status).toBe(200);
  await a.settle();
  const [written] = toldOf(c, uri).filter(({ object }) => object.kind === 'APPLICATION');
  const bytes = Buffer.from(written!.object.content, 'base64');
  expect((await cats.read(bytes)).text).toBe('Ada is gone');
});

test('T24: what a server has missed it can ask for, without what is for others', async () => {
  const where = await scene();
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
  const { seat, uri } = await scene();
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

test('T31: a block between two ends what they have alone, and nothing of what a group needs', async () => {
  const alone = await scene(false);
  const together = await scene();
  for (const { ada, people } of [alone, together])
    await ada.who.graphql(
      'mutation ($input: SetBlockInput!) { setBlock(input: $input) { userErrors { code } } }',
      { input: { actorId: people[0].actorGlobalId, blocked: true } },
    );
  const [one, two] = [
    await strangerJoins(b, alone.uri, alone.ben),
    await strangerJoins(b, together.uri, together.ben),
  ];
  expect((await write(alone, alone.ben, one, 'Hello?')).status).toBe(404);
  expect((await write(together, together.ben, two, 'Hello all')).status).toBe(200);
  expect((await lettersOf(together.ada)).at(-1)).toMatchObject({ kind: 'APPLICATION' });
  await say(together.seat, 'Hello you');
  await a.settle();
  expect(placesOf(toldOf(b, together.uri)).at(-1)).toEqual(['Create', 'APPLICATION', 3]);
});

test('a lying server names a device of others for a key package: nobody of this server is let in by that', async () => {
  const where = await scene();
  const { ben, uri } = where;
  const victim = await equipped(a, await a.local(`victim${randomUUID().slice(0, 8)}`));
  const group = await strangerJoins(b, uri, ben);
  const made = await group.commit({ add: [victim.packages[1]!.bytes] });
  const commit = {
    kind: 'commit',
    clientMessageId: 'lie',
    epoch: 1,
    commit: made.commit.toString('base64'),
    welcome: made.welcome!.toString('base64'),
    groupInfo: made.groupInfo.toString('base64'),
  };
  const refused = await submit(where, ben, {
    ...commit,
    addMembers: [victim.uri],
  });
  expect([refused.status, refused.json['code']]).toEqual([403, 'FORBIDDEN']);
  const [ref] = (await submit(where, ben, commit)).json['refs'] as string[];
  const signatureKey = base64(victim.key.publicKey);
  const named = await submit(where, ben, {
    ...commit,
    keyPackages: [{ ref, actor: victim.uri, signatureKey }],
  });
  expect([named.status, named.json['code']]).toEqual([422, 'UNKNOWN_KEY_PACKAGE']);
  expect(await lettersOf(victim)).toEqual([]);
});

test('what passes goes to the servers of those who take part, and is kept nowhere', async () => {
  const where = await scene();
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

test('a server that knows no hub addresses a Create to the conversation, and gets Accept or Reject', async () => {
  const where = await scene();
  const { ben, uri, ada } = where;
  const group = await strangerJoins(b, uri, ben);
  const { data, next } = await group.write('The plain way');
  const create = (content: Buffer) => ({
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: `${ben.actor.uri}/create/${randomUUID()}`,
    type: 'Create',
    actor: ben.actor.uri,
    to: [uri],
    object: {
      id: `${ben.actor.uri}/messages/${randomUUID()}`,
      type: 'PrivateMessage',
      attributedTo: ben.actor.uri,
      to: [uri],
      mediaType: 'message/mls',
      encoding: 'base64',
      content: content.toString('base64'),
    },
  });
  const [good, bad] = [create(data), create(Buffer.from('no message'))];
  expect(await b.send(a, ben.actor, good)).toBe(202);
  expect(await b.send(a, ben.actor, bad)).toBe(202);
  await a.settle();
  expect((await lettersOf(ada)).at(-1)).toMatchObject({
    kind: 'APPLICATION',
    ciphertext: data.toString('base64'),
  });
  // Or it addresses people, and names the conversation as it came.
  const later = await next.write('The plainest way');
  const draft = create(later.data);
  const object = { ...draft.object, to: [ada.uri], conversation: uri, context: uri };
  expect(await b.send(a, ben.actor, { ...draft, to: [ada.uri], object })).toBe(202);
  await a.settle();
  expect((await lettersOf(ada)).at(-1)?.ciphertext).toBe(later.data.toString('base64'));
  const answers = b.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as { type: string; object: unknown; actor: string })
    .filter(({ type, actor }) => actor === uri && ['Accept', 'Reject'].includes(type));
  expect(answers.map(({ type, object }) => [type, object])).toEqual([
    ['Accept', good.id],
    ['Reject', bad.id],
    ['Accept', draft.id],
  ]);
});

test('a request that would do something else when done twice is not taken twice', async () => {
  const where = await scene();
  const { ben, path } = where;
  const body = { kind: 'disappearing', seconds: 60, device: ben.signatureKey };
  const kept: Record<string, string>[] = [];
  const tamper = (sent: { headers: Record<string, string> }): void => {
    if (kept[0]) sent.headers = kept[0];
    else kept.push(sent.headers);
  };
  const first = await askSigned(a, ben.actor, `${path}/submit`, body, { tamper });
  const again = await askSigned(a, ben.actor, `${path}/submit`, body, { tamper });
  expect([first.status, again.status]).toEqual([403, 401]);
});

test('T38: what disappears waits for no server that is down longer than its own time', async () => {
  const where = await scene();
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
