// A server that nobody here wrote: what it sends is understood here, and what we send there, over HTTP with signatures.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { tmpdir } from 'node:os';
import { statement } from '../../src/platform/db/database.js';
import { toGlobalId } from '../../src/platform/ids.js';
import { meet, settledUntil } from '../support/federation.js';
import { block, comment, innerId, react, sendPost } from '../support/posts.js';
import { hasSnac, startSnac, startWorldOnLoopback, type Snac } from '../support/snac.js';
import { uploadPicture } from '../support/upload.js';
import type { Person, World } from '../support/world.js';
import { flatJpeg } from '../support/pictures.js';

const FOLLOWS = statement(
  'test.follows_between',
  `select follower.username as follower, f.state from follows f join actors follower on follower.id = f.follower_id
   order by follower.username`,
);
const REMOTE_POST = statement(
  'test.remote_post',
  `select p.id, p.uri, p.content_html as html, (select m.state from post_media pm join media m on m.id = pm.media_id
     where pm.post_id = p.id limit 1) as picture
   from posts p where not p.is_local and p.deleted_at is null order by p.id desc limit 1`,
);
const ANSWER = statement(
  'test.snac_answer',
  `select id, uri, narrowed_to as "narrowedTo" from posts where root_id = $1 and not is_local and deleted_at is null limit 1`,
);
const REPOSTS = statement('test.reposts', 'select reposts from post_counts where post_id = $1');
const RECEIVED_FOLLOWS = statement(
  'test.received_follows',
  `select count(*)::int as count from received_activities where body->>'type' = 'Follow'`,
);

// Where the continuous integration promises it, a missing snac is a failure and not a skipped test.
const isHere = process.env['TRIPTYCH_TEST_SNAC'] === 'required' || (await hasSnac());
const testWithSnac = isHere ? test : test.skip;

let stack: AsyncDisposableStack;
let world: World;
let snac: Snac;
let ada: Person;
let sam: string;
let adaUri: string;
let postUri: string;
let postId: string;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  if (!isHere) return;
  world = stack.use(await startWorldOnLoopback());
  snac = stack.use(await startSnac());
  ada = await world.local('ada');
  adaUri = `${world.services.config.publicUrl.origin}/actors/${ada.actorId}`;
});

afterAll(async () => {
  await stack.disposeAsync();
});

const until = <Value>(ask: () => Promise<Value>, isSo: (value: Value) => boolean): Promise<Value> =>
  settledUntil(world, ask, isSo);

testWithSnac('each follows the other, and both agree', async () => {
  sam = await meet(ada, snac.handle);
  await ada.graphql(
    'mutation ($input: FollowActorInput!) { followActor(input: $input) { userErrors { code } } }',
    { input: { actorId: sam } },
  );
  await world.settle();
  await snac.command('follow', adaUri);
  const follows = await until(
    () => world.services.database.rows<{ follower: string; state: string }>(FOLLOWS),
    (rows) => rows.length === 2 && rows.every(({ state }) => state === 'ACCEPTED'),
  );
  expect(follows).toEqual([
    { follower: 'ada', state: 'ACCEPTED' },
    { follower: 'sam', state: 'ACCEPTED' },
  ]);
});

testWithSnac(
  'a picture that snac posts stands in our home timeline, served from here',
  async () => {
    const file = path.join(tmpdir(), `snac-${process.pid}.jpg`);
    await writeFile(file, await flatJpeg('#a33'));
    await snac.command('note', 'A red picture #red', file);
    const post = await until(
      () => world.services.database.row<{ id: string; uri: string; picture: string }>(REMOTE_POST),
      (row) => row?.picture === 'READY',
    );
    expect(post).toMatchObject({ picture: 'READY' });
    const home = await ada.graphql<{
      viewer: {
        homeTimeline: {
          nodes: { id: string; author: { handle: string }; media: { url: string }[] }[];
        };
      };
    }>(
      '{ viewer { homeTimeline(first: 5) { nodes { id ... on PhotoPost { author { handle } media { url } } } } } }',
    );
    const [shown] = home.data.viewer.homeTimeline.nodes;
    expect(shown).toMatchObject({ author: { handle: snac.handle } });
    expect(shown!.media[0]!.url).toMatch(
      new RegExp(`^${world.services.config.publicUrl.origin}/media/`),
    );

    expect(await react(ada, shown!.id, '❤')).toEqual([]);
    await comment(ada, shown!.id, 'How red it is.');
    const { uri } = post!;
    expect(
      await until(
        () => snac.indexSize(uri, 'l'),
        (size) => size === 1,
      ),
    ).toBe(1);
    expect(
      await until(
        () => snac.indexSize(uri, 'c'),
        (size) => size === 1,
      ),
    ).toBe(1);
    expect(await react(ada, shown!.id, null)).toEqual([]);
    expect(
      await until(
        () => snac.indexSize(uri, 'l'),
        (size) => size === 0,
      ),
    ).toBe(0);
  },
);

testWithSnac(
  'a post of ours stands in snac, with picture and later changes; its boost and answer come back',
  async () => {
    const media = await uploadPicture(world, ada, await flatJpeg('#3a3'), { altText: 'All green' });
    const { post } = await sendPost(ada, {
      mediaIds: [media],
      common: { caption: 'A *green* one' },
    });
    postId = innerId(post!.id);
    postUri = `${world.services.config.publicUrl.origin}/posts/${postId}`;
    const stored = await until(
      () => snac.object(postUri),
      (object) => object !== null,
    );
    expect(stored).toMatchObject({
      type: 'Note',
      attributedTo: adaUri,
      content: expect.stringContaining('<em>green</em>'),
    });
    expect(JSON.stringify(stored!['attachment'])).toContain('All green');

    await ada.graphql(
      'mutation ($input: UpdatePostInput!) { updatePost(input: $input) { userErrors { code } } }',
      { input: { postId: post!.id, caption: 'A *very green* one' } },
    );
    const changed = await until(
      () => snac.object(postUri),
      (object) => String(object?.['content']).includes('very green'),
    );
    expect(changed!['content']).toContain('very green');

    await snac.command('boost', postUri);
    const reposts = await until(
      () => world.services.database.row<{ reposts: number }>(REPOSTS, [postId]),
      (row) => row?.reposts === 1,
    );
    expect(reposts).toEqual({ reposts: 1 });
    await snac.command('unboost', postUri);
    const taken = await until(
      () => world.services.database.row<{ reposts: number }>(REPOSTS, [postId]),
      (row) => row?.reposts === 0,
    );
    expect(taken).toEqual({ reposts: 0 });
  },
);

interface StoredComment {
  readonly id: string;
  readonly uri: string;
  readonly narrowedTo: string | null;
}

/** Whether somebody here sees a comment; null = nobody in particular. */
async function seesComment(who: Person | null, id: string): Promise<boolean> {
  const answer = await (who ?? world).graphql<{ node: { id: string } | null }>(
    'query ($id: ID!) { node(id: $id) { id } }',
    { id: toGlobalId('comment', id) },
  );
  return answer.data.node !== null;
}

async function addComment(input: object): Promise<{ id: string; uri: string }> {
  const answer = await ada.graphql<{ addComment: { comment: { id: string; uri: string } } }>(
    'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id uri } } }',
    { input: { postId: toGlobalId('post', postId), ...input } },
  );
  return answer.data.addComment.comment;
}

testWithSnac(
  'an answer of snac for its followers is for them here, and ours for followers is for those there',
  async () => {
    const dan = await world.local('dan');
    await snac.answer(postUri, 'Between us followers', 'followers');
    const said = await until(
      () => world.services.database.row<StoredComment>(ANSWER, [postId]),
      Boolean,
    );
    expect(said).toMatchObject({ narrowedTo: 'FOLLOWERS' });
    expect(await seesComment(ada, said!.id)).toBe(true);
    for (const who of [dan, null]) expect(await seesComment(who, said!.id)).toBe(false);

    const mine = await addComment({ content: 'To all of mine', visibility: 'FOLLOWERS' });
    const stored = await until(
      () => snac.object(mine.uri),
      (object) => object !== null,
    );
    expect(stored).toMatchObject({ inReplyTo: postUri, to: [`${adaUri}/followers`] });
    expect(JSON.stringify(stored)).not.toContain('#Public');
    const headers = { accept: 'application/activity+json' };
    expect((await fetch(mine.uri, { headers })).status).toBe(404);

    const parentId = toGlobalId('comment', said!.id);
    const toSam = await addComment({ content: 'For you', parentId });
    const answered = await until(
      () => snac.object(toSam.uri),
      (object) => object !== null,
    );
    expect(answered).toMatchObject({ inReplyTo: said!.uri, to: [snac.actorUri], cc: [] });
  },
);

testWithSnac('a deletion of ours takes the post out of the timeline there', async () => {
  expect(await snac.isInTimeline(postUri)).toBe(true);
  const answer = await ada.graphql<{ deletePost: { userErrors: unknown[] } }>(
    'mutation ($input: DeletePostInput!) { deletePost(input: $input) { userErrors { code } } }',
    { input: { postId: toGlobalId('post', postId) } },
  );
  expect(answer.data.deletePost.userErrors).toEqual([]);
  const isThere = await until(
    () => snac.isInTimeline(postUri),
    (still) => !still,
  );
  expect(isThere).toBe(false);
});

testWithSnac(
  'a block ends what there was between the two, and lets nothing new begin',
  async () => {
    await block(world, ada, { actorGlobalId: sam });
    expect(await world.services.database.rows(FOLLOWS)).toEqual([]);
    const received = async (): Promise<number> =>
      (await world.services.database.row<{ count: number }>(RECEIVED_FOLLOWS))!.count;
    const before = await received();
    await snac.command('unfollow', adaUri);
    await snac.command('follow', adaUri);
    expect(await until(received, (count) => count > before)).toBeGreaterThan(before);
    await world.settle();
    expect(await world.services.database.rows(FOLLOWS)).toEqual([]);
  },
);
