// Comments of ours below videos of PeerTube, which holds them until the author of the video has looked at them.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, answerBy, noteBy, type Written } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { comment, innerId } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const HIDDEN = statement(
  'test.hidden_comment',
  'select hidden_through = id as "isHidden" from posts where uri = $1',
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let tube: FakePeer;
let rounds = 0;
/** Owns the video. */
let owner: PeerActor;
let video: Written;
let videoId: string;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
  tube = stack.use(await startFakePeer(network, 'tube.test'));
});

beforeEach(async () => {
  rounds += 1;
  owner = tube.actor(`owner${rounds}`);
  video = noteBy(owner, { cc: [`https://a.example/actors/${ada.actorId}`] });
  await hear(owner, activityBy(owner, 'Create', video));
  videoId = await idOf(video.id);
  tube.requests.length = 0;
});

afterAll(() => stack.disposeAsync().then(() => undefined));

async function hear(actor: PeerActor, activity: object): Promise<void> {
  world.clock.advance(1);
  expect(await tube.send(world, actor, activity)).toBe(202);
  await network.settle();
}

async function idOf(url: string): Promise<string> {
  const answer = await ada.graphql<{ fetchRemoteObject: { object: { id: string } } }>(
    'mutation ($url: URL!) { fetchRemoteObject(input: { url: $url }) { object { ... on PhotoPost { id } } } }',
    { url },
  );
  return answer.data.fetchRemoteObject.object.id;
}

async function say(text: string): Promise<string> {
  const uri = `https://a.example/comments/${innerId(await comment(ada, videoId, text))}`;
  await network.settle();
  return uri;
}

/** As PeerTube writes it: without recipients, and with the address of what the comment answers. */
function approval(actor: PeerActor, uri: string, type = 'ApproveReply'): Written {
  return { ...activityBy(actor, type, uri), to: [], inReplyTo: video.id };
}

async function documentAt(uri: string): Promise<Record<string, unknown>> {
  const answer = await fetch(world.reach(uri), {
    headers: { accept: 'application/activity+json' },
  });
  return (await answer.json()) as Record<string, unknown>;
}

interface Sent {
  readonly id: string;
  readonly type: string;
  readonly object: Record<string, unknown>;
}

const sent = (): Sent[] =>
  tube.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as Sent);

const isHidden = async (uri: string): Promise<boolean | null> =>
  (await world.services.database.row<{ isHidden: boolean | null }>(HIDDEN, [uri]))!.isHidden;

test('a comment that the author of the video approves carries that, and is sent again to be passed on', async () => {
  const uri = await say('Well?');
  const [first] = sent();
  expect(first).toMatchObject({ type: 'Create', object: { id: uri } });
  expect(first!.object).not.toHaveProperty('replyApproval');
  const approved = approval(owner, uri);
  await hear(owner, approved);
  expect(await documentAt(uri)).toMatchObject({ replyApproval: approved.id });
  // Whoever asks for a stamp there finds none: no other server is told of one.
  for (const word of ['approvedBy', 'replyAuthorization'])
    expect(await documentAt(uri)).not.toHaveProperty(word);
  const [, second, ...more] = sent();
  expect(second).toMatchObject({ type: 'Create', object: { id: uri, replyApproval: approved.id } });
  expect(second!.id).not.toBe(first!.id);
  expect(more).toEqual([]);
});

test('nobody but the author of the video approves or refuses', async () => {
  const uri = await say('Mine.');
  tube.requests.length = 0;
  const eve = tube.actor(`eve${rounds}`);
  for (const type of ['ApproveReply', 'RejectReply', 'Delete'])
    await hear(eve, approval(eve, uri, type));
  expect(await documentAt(uri)).not.toHaveProperty('replyApproval');
  expect(await isHidden(uri)).toBeNull();
  expect(sent()).toEqual([]);
});

test.each(['RejectReply', 'Delete'])(
  'what the author of the video refuses by %s is hidden, and its author sees that',
  async (type) => {
    const uri = await say('Too much.');
    await hear(owner, approval(owner, uri));
    await hear(owner, approval(owner, uri, type));
    expect(await isHidden(uri)).toBe(true);
    const seen = async (who: Pick<Person, 'graphql'>): Promise<unknown> => {
      const answer = await who.graphql<{ post: { comments: { nodes: unknown[] } } }>(
        'query ($id: ID!) { post(by: { id: $id }) { comments(first: 5) { nodes { isHidden } } } }',
        { id: videoId },
      );
      return answer.data.post.comments.nodes;
    };
    expect(await seen(ada)).toEqual([{ isHidden: true }]);
    expect(await seen(world)).toEqual([]);
    const again = approval(owner, uri);
    await hear(owner, again);
    expect(await isHidden(uri)).toBeNull();
    expect(await documentAt(uri)).toMatchObject({ replyApproval: again.id });
  },
);

test('a comment of a third server that the author of the video deletes is hidden here', async () => {
  const carl = tube.actor(`carl${rounds}`);
  const said = answerBy(carl, video.id);
  await hear(carl, activityBy(carl, 'Create', said));
  await hear(owner, activityBy(owner, 'Delete', said.id));
  expect(await isHidden(said.id)).toBe(true);
  // It is still its author's to take back.
  await hear(carl, activityBy(carl, 'Delete', said.id));
  const rest = statement('test.rest', 'select content_html as html from posts where uri = $1');
  expect(await world.services.database.row(rest, [said.id])).toEqual({ html: '' });
});
