// Who takes part in encrypted conversations that this server orders: commits, leaving, being taken out, blocks.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { groupOf, lettersOf, say, sendCommit } from '../support/encrypted-chat.js';
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
import { askSigned, strangerJoins, toldOf } from '../support/strange-chat.js';
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

const WITHOUT_DEVICES = statement(
  'test.without_devices',
  'delete from chat_devices where actor_id in (select id from actors where uri = $1)',
);

test('of two who commit on two servers at the same time one wins, and the other is told so', async () => {
  const where = await hubScene(stage);
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
  const where = await hubScene(stage);
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

test('T27: who is taken out gets the commit that does it, and their server nothing more', async () => {
  const where = await hubScene(stage);
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
  const where = await hubScene(stage);
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
  const where = await hubScene(stage);
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

test('T31: a block between two ends what they have alone, and nothing of what a group needs', async () => {
  const alone = await hubScene(stage, false);
  const together = await hubScene(stage);
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
