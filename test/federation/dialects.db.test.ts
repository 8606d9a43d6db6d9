// Each activity as other software writes it, and what becomes of it here.
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const DIRECTORY = path.resolve('test/fixtures/activities');

const STATE = statement(
  'test.of_actor',
  `with me as (select id from actors where uri = $1)
   select (select json_agg(content_html order by content_html) from posts where author_id = me.id and kind <> 'comment' and deleted_at is null) as posts,
     (select json_agg(content_html order by content_html) from posts where author_id = me.id and kind = 'comment' and deleted_at is null) as comments,
     (select json_agg(comment_policy order by uri) from posts where author_id = me.id and kind <> 'comment' and deleted_at is null) as policies,
     (select json_agg(h.name order by h.name) from posts p join post_hashtags u on u.post_id = p.id join hashtags h on h.id = u.hashtag_id
       where p.author_id = me.id and p.deleted_at is null) as hashtags,
     (select count(*)::int from posts p join post_media m on m.post_id = p.id where p.author_id = me.id) as pictures,
     (select count(*)::int from reactions where actor_id = me.id) as likes,
     (select json_agg(content) from reactions where actor_id = me.id) as reactions,
     (select count(*)::int from posts where author_id = me.id and quoted_id is not null and deleted_at is null) as quotes,
     (select json_agg(quote_policy order by uri) from posts where author_id = me.id and kind <> 'comment' and deleted_at is null) as "quotePolicies",
     (select count(*)::int from reposts where actor_id = me.id) as reposts,
     (select count(*)::int from follows where follower_id = me.id and state = 'ACCEPTED') as follows,
     (select count(*)::int from blocks where blocker_id = me.id) as blocks,
     (select json_agg(content_html order by id) from chat_messages where sender_id = me.id and deleted_at is null) as messages,
     (select status from actors where id = me.id) as status
   from me`,
);
const REFUSALS = statement(
  'test.refusals',
  `select refusal from received_activities where actor_uri = $1 order by received_at desc, id desc limit 1`,
);

interface State {
  readonly posts: string[] | null;
  readonly comments: string[] | null;
  readonly policies: string[] | null;
  readonly hashtags: string[] | null;
  readonly pictures: number;
  readonly likes: number;
  readonly reactions: string[] | null;
  readonly quotes: number;
  readonly quotePolicies: string[] | null;
  readonly reposts: number;
  readonly follows: number;
  readonly blocks: number;
  readonly messages: string[] | null;
  readonly status: string;
}

type Step = readonly [file: string, expected: Partial<Record<keyof State, unknown>>];

const text = (part: string): unknown => [expect.stringContaining(part)];

/** What each software sends, in an order in which it may come, and what is so afterwards. */
const STEPS: Readonly<Record<string, readonly Step[]>> = {
  'mastodon-4.5': [
    ['follow', { follows: 1, status: 'ACTIVE' }],
    ['like', { likes: 1 }],
    ['announce', { reposts: 1 }],
    ['create-picture', { posts: text('fog'), pictures: 1, hashtags: ['fog'] }],
    ['update-picture', { posts: text('Fog, later'), pictures: 1 }],
    ['create-reply', { comments: text('Where is this?') }],
    ['create-direct-reply', { comments: ['<p>Between us</p>', '<p>Where is this?</p>'] }],
    ['quote-request', { quotes: 1 }],
    ['undo-announce', { reposts: 0 }],
    ['undo-like', { likes: 0 }],
    ['undo-follow', { follows: 0 }],
    ['delete-picture', { posts: ['<p>What a light</p>'], pictures: 0 }],
    ['delete-actor', { comments: null, status: 'DELETED' }],
  ],
  'pixelfed-0.12': [
    ['follow', { follows: 1 }],
    ['undo-follow', { follows: 0 }],
    ['follow', { follows: 1 }],
    ['like', { likes: 1 }],
    ['announce', { reposts: 1 }],
    ['create-album', { posts: text('Harbour with'), pictures: 2, hashtags: ['boats'] }],
    ['update-album', { posts: text('Harbour at dusk'), pictures: 2 }],
    ['create-closed-post', { policies: ['EVERYONE', 'NOBODY'], pictures: 3 }],
    ['create-reply', { comments: text('so calm'), hashtags: ['boats', 'boats', 'calm'] }],
    ['undo-announce', { reposts: 0 }],
    ['undo-like', { likes: 0 }],
    ['delete-album', { policies: ['NOBODY'] }],
    ['create-direct', { messages: text('tripod'), policies: ['NOBODY'] }],
  ],
  'pixelfed-0.14': [
    ['create-album', { posts: text('Quay'), pictures: 1, quotePolicies: ['EVERYONE'] }],
    ['create-unquotable', { quotePolicies: ['EVERYONE', 'NOBODY'] }],
    ['create-group-direct', { messages: text('tent'), quotePolicies: ['EVERYONE', 'NOBODY'] }],
    ['block', { blocks: 1 }],
    ['undo-block', { blocks: 0 }],
  ],
  'misskey-2025.9': [
    ['follow', { follows: 1 }],
    ['like-custom', { reactions: [':blobcat@misskey-2025-9.test:'] }],
    ['undo-like-custom', { reactions: null }],
    ['like-unicode', { reactions: ['🎉'] }],
    ['create-quote', { quotes: 1, posts: [expect.not.stringContaining('RE:')] }],
    ['delete-quote', { quotes: 0, posts: null }],
  ],
  'sharkey-2025.4': [
    ['follow', { follows: 1 }],
    ['like-custom', { reactions: [':blobcat@sharkey-2025-4.test:'] }],
    ['undo-like-custom', { reactions: null }],
    ['like-unicode', { reactions: ['🎉'] }],
    ['create-quote', { quotes: 1, posts: [expect.not.stringContaining('RE:')] }],
    ['delete-quote', { quotes: 0, posts: null }],
  ],
  'akkoma-3.15': [
    ['emoji-react', { reactions: [':blobcat@akkoma-3-15.test:'] }],
    ['undo-emoji-react', { reactions: null }],
    ['emoji-react-unicode', { reactions: ['☺\uFE0F'] }],
    ['like', { reactions: ['❤'] }],
  ],
  'gotosocial-0.20': [
    ['follow', { follows: 1 }],
    ['like', { likes: 1 }],
    ['undo-like', { likes: 0 }],
    ['create-picture', { posts: text('A gate'), pictures: 1, policies: ['FOLLOWING'] }],
    ['delete-picture', { posts: null }],
  ],
  'friendica-2024.12': [
    ['like', { likes: 1 }],
    ['dislike', { likes: 1 }],
    ['announce', { reposts: 1 }],
    ['create-note', { posts: text('in the morning'), pictures: 1 }],
    ['update-note', { posts: text('at noon'), pictures: 1 }],
    ['delete-note', { posts: null, pictures: 0 }],
    ['create-article', { posts: text('On quays') }],
    ['create-event', { posts: expect.arrayContaining([expect.stringContaining('Bring shoes')]) }],
    [
      'create-question',
      { posts: expect.arrayContaining([expect.stringContaining('The new one')]) },
    ],
    ['create-comment', { comments: text('So calm') }],
    ['undo-announce', { reposts: 0 }],
  ],
  'loops-1.0.0-beta.14': [
    ['follow', { follows: 1 }],
    ['like', { likes: 1 }],
    ['create-video', { posts: [''], pictures: 1 }],
    ['update-video', { posts: text('A wave, at last'), pictures: 1 }],
    ['delete-video', { posts: null }],
    ['create-comment', { comments: text('light'), hashtags: ['light'] }],
    ['update-comment', { comments: text('Lovely indeed') }],
    ['delete-comment', { comments: null }],
    ['undo-like', { likes: 0 }],
    ['undo-follow', { follows: 0 }],
    ['create-direct', { messages: text('wave') }],
    ['delete-direct', { messages: null }],
    ['block', { blocks: 1 }],
    ['undo-block', { blocks: 0 }],
  ],
};

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
});

afterAll(() => stack.disposeAsync().then(() => undefined));

/** Puts the people and servers of the test in the place of those of a file. */
function adapt(written: string, alice: string, postUri: string): string {
  return written
    .replaceAll(/https:\/\/example\.org\/(?:users\/alice|ap\/users\/7)/g, alice)
    .replaceAll('https://example.org', new URL(alice).origin)
    .replaceAll('https://m.example/users/bob', `https://a.example/actors/${ada.actorId}`)
    .replaceAll('https://m.example/notes/1', postUri);
}

const contentOf = (software: string, file: string): Promise<string> =>
  readFile(path.join(DIRECTORY, software, `${file}.json`), 'utf8');

async function join(software: string): Promise<{ peer: FakePeer; alice: PeerActor }> {
  const host = `${software.replaceAll('.', '-')}.test`;
  const peer = stack.use(await startFakePeer(network, host));
  const uri = `https://${host}/users/alice`;
  const written = JSON.parse(adapt(await contentOf(software, 'actor'), uri, '')) as object;
  const { publicKey: _publicKey, ...document } = written as { publicKey: unknown };
  return { peer, alice: peer.actor('alice', document) };
}

test.each(Object.keys(STEPS))('what %s sends is understood', async (software) => {
  const { peer, alice } = await join(software);
  const postUri = `https://a.example/posts/${innerId(await publish(world, ada))}`;
  await world.settle();
  for (const [file, expected] of STEPS[software]!) {
    world.clock.advance(1);
    const activity = JSON.parse(adapt(await contentOf(software, file), alice.uri, postUri)) as {
      type: string;
      object: unknown;
    };
    if (activity.type === 'Delete' && activity.object === alice.uri)
      peer.serve('/users/alice', { status: 410, body: {} });
    expect([file, await peer.send(world, alice, activity)]).toEqual([file, 202]);
    await world.settle();
    const state = await world.services.database.row<State>(STATE, [alice.uri]);
    const refusal = await world.services.database.row(REFUSALS, [alice.uri]);
    expect({ file, ...state, refusal }).toMatchObject({ file, ...expected });
  }
});

test('every file is received by the test', async () => {
  for (const [software, steps] of Object.entries(STEPS)) {
    const files = await readdir(path.join(DIRECTORY, software));
    const used = new Set(['actor', ...steps.map(([file]) => file)]);
    expect(files.map((file) => file.replace('.json', '')).toSorted()).toEqual([...used].toSorted());
  }
});
