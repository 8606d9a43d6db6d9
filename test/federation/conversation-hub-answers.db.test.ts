// What people of other servers may ask of this one, the hub of encrypted conversations, and what it refuses.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { equipped, lettersOf, sendCommit } from '../support/encrypted-chat.js';
import type { FakePeer } from '../support/fake-peer.js';
import { hubScene, openHubStage, submit, write, type HubStage } from '../support/hub-scene.js';
import { base64 } from '../support/key-packages.js';
import { makeGroupId, MlsGroup } from '../support/mls.js';
import { askSigned, strangerJoins, type Reply, type Stranger } from '../support/strange-chat.js';
import type { World } from '../support/world.js';

let stage: HubStage;
let a: World;
let b: FakePeer;

beforeAll(async () => {
  stage = await openHubStage();
  ({ a, b } = stage);
});

afterAll(() => stage[Symbol.asyncDispose]());

test('whoever does not take part is told what they would be told if there were nothing', async () => {
  const where = await hubScene(stage, false);
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
  const where = await hubScene(stage);
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
  const where = await hubScene(stage);
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

test('what is accepted is answered at the same cost in groups of any size', async () => {
  const where = await hubScene(stage);
  const { ben, uri } = where;
  const group = await strangerJoins(b, uri, ben);
  const rows = jest.spyOn(a.services.database, 'rows');
  expect((await write(where, ben, group, 'One')).status).toBe(200);
  const asked = rows.mock.calls.map(([{ name }]) => name);
  rows.mockRestore();
  expect(asked).toContain('federation.submitted_envelope');
  expect(asked.filter((name) => name.startsWith('federation.shared_'))).toEqual([]);
});

test('a lying server names a device of others for a key package: nobody of this server is let in by that', async () => {
  const where = await hubScene(stage);
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

test('a server that knows no hub addresses a Create to the conversation, and gets Accept or Reject', async () => {
  const where = await hubScene(stage);
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
  const where = await hubScene(stage);
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
