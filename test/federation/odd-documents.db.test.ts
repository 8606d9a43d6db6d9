// Activities in unusual words: understood after their signature, in a thread of their own; usual ones never come there.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isOddActivity } from '../../src/federation/internal/json-ld/is-odd.js';
import { Normaliser, normaliser } from '../../src/federation/internal/json-ld/normaliser.js';
import { TooBusy } from '../../src/federation/internal/sender-memory.js';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, answerBy, PUBLIC } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import type { World } from '../support/world.js';

const AS = 'https://www.w3.org/ns/activitystreams#';
const CONTEXT = 'https://www.w3.org/ns/activitystreams';
const FIND = statement(
  'test.odd_post',
  'select content_html as html from posts where uri = $1 and deleted_at is null',
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let bob: PeerActor;
let postUri: string;
let numbers = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  bob = peer.actor('bob');
  postUri = `https://a.example/posts/${innerId(await publish(world, await world.local('ada')))}`;
  await world.settle();
});

afterAll(async () => {
  await stack.disposeAsync();
  await normaliser.stop();
});

const fresh = (kind: string): string => `${peer.origin}/odd/${kind}/${(numbers += 1)}`;
const said = async (uri: string): Promise<string | null> =>
  (await world.services.database.row<{ html: string }>(FIND, [uri]))?.html ?? null;

const ref = (id: string): object[] => [{ '@id': id }];
const text = (value: string, more: object = {}): object[] => [{ '@value': value, ...more }];

function expandedNote(id: string): object {
  return {
    '@id': id,
    '@type': [`${AS}Note`],
    [`${AS}attributedTo`]: ref(bob.uri),
    [`${AS}content`]: text('<p>Odd</p>', { '@language': 'en' }),
    [`${AS}inReplyTo`]: ref(postUri),
    [`${AS}to`]: ref(PUBLIC),
  };
}

const SHAPES: Readonly<Record<string, (id: string) => object>> = {
  'expanded form': (id) => [
    {
      '@id': fresh('create'),
      '@type': [`${AS}Create`],
      [`${AS}actor`]: ref(bob.uri),
      [`${AS}to`]: ref(PUBLIC),
      [`${AS}object`]: [expandedNote(id)],
    },
  ],
  prefixes: (id) => ({
    '@context': [CONTEXT, { as: AS }],
    id: fresh('create'),
    type: 'as:Create',
    actor: bob.uri,
    to: 'as:Public',
    object: { ...answerBy(bob, postUri), id, content: '<p>Odd</p>', type: 'as:Note' },
  }),
  'other names for id and type': (id) => ({
    '@context': [CONTEXT, { identity: '@id', kind: '@type', doer: 'as:actor', what: 'as:object' }],
    identity: fresh('create'),
    kind: 'Create',
    doer: { identity: bob.uri },
    to: [PUBLIC],
    what: {
      identity: id,
      kind: 'Note',
      attributedTo: bob.uri,
      content: '<p>Odd</p>',
      inReplyTo: postUri,
      to: [PUBLIC],
    },
  }),
  'an unknown context': (id) => ({
    '@context': [`${peer.origin}/context`, CONTEXT],
    '@id': fresh('create'),
    '@type': 'Create',
    actor: bob.uri,
    to: [PUBLIC],
    object: { ...answerBy(bob, postUri), id, content: '<p>Odd</p>' },
  }),
};

const send = (activity: object): Promise<number> => peer.send(world, bob, activity);

test('F39 F51 usual activities start no thread, and neither does what nobody has signed', async () => {
  const usual = activityBy(bob, 'Create', answerBy(bob, postUri));
  expect(isOddActivity(usual)).toBe(false);
  expect(await send(usual)).toBe(202);
  const odd = SHAPES['expanded form']!(fresh('note'));
  const other = peer.actor('other');
  expect(await peer.send(world, bob, odd, { key: other.key })).toBe(401);
  expect(normaliser.isRunning).toBe(false);
});

test.each(Object.keys(SHAPES))(
  'F39 %s: what it means is done, and nothing is looked up',
  async (name) => {
    const id = fresh('note');
    const before = peer.requests.filter(({ path }) => path.startsWith('/context')).length;
    expect(await send(SHAPES[name]!(id))).toBe(202);
    await world.settle();
    expect(await said(id)).toBe('<p>Odd</p>');
    expect(peer.requests.filter(({ path }) => path.startsWith('/context')).length).toBe(before);
    expect(normaliser.isRunning).toBe(true);
  },
);

const MLS = 'https://purl.archive.org/socialweb/mls';
/** As long as the greatest commit in base64. */
const CONTENT = Buffer.alloc(512 * 1024, 251).toString('base64');
const CONVERSATION = 'https://hub.example/conversations/1?a=ü&b=%20';

const MLS_SHAPES: Readonly<Record<string, object>> = {
  'mls: prefixes': {
    '@context': [CONTEXT, MLS],
    id: 'https://peer.test/1',
    type: ['Object', 'mls:PrivateMessage'],
    mediaType: 'message/mls',
    'mls:encoding': 'base64',
    content: CONTENT,
    'mls:conversation': CONVERSATION,
  },
  'full words': {
    '@context': CONTEXT,
    id: 'https://peer.test/1',
    type: `${MLS}#PrivateMessage`,
    mediaType: 'message/mls',
    [`${MLS}#encoding`]: 'base64',
    content: CONTENT,
    [`${MLS}#conversation`]: { id: CONVERSATION },
  },
  'expanded form': {
    '@id': 'https://peer.test/1',
    '@type': [`${AS}Object`, `${MLS}#PrivateMessage`],
    [`${AS}mediaType`]: text('message/mls'),
    [`${MLS}#encoding`]: text('base64'),
    [`${AS}content`]: text(CONTENT),
    [`${MLS}#conversation`]: ref(CONVERSATION),
  },
};

test.each(Object.keys(MLS_SHAPES))(
  'T29 %s: content, encoding, conversation and type of MLS are read as they were written',
  async (name) => {
    const shape = MLS_SHAPES[name]!;
    const create = { ...activityBy(bob, 'Create', shape), '@context': [CONTEXT, MLS] };
    expect(isOddActivity(create)).toBe(true);
    const { object } = await normaliser.normalise(create);
    const { type, encoding, content, conversation } = object as Record<string, unknown>;
    expect([type].flat()).toContain('PrivateMessage');
    expect({ encoding, isSame: content === CONTENT, conversation }).toEqual({
      encoding: 'base64',
      isSame: true,
      conversation: CONVERSATION,
    });
  },
);

test('T29 bare types of MLS are usual words', () => {
  for (const type of ['PrivateMessage', ['Object', 'Welcome'], 'GroupInfo'])
    expect(
      isOddActivity(activityBy(bob, 'Create', { id: fresh('mls'), type, content: CONTENT })),
    ).toBe(false);
});

test('F02 F35 odd words change nothing about who may say what', async () => {
  const mallory = peer.actor('mallory');
  const id = fresh('note');
  expect(await peer.send(world, mallory, SHAPES['expanded form']!(id))).toBe(401);
  const create = SHAPES['other names for id and type']!(id) as Record<string, unknown>;
  const { '@context': context, ...node } = create;
  const rearranged: object[] = [
    { '@context': context, '@graph': [node] },
    { '@context': [CONTEXT, { all: '@graph', ...(context as object[])[1] }], all: [node] },
    { ...create, '@included': [expandedNote(id)] },
    { ...create, '@reverse': { 'as:object': { identity: fresh('other') } } },
    { ...create, identity: undefined },
    { '@context': [CONTEXT, {}], '@type': 'Create' },
  ];
  for (const activity of rearranged)
    expect([activity, await send(activity)]).toEqual([activity, 400]);
  await world.settle();
  expect(await said(id)).toBeNull();
});

test('F52 a document that takes too long is refused, and the next one is not', async () => {
  const document = { '@id': fresh('x'), '@type': [`${AS}Like`] };
  const hasty = new Normaliser({ documentMs: 0 });
  await expect(hasty.normalise(document)).rejects.toThrow('takes too much');
  expect(hasty.isRunning).toBe(false);
  const late = new Normaliser({ startMs: 0 });
  await expect(late.normalise(document)).rejects.toThrow(TooBusy);
  expect(late.isRunning).toBe(false);
  const patient = new Normaliser({ documentMs: 60_000, mostWaiting: 2 });
  const both = [patient.normalise(document), patient.normalise(document)];
  await expect(patient.normalise(document)).rejects.toThrow('Too many');
  expect(await Promise.all(both)).toMatchObject([{ type: 'Like' }, { type: 'Like' }]);
  await patient.stop();
  expect(patient.isRunning).toBe(false);
});
