// Activities and documents that went wrong on their way, through the real gate and the real handlers: nothing breaks,
// nothing is tried for ever, nobody acts for anybody else, and nothing is half done.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fetchActor, isAbsence } from '../../src/federation/resolve-actor.js';
import { activityBy, answerBy, freshId, noteBy, type Written } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { ACTORS, BROKEN, EFFECTS, OF_OTHERS } from '../support/federation-rows.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { mutate, mutations, write, type Mutation } from '../support/mutations.js';
import { comment, innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

/** Each takes what it takes on this machine; the next one does not begin after that, in ms. */
const TIME_MS = 9_000;
/** Answers that say something; a fault of ours is none. */
const ANSWERS = new Set([202, 400, 401, 413, 415, 429]);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let one: FakePeer;
let two: FakePeer;
let ada: Person;
let alice: PeerActor;
let identities: string[];
let adaPost: string;
let adaComment: string;
let alicePost: Written;
let senders = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  [one, two] = [
    stack.use(await startFakePeer(network, 'one.test')),
    stack.use(await startFakePeer(network, 'two.test')),
  ];
  // What is asked for there is not there; a host that is down would be asked again.
  stack.use(await startFakePeer(network, 'www.w3.org'));
  ada = await world.local('ada');
  alice = one.actor('alice');
  const id = await publish(world, ada);
  adaPost = `https://a.example/posts/${innerId(id)}`;
  adaComment = `https://a.example/comments/${innerId(await comment(ada, id, 'Mine'))}`;
  alicePost = noteBy(alice, { cc: [adaUri()] });
  const follow = activityBy(alice, 'Follow', adaUri());
  const like = activityBy(alice, 'Like', adaPost);
  for (const activity of [activityBy(alice, 'Create', alicePost), follow, like])
    expect(await one.send(world, alice, activity)).toBe(202);
  await world.settle();
  identities = [
    adaUri(),
    adaPost,
    adaComment,
    `${adaUri()}/followers`,
    alice.uri,
    alice.keyId,
    alicePost.id,
    follow.id,
    like.id,
    `${alice.uri}/followers`,
    'https://one.test/nothing',
    'https://two.test/nothing',
    'https://a.example/actor',
    'https://www.w3.org/ns/activitystreams#Public',
  ];
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const adaUri = (): string => `https://a.example/actors/${ada.actorId}`;

/** What an honest sender writes: each kind once, some of them about what the others did. */
function honest(sender: PeerActor, post: Written, said: Written): Written[] {
  const like = activityBy(sender, 'Like', adaPost);
  const follow = activityBy(sender, 'Follow', adaUri());
  const asked = { type: 'Follow', actor: adaUri(), object: sender.uri };
  const by = (type: string, object: unknown, more: object = {}): Written =>
    activityBy(sender, type, object, more);
  return [
    follow,
    like,
    by('EmojiReact', adaComment, { content: '🔥' }),
    by('Announce', adaPost),
    by('Block', adaUri()),
    by('Create', noteBy(sender, { cc: [adaUri()], tag: tags() })),
    by('Create', answerBy(sender, adaPost, { tag: tags() })),
    by('Update', { ...post, content: '<p>Better</p>', updated: world.clock.now().toISOString() }),
    by('Update', { ...said, content: '<p>Better said</p>' }),
    by('Update', sender.document),
    by('Delete', { id: said.id, type: 'Tombstone' }),
    by('Delete', post.id),
    by('Delete', sender.uri),
    by('Undo', like),
    by('Undo', follow),
    by('Undo', by('Block', adaUri())),
    by('Undo', by('Announce', adaPost)),
    by('Accept', asked),
    by('Reject', asked),
    by('Flag', [adaUri(), adaPost], { content: 'Spam' }),
    by('Move', sender.uri, { target: alice.uri }),
    by('Add', post.id, { target: `${sender.uri}/featured` }),
    by('Remove', post.id, { target: `${sender.uri}/featured` }),
    by('QuoteRequest', adaPost, { instrument: post }),
  ];
}

const tags = (): object[] => [
  { type: 'Mention', href: adaUri(), name: '@ada@a.example' },
  { type: 'Hashtag', href: 'https://two.test/tags/light', name: '#light' },
  {
    type: 'Emoji',
    id: 'https://two.test/e/1',
    name: ':blob:',
    icon: { type: 'Image', mediaType: 'image/png', url: 'https://two.test/e.png' },
  },
];

/** Somebody new on the second peer, who is known here by a post and a comment. */
async function newcomer(): Promise<{ sender: PeerActor; activities: Written[] }> {
  const sender = two.actor(`mallory${(senders += 1)}`);
  const [post, said] = [noteBy(sender, { cc: [adaUri()] }), answerBy(sender, adaPost)];
  for (const object of [post, said])
    expect(await two.send(world, sender, activityBy(sender, 'Create', object))).toBe(202);
  await world.settle();
  return { sender, activities: honest(sender, post, said) };
}

async function ofOthers(sender: PeerActor, known: readonly string[]): Promise<unknown[]> {
  const { actorId } = await fetchActorOf(sender);
  return world.services.database.rows(OF_OTHERS, [actorId, sender.uri, two.host, known]);
}

const fetchActorOf = (sender: PeerActor) => fetchActor(world.services, sender.uri);
const knownActors = async (): Promise<string[]> =>
  (await world.services.database.row<{ ids: string[] }>(ACTORS))!.ids;

/** Tries changes for as long as there is time. The failure tells what was sent; fast-check would tell how it was made. */
async function fuzz<Values>(
  arbitrary: fc.Arbitrary<Values>,
  mostRuns: number,
  check: (values: Values) => Promise<void>,
): Promise<void> {
  const end = Date.now() + TIME_MS;
  const property = fc.asyncProperty(arbitrary, async (made) => {
    if (Date.now() < end) await check(made);
  });
  await fc.assert(property, {
    numRuns: mostRuns,
    endOnFailure: true,
    reporter: ({ failed, seed, errorInstance }) => {
      if (failed) throw new Error(`With seed ${seed}`, { cause: errorInstance });
    },
  });
}

test('R29 activities that went wrong break nothing, are settled, and do nothing in the name of others', async () => {
  const sum = { done: 0, kept: 0 };
  const batch = fc.array(fc.tuple(fc.nat(), mutations(identities), fc.boolean()), {
    minLength: 40,
    maxLength: 40,
  });
  // Fewer than what one server may send in a minute.
  await fuzz(batch, 60, async (pieces) => {
    const { sender, activities } = await newcomer();
    const known = await knownActors();
    const before = await ofOthers(sender, known);
    const sent = pieces.map(([which, mutation, isFetched]) =>
      textOf(activities[which % activities.length]!, mutation, isFetched),
    );
    const statuses = await Promise.all(sent.map((text) => two.send(world, sender, text)));
    for (const [index, status] of statuses.entries())
      expect(ANSWERS.has(status) ? null : [status, sent[index]]).toBeNull();
    await world.settle();
    const wrong = await world.services.database.rows(BROKEN);
    expect({ wrong, sent: wrong.length > 0 ? sent : [] }).toEqual({ wrong: [], sent: [] });
    const after = await ofOthers(sender, known);
    if (JSON.stringify(after) !== JSON.stringify(before))
      expect({ after, sent }).toEqual({ after: before, sent });
    const { done, kept } = (await world.services.database.row<typeof sum>(EFFECTS, [sender.uri]))!;
    sum.done += done - 2;
    sum.kept += kept - 2;
  });
  // Otherwise the gate alone was looked at.
  expect(sum.kept).toBeGreaterThan(0);
  expect(sum.done).toBeGreaterThan(0);
});

/** The text of a changed activity; or its object is changed where it stands, and only named. */
function textOf(honestly: Written, mutation: Mutation, isFetched: boolean): string {
  const activity: Written = { ...honestly, id: freshId(alice).replace(one.origin, two.origin) };
  const { object } = activity;
  if (!isFetched || typeof object !== 'object' || object === null || !('id' in object))
    return write(mutate(activity, mutation), mutation);
  const id = freshId(alice).replace(one.origin, two.origin);
  two.serve(new URL(id).pathname, {
    body: write(
      mutate({ '@context': 'https://www.w3.org/ns/activitystreams', ...object, id }, mutation),
      mutation,
    ),
  });
  return JSON.stringify({ ...activity, object: id });
}

test('R29 actors and handles that went wrong are refused, or kept as what stands at their own address', async () => {
  const changed = fc.tuple(mutations(identities), fc.boolean());
  await fuzz(changed, 500, async ([mutation, isHandle]) => {
    const sender = two.actor(`odd${(senders += 1)}`, {
      icon: { type: 'Image', mediaType: 'image/png', url: 'https://two.test/i.png' },
      attachment: [
        { type: 'PropertyValue', name: 'Home', value: '<a href="https://two.test">two</a>' },
      ],
      published: '2020-01-01T00:00:00Z',
    });
    const name = `odd${senders}`;
    const webFinger = `/.well-known/webfinger?resource=${encodeURIComponent(`acct:${name}@two.test`)}`;
    const links = [{ rel: 'self', type: 'application/activity+json', href: sender.uri }];
    if (isHandle)
      two.serve(webFinger, {
        type: 'application/jrd+json',
        body: write(mutate({ subject: `acct:${name}@two.test`, links }, mutation), mutation),
      });
    else two.serve(`/users/${name}`, { body: write(mutate(sender.document, mutation), mutation) });
    const known = await knownActors();
    const before = await world.services.database.rows(OF_OTHERS, [
      ada.actorId,
      sender.uri,
      two.host,
      known,
    ]);
    try {
      const actor = await fetchActorOf(sender);
      // Who says to be somebody else is that one, as the other server shows them.
      const host = actor.uri === alice.uri ? 'one.test' : 'two.test';
      expect(new URL(actor.uri).host).toBe(host);
      expect(new URL(actor.inboxUrl).host).toBe(host);
    } catch (error) {
      if (!isAbsence(error)) throw error;
    }
    expect(
      await world.services.database.rows(OF_OTHERS, [ada.actorId, sender.uri, two.host, known]),
    ).toEqual(before);
  });
});
