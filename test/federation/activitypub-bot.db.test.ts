// A second server that nobody here wrote, and of another kind than snac: activitypub.bot reads and writes everything by
// JSON-LD (`as:Public`, one value where others have a list), signs by RFC 9421 first, has a shared inbox, fetches with
// signatures, names what it writes by the address alone, so that what is not for everybody has to be fetched with one,
// and tells of each like, share and answer by an Add to a collection of its own. What it cannot do: attach a picture to
// a note, or tell anybody of its blocks (activities of the same interface do), take notice of deleted answers, send or
// understand Move, EmojiReact, quotes, pins or integrity proofs.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { toGlobalId } from '../../src/platform/ids.js';
import {
  hasActivityPubBot,
  startActivityPubBot,
  type ActivityPubBot,
  type BotDocument,
} from '../support/activitypub-bot.js';
import { arrange, chatOf, write } from '../support/chat.js';
import { meet, openNetwork, settledUntil } from '../support/federation.js';
import { block, comment, innerId, react, sendPost } from '../support/posts.js';
import { uploadPicture } from '../support/upload.js';
import type { Person, World } from '../support/world.js';
import { flatJpeg } from '../support/pictures.js';

const FOLLOWS = statement(
  'test.bot_follows',
  `select follower.username as follower, f.state from follows f join actors follower on follower.id = f.follower_id
   order by follower.username`,
);
const POST = statement(
  'test.bot_post',
  `select p.id, p.kind, p.visibility, p.content_html as html, p.deleted_at is not null as deleted, (select m.state from post_media pm
     join media m on m.id = pm.media_id where pm.post_id = p.id limit 1) as picture
   from posts p where p.uri = $1`,
);
const COUNTS = statement(
  'test.bot_counts',
  'select likes, comments, reposts from post_counts where post_id = $1',
);
const BLOCKS = statement(
  'test.bot_blocks',
  `select count(*)::int as count from blocks b join actors a on a.id = b.blocker_id where a.username = 'robo'`,
);

const HEARD_FOLLOWS = statement(
  'test.bot_heard_follows',
  `select count(*)::int as count from received_activities where body->>'type' = 'Follow'`,
);

const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';

// Where the continuous integration promises it, a missing peer is a failure and not a skipped test.
const isHere =
  process.env['TRIPTYCH_TEST_ACTIVITYPUB_BOT'] === 'required' || (await hasActivityPubBot());
const testWithBot = isHere ? test : test.skip;

let stack: AsyncDisposableStack;
let world: World;
let bot: ActivityPubBot;
let ada: Person;
let adaUri: string;
let robo: string;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  if (!isHere) return;
  const network = stack.use(openNetwork());
  world = await network.join('a.example');
  const hosts = { 'a.example': Number(new URL(world.origin).port) };
  bot = stack.use(await startActivityPubBot(network, hosts, await flatJpeg('#a33')));
  ada = await world.local('ada');
  adaUri = `https://a.example/actors/${ada.actorId}`;
});

afterAll(async () => {
  await stack.disposeAsync();
});

const until = <Value>(ask: () => Promise<Value>, isSo: (value: Value) => boolean): Promise<Value> =>
  settledUntil(world, ask, isSo);

interface PostRow {
  readonly id: string;
  readonly kind: string;
  readonly visibility: string;
  readonly html: string;
  readonly deleted: boolean;
  readonly picture: string | null;
}

const rowOf = (uri: string): Promise<PostRow | undefined> =>
  world.services.database.row<PostRow>(POST, [uri]).then((row) => row ?? undefined);

const countsOf = (postId: string): Promise<Record<string, number> | null> =>
  world.services.database
    .row<Record<string, number>>(COUNTS, [innerId(postId)])
    .then((row) => row ?? null);

const heardFollows = (): Promise<number> =>
  world.services.database.row<{ count: number }>(HEARD_FOLLOWS).then((row) => row!.count);

const follows = (): Promise<{ follower: string; state: string }[]> =>
  world.services.database.rows(FOLLOWS);

const mutate = async (name: string, type: string, input: object): Promise<void> => {
  const answer = await ada.graphql<Record<string, { userErrors: unknown[] }>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code path } } }`,
    { input },
  );
  expect(answer.data[name]!.userErrors).toEqual([]);
};

testWithBot('each follows the other, and both agree', async () => {
  robo = await meet(ada, bot.handle);
  await mutate('followActor', 'FollowActorInput', { actorId: robo });
  await bot.does('follow', adaUri);
  const agreed = await until(follows, (rows) => rows.filter(isAccepted).length === 2);
  expect(agreed).toEqual([
    { follower: 'ada', state: 'ACCEPTED' },
    { follower: 'robo', state: 'ACCEPTED' },
  ]);
  expect(await until(() => bot.does('isFollower', adaUri), Boolean)).toBe(true);
  expect(await until(() => bot.does('isFollowing', adaUri), Boolean)).toBe(true);
});

const isAccepted = ({ state }: { state: string }): boolean => state === 'ACCEPTED';

testWithBot(
  'a text of the bot is answered, liked and reposted, and what of it is taken back',
  async () => {
    const note = await bot.does('note', 'Good morning, people');
    const row = await until(() => rowOf(note.id), Boolean);
    expect(row).toMatchObject({ kind: 'text', html: expect.stringContaining('Good morning') });
    const postId = toGlobalId('post', row!.id);
    expect(await react(ada, postId, '❤')).toEqual([]);
    await comment(ada, postId, 'Good morning, machine.');
    await mutate('setRepost', 'SetRepostInput', { postId, reposted: true });
    const counted = (): Promise<number[]> =>
      Promise.all((['likes', 'replies', 'shares'] as const).map((of) => bot.count(note.id, of)));
    expect(await until(counted, (counts) => counts.every((one) => one === 1))).toEqual([1, 1, 1]);
    expect(await react(ada, postId, null)).toEqual([]);
    await mutate('setRepost', 'SetRepostInput', { postId, reposted: false });
    const isTaken = ([likes, , shares]: number[]): boolean => likes === 0 && shares === 0;
    expect(await until(counted, isTaken)).toEqual([0, 1, 0]);

    await bot.does('edit', note.id, '<p>Good evening, people</p>');
    const isEdited = (now: PostRow | undefined): boolean => now?.html.includes('evening') === true;
    expect((await until(() => rowOf(note.id), isEdited))!.html).toContain('Good evening');
    await bot.does('remove', note.id);
    const isGone = (now: PostRow | undefined): boolean => now?.deleted !== false;
    expect(isGone(await until(() => rowOf(note.id), isGone))).toBe(true);
  },
);

testWithBot('a picture of the bot stands in our home timeline, served from here', async () => {
  const note = {
    id: `${bot.actorUri}/note/Picture-of-the-bot-01`,
    type: 'Note',
    attributedTo: bot.actorUri,
    to: PUBLIC,
    cc: `${bot.actorUri}/followers`,
    content: '<p>A red picture</p>',
    published: new Date().toISOString(),
    attachment: { type: 'Image', mediaType: 'image/jpeg', url: bot.pictureUri, name: 'All red' },
  };
  await bot.does('act', { type: 'Create', to: note.to, cc: note.cc, object: note });
  const row = await until(
    () => rowOf(note.id),
    (now) => now?.picture === 'READY',
  );
  expect(row).toMatchObject({ kind: 'photo', picture: 'READY' });
  const { data } = await ada.graphql<{
    viewer: { homeTimeline: { nodes: { media: { url: string; altText: string }[] }[] } };
  }>(
    '{ viewer { homeTimeline(first: 1) { nodes { ... on PhotoPost { author { handle } media { url altText } } } } } }',
  );
  const [shown] = data.viewer.homeTimeline.nodes;
  expect(shown).toMatchObject({ author: { handle: bot.handle }, media: [{ altText: 'All red' }] });
  expect(shown!.media[0]!.url).toMatch(/^https:\/\/a\.example\/media\//);
});

testWithBot(
  'a post of ours reaches the bot, with picture and later changes; what it does comes back',
  async () => {
    const media = await uploadPicture(world, ada, await flatJpeg('#3a3'), { altText: 'All green' });
    const { post } = await sendPost(ada, {
      mediaIds: [media],
      common: { caption: 'A *green* one' },
    });
    const uri = `https://a.example/posts/${innerId(post!.id)}`;
    const created = await until(() => received('Create', uri), Boolean);
    const sent = JSON.stringify(created);
    expect(sent).toContain('<em>green</em>');
    expect(sent).toContain('All green');

    await bot.does('like', uri);
    await bot.does('announce', uri);
    const reply = await bot.does('reply', 'How green it is', uri);
    const isAll = (now: Record<string, number> | null): boolean =>
      now?.['likes'] === 1 && now['comments'] === 1 && now['reposts'] === 1;
    const all = { likes: 1, comments: 1, reposts: 1 };
    expect(await until(() => countsOf(post!.id), isAll)).toEqual(all);
    expect(reply['inReplyTo']).toBe(uri);
    await bot.does('unlike', uri);
    await bot.does('unannounce', uri);
    await bot.does('remove', reply.id);
    const isNone = (now: Record<string, number> | null): boolean =>
      now?.['likes'] === 0 && now['comments'] === 0 && now['reposts'] === 0;
    const none = { likes: 0, comments: 0, reposts: 0 };
    expect(await until(() => countsOf(post!.id), isNone)).toEqual(none);

    await mutate('updatePost', 'UpdatePostInput', { postId: post!.id, caption: 'A *grey* one' });
    await until(() => received('Update', uri), Boolean);
    expect(await bot.does('object', uri)).toMatchObject({
      content: expect.stringContaining('<em>grey</em>'),
    });
    await mutate('deletePost', 'DeletePostInput', { postId: post!.id });
    await until(() => received('Delete', uri), Boolean);
    await expect(bot.does('object', uri)).rejects.toThrow(/Could not fetch/);
  },
);

/** What the bot was sent of this type about this object. */
async function received(type: string, uri: string): Promise<BotDocument | undefined> {
  const all = await bot.does<BotDocument[]>('received');
  return all.find(
    (activity) => activity['type'] === type && JSON.stringify(activity['object']).includes(uri),
  );
}

testWithBot(
  'what is for followers alone is read by the bot with its signature, and by nobody without',
  async () => {
    const media = await uploadPicture(world, ada, await flatJpeg('#33a'));
    const { post } = await sendPost(ada, {
      mediaIds: [media],
      common: { caption: 'For you', visibility: 'FOLLOWERS' },
    });
    const uri = `https://a.example/posts/${innerId(post!.id)}`;
    await until(() => received('Create', uri), Boolean);
    await mutate('updatePost', 'UpdatePostInput', { postId: post!.id, caption: 'For you alone' });
    // It forgets its copy, so that it has to ask.
    await until(() => received('Update', uri), Boolean);
    expect(await bot.does('object', uri)).toMatchObject({ content: '<p>For you alone</p>' });
    const headers = { accept: 'application/activity+json' };
    expect((await fetch(world.reach(uri), { headers })).status).toBe(404);
  },
);

const ANSWER = statement(
  'test.bot_answer',
  `select id, narrowed_to as "narrowedTo" from posts where uri = $1 and deleted_at is null`,
);

/** Whether somebody here sees a comment; null = nobody in particular. */
async function seesComment(who: Person | null, id: string): Promise<boolean> {
  const answer = await (who ?? world).graphql<{ node: { id: string } | null }>(
    'query ($id: ID!) { node(id: $id) { id } }',
    { id: toGlobalId('comment', id) },
  );
  return answer.data.node !== null;
}

testWithBot(
  'an answer of the bot for its followers is for them here, and ours for followers is read by it alone',
  async () => {
    const dan = await world.local('dan');
    const media = await uploadPicture(world, ada, await flatJpeg('#363'));
    const { post } = await sendPost(ada, { mediaIds: [media], common: { caption: 'For all' } });
    const postUri = `https://a.example/posts/${innerId(post!.id)}`;
    const note = {
      id: `${bot.actorUri}/note/Answer-for-followers1`,
      type: 'Note',
      attributedTo: bot.actorUri,
      to: `${bot.actorUri}/followers`,
      cc: adaUri,
      inReplyTo: postUri,
      content: '<p>Between us followers</p>',
      published: new Date().toISOString(),
    };
    await bot.does('act', { type: 'Create', to: note.to, cc: note.cc, object: note });
    const said = await until(
      () =>
        world.services.database.row<{ id: string; narrowedTo: string | null }>(ANSWER, [note.id]),
      Boolean,
    );
    expect(said).toMatchObject({ narrowedTo: 'FOLLOWERS' });
    expect(await seesComment(ada, said!.id)).toBe(true);
    for (const who of [dan, null]) expect(await seesComment(who, said!.id)).toBe(false);

    const answer = await ada.graphql<{ addComment: { comment: { id: string; uri: string } } }>(
      'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id uri } } }',
      { input: { postId: post!.id, content: 'To all of mine', visibility: 'FOLLOWERS' } },
    );
    const { id: commentId, uri } = answer.data.addComment.comment;
    const created = await until(() => received('Create', uri), Boolean);
    expect(JSON.stringify(created)).not.toContain('Public');
    const headers = { accept: 'application/activity+json' };
    expect((await fetch(world.reach(uri), { headers })).status).toBe(404);
    await mutate('updateComment', 'UpdateCommentInput', { commentId, content: 'To all of you' });
    await until(() => received('Update', uri), Boolean);
    // It forgets its copy, so that it has to ask.
    expect(await bot.does('object', uri)).toMatchObject({ content: '<p>To all of you</p>' });
  },
);

testWithBot('what the bot writes for its followers alone is for those here', async () => {
  const note = await bot.does('noteTo', 'Between us', `${bot.actorUri}/followers`);
  const row = await until(() => rowOf(note.id), Boolean);
  expect(row).toMatchObject({ html: '<p>Between us</p>', visibility: 'FOLLOWERS' });
});

testWithBot('a note to one person is a message, and the answer to it reaches the bot', async () => {
  await bot.does('noteTo', 'Just for you, @ada@a.example', adaUri);
  const ask = async (): Promise<{ id: string } | undefined> => {
    const chat = await chatOf(ada);
    return [...chat.messageRequests.nodes, ...chat.conversations.nodes][0];
  };
  const asked = await until(ask, Boolean);
  await arrange(ada, asked!.id, { acceptRequest: true });
  const [conversation] = (await chatOf(ada)).conversations.nodes;
  expect(conversation!.lastMessage!.plaintext).toContain('Just for you');
  await write(ada, conversation!.id, 'And for you');
  const answer = await until(async () => {
    const all = await bot.does<BotDocument[]>('received');
    return all.find((activity) => JSON.stringify(activity['object']).includes('And for you'));
  }, Boolean);
  expect(answer).toMatchObject({ type: 'Create', actor: adaUri });
});

testWithBot('whom the bot names by the address of a page is told', async () => {
  const note = await bot.does('note', 'Here comes @ada@a.example');
  expect(note['tag']).toMatchObject({ type: 'Mention', href: 'https://a.example/@ada' });
  const row = await until(() => rowOf(note.id), Boolean);
  await world.settle();
  const { data } = await ada.graphql<{
    viewer: { notifications: { nodes: { kind: string; subject: { id: string } | null }[] } };
  }>(
    '{ viewer { notifications(first: 20) { nodes { kind subject { ... on TextPost { id } } } } } }',
  );
  expect(data.viewer.notifications.nodes).toContainEqual({
    kind: 'MENTION',
    subject: { id: toGlobalId('post', row!.id) },
  });
});

testWithBot('each takes its follow back', async () => {
  await mutate('unfollowActor', 'UnfollowActorInput', { actorId: robo });
  await bot.does('unfollow', adaUri);
  expect(await until(follows, (rows) => rows.length === 0)).toEqual([]);
  expect(
    await until(
      () => bot.does<boolean>('isFollower', adaUri),
      (is) => !is,
    ),
  ).toBe(false);
  const all = await bot.does<BotDocument[]>('received');
  expect(all.filter(({ type }) => type === 'Reject')).toEqual([]);
});

testWithBot('a block of either side ends what there was, and lets nothing new begin', async () => {
  await mutate('followActor', 'FollowActorInput', { actorId: robo });
  await bot.does('follow', adaUri);
  await until(follows, (rows) => rows.filter(isAccepted).length === 2);
  await block(world, ada, { actorGlobalId: robo });
  expect(await follows()).toEqual([]);
  expect(
    await until(
      () => bot.does<boolean>('isFollowing', adaUri),
      (is) => !is,
    ),
  ).toBe(false);
  const before = await heardFollows();
  await bot.does('follow', adaUri);
  expect(await until(heardFollows, (count) => count > before)).toBeGreaterThan(before);
  await world.settle();
  expect(await follows()).toEqual([]);

  await block(world, ada, { actorGlobalId: robo }, false);
  await bot.does('block', adaUri);
  await bot.does('act', { type: 'Block', object: adaUri, to: adaUri });
  const blocks = (): Promise<number> =>
    world.services.database.row<{ count: number }>(BLOCKS).then((row) => row!.count);
  expect(await until(blocks, (count) => count === 1)).toBe(1);
});
