// People tagged in pictures, through the public API: they decide, and nothing shows before they did.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  block,
  follow,
  readyPicture,
  unfollow,
  type Answered,
  type Refusal,
} from '../support/posts.js';
import { connectSocket, subscribed } from '../support/socket.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let cleo: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, cleo] = [
    await world.local('ada'),
    await world.local('ben'),
    await world.local('cleo'),
  ];
});

afterAll(() => world[Symbol.asyncDispose]());

interface Tag {
  readonly id: string;
  readonly actor: { username: string };
  readonly media: { id: string };
  readonly x: number;
  readonly y: number;
  readonly isConfirmed: boolean;
}

const TAG = 'id actor { username } media { id } x y isConfirmed';
const place = (actor: Person | string, mediaId: string, x = 0.25, y = 0.75) => ({
  actorId: typeof actor === 'string' ? actor : actor.actorGlobalId,
  mediaId,
  x,
  y,
});
const refused = (code: string, ...path: string[]): Refusal[] => [{ code, path }];

async function send<Fields>(who: Person, name: string, input: object, fields: string) {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const answer = await who.graphql<Record<string, Answered<Fields>>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${fields} userErrors { code path } } }`,
    { input },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data[name]!;
}

const post = (author: Person, mediaIds: string[], tags: object[], common: object = {}) =>
  send<{ post: { id: string } | null }>(
    author,
    'publishPhotoPost',
    { mediaIds, tags, common: { visibility: 'PUBLIC', ...common } },
    'post { id }',
  );
const retag = (author: Person, postId: string, tags: object[]) =>
  send<{ post: { id: string } | null }>(author, 'updatePost', { postId, tags }, 'post { id }');
const respond = (who: Person, tagId: string, approved: boolean) =>
  send<{ tag: Tag | null; post: { id: string } | null }>(
    who,
    'respondToTag',
    { tagId, approved },
    `tag { ${TAG} } post { id }`,
  );
const settings = (who: Person, input: object) =>
  send(who, 'updateSettings', input, 'viewer { settings { allowTagsFrom reviewTags } }');

/** A post of ada's with one picture that these people are tagged in. */
async function taggedPost(people: readonly Person[], common: object = {}) {
  const mediaId = await readyPicture(world, ada);
  const made = await post(
    ada,
    [mediaId],
    people.map((one) => place(one, mediaId)),
    common,
  );
  expect(made.userErrors).toEqual([]);
  return { id: made.post!.id, mediaId };
}

async function tagsOf(who: Person | null, id: string): Promise<Tag[]> {
  const answer = await (who ?? world).graphql<{ post: { taggedActors: Tag[] } | null }>(
    `query ($id: ID!) { post(by: { id: $id }) { ... on PhotoPost { taggedActors { ${TAG} } } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.post?.taggedActors ?? [];
}

const namesOf = async (who: Person | null, id: string): Promise<string[]> =>
  (await tagsOf(who, id)).map(({ actor }) => actor.username).sort();

async function taggedPosts(who: Person | null, username: string): Promise<string[]> {
  const answer = await (who ?? world).graphql<{
    actor: { taggedPosts: { nodes: { id: string }[] } };
  }>(
    'query ($handle: Handle!) { actor(by: { handle: $handle }) { taggedPosts { nodes { id } } } }',
    { handle: username },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.actor.taggedPosts.nodes.map(({ id }) => id);
}

async function requests(who: Person): Promise<Tag[]> {
  const answer = await who.graphql<{ viewer: { tagRequests: { nodes: Tag[] } } }>(
    `{ viewer { tagRequests { nodes { ${TAG} post { id } } } } }`,
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.tagRequests.nodes;
}

async function isThere(who: Person | null, id: string): Promise<boolean> {
  const answer = await (who ?? world).graphql<{ node: unknown }>(
    'query ($id: ID!) { node(id: $id) { id } }',
    { id },
  );
  return answer.data.node !== null;
}

test('a tag waits for its person: until then only they and the author see it', async () => {
  const { id, mediaId } = await taggedPost([ben]);
  const [tag] = await tagsOf(ben, id);
  expect(tag).toEqual({
    id: expect.stringMatching(/^tag_/),
    actor: { username: 'ben' },
    media: { id: mediaId },
    x: 0.25,
    y: 0.75,
    isConfirmed: false,
  });
  expect(await requests(ben)).toEqual([{ ...tag, post: { id } }]);
  for (const [who, sees] of [
    [ada, true],
    [ben, true],
    [cleo, false],
    [null, false],
  ] as const) {
    expect(await namesOf(who, id)).toEqual(sees ? ['ben'] : []);
    expect(await isThere(who, tag!.id)).toBe(sees);
  }
  expect(await taggedPosts(ben, 'ben')).toEqual([]);
  for (const who of [ada, cleo])
    expect((await respond(who, tag!.id, true)).userErrors).toEqual(refused('NOT_FOUND', 'tagId'));

  expect(await respond(ben, tag!.id, true)).toEqual({
    tag: { ...tag, isConfirmed: true },
    post: { id },
    userErrors: [],
  });
  expect((await respond(ben, tag!.id, true)).userErrors).toEqual([]);
  for (const who of [ada, ben, cleo, null]) {
    expect(await namesOf(who, id)).toEqual(['ben']);
    expect(await taggedPosts(who, 'ben')).toEqual([id]);
  }
  expect(await requests(ben)).toEqual([]);
  expect(await respond(ben, tag!.id, false)).toEqual({ tag: null, post: { id }, userErrors: [] });
  for (const who of [ada, ben, null]) {
    expect(await namesOf(who, id)).toEqual([]);
    expect(await isThere(who, tag!.id)).toBe(false);
  }
  expect(await taggedPosts(null, 'ben')).toEqual([]);
  expect((await respond(ben, tag!.id, true)).userErrors).toEqual(refused('NOT_FOUND', 'tagId'));
  // Taken off is taken off: the author cannot put it back, in this picture or another of the post.
  expect((await retag(ada, id, [place(ben, mediaId)])).userErrors).toEqual(
    refused('FORBIDDEN', 'tags', '0', 'actorId'),
  );
  expect((await retag(ada, id, [])).userErrors).toEqual([]);
  expect((await retag(ada, id, [place(ben, mediaId)])).userErrors).toEqual(
    refused('FORBIDDEN', 'tags', '0', 'actorId'),
  );
});

test('everybody sets who may tag them, and whether they are asked', async () => {
  const dora = await world.local('dora');
  const mediaId = await readyPicture(world, ada);
  const tagging = async () => (await post(ada, [mediaId], [place(dora, mediaId)])).userErrors;
  const forbidden = refused('FORBIDDEN', 'tags', '0', 'actorId');
  await settings(dora, { allowTagsFrom: 'NOBODY' });
  expect(await tagging()).toEqual(forbidden);
  await settings(dora, { allowTagsFrom: 'FOLLOWING' });
  expect(await tagging()).toEqual(forbidden);
  await follow(world, ada, dora);
  expect(await tagging()).toEqual(forbidden);
  await follow(world, dora, ada);
  expect(await settings(dora, { reviewTags: false })).toMatchObject({
    viewer: { settings: { allowTagsFrom: 'FOLLOWING', reviewTags: false } },
  });
  const made = await post(ada, [mediaId], [place(dora, mediaId)]);
  expect(await tagsOf(null, made.post!.id)).toMatchObject([
    { actor: { username: 'dora' }, isConfirmed: true },
  ]);
  expect(await settings(dora, { allowTagsFrom: null, reviewTags: null })).toMatchObject({
    viewer: { settings: { allowTagsFrom: 'EVERYONE', reviewTags: true } },
  });
});

test('who is blocked, cannot see the post or is not there cannot be tagged; authors can tag themselves', async () => {
  const [eva, finn] = [await world.local('eva'), await world.local('finn')];
  await block(world, ada, eva);
  await block(world, finn, ada);
  const mediaId = await readyPicture(world, ada);
  const tagging = async (who: Person | string, common: object = {}) =>
    (await post(ada, [mediaId], [place(who, mediaId)], common)).userErrors;
  const forbidden = refused('FORBIDDEN', 'tags', '0', 'actorId');
  expect(await tagging(eva)).toEqual(forbidden);
  expect(await tagging(finn)).toEqual(forbidden);
  expect(await tagging(cleo, { visibility: 'FOLLOWERS' })).toEqual(forbidden);
  expect(await tagging(cleo, { visibility: 'MENTIONED' })).toEqual(forbidden);
  expect(await tagging('actor_00000000000000000000000000')).toEqual(
    refused('NOT_FOUND', 'tags', '0', 'actorId'),
  );
  expect(await tagging(cleo, { visibility: 'MENTIONED', caption: 'with @cleo' })).toEqual([]);
  const own = await taggedPost([ada]);
  expect(await tagsOf(null, own.id)).toMatchObject([
    { actor: { username: 'ada' }, isConfirmed: true },
  ]);
});

test('tags have bounds, and each refusal names its place', async () => {
  const [one, other] = [await readyPicture(world, ada), await readyPicture(world, ada)];
  const refusal = async (...tags: object[]) => (await post(ada, [one], tags)).userErrors;
  expect(await refusal(place(ben, one, 1.01))).toEqual(refused('INVALID_INPUT', 'tags', '0', 'x'));
  expect(await refusal(place(ben, one, 0, -0.1))).toEqual(
    refused('INVALID_INPUT', 'tags', '0', 'y'),
  );
  expect(await refusal(place(ben, one), place(ben, one, 0.5))).toEqual(
    refused('INVALID_INPUT', 'tags', '1', 'actorId'),
  );
  expect(await refusal(place(ben, other))).toEqual(refused('NOT_FOUND', 'tags', '0', 'mediaId'));
  const crowd = await Promise.all(
    Array.from({ length: 21 }, (_, index) => world.local(`crowd${index}`)),
  );
  expect(await refusal(...crowd.map((who) => place(who, one)))).toEqual(
    refused('LIMIT_EXCEEDED', 'tags', '20'),
  );
  expect(await refusal(...crowd.slice(0, 20).map((who) => place(who, one)))).toEqual([]);
});

test('an author moves and removes tags; answers stay with those that stay, pictures take theirs along', async () => {
  const [one, other] = [await readyPicture(world, ada), await readyPicture(world, ada)];
  const made = await post(
    ada,
    [one, other],
    [place(ben, one), place(cleo, other), place(ben, other)],
  );
  const id = made.post!.id;
  for (const tag of await requests(ben)) await respond(ben, tag.id, true);
  expect((await retag(ada, id, [place(ben, one, 1, 1), place(cleo, other)])).userErrors).toEqual(
    [],
  );
  expect(await tagsOf(null, id)).toMatchObject([
    { actor: { username: 'ben' }, media: { id: one }, x: 1, y: 1, isConfirmed: true },
  ]);
  expect(await namesOf(ada, id)).toEqual(['ben', 'cleo']);
  expect(await taggedPosts(null, 'ben')).toContain(id);
  await send(ada, 'updatePost', { postId: id, mediaIds: [other] }, 'post { id }');
  expect(await namesOf(ada, id)).toEqual(['cleo']);
  expect(await taggedPosts(null, 'ben')).not.toContain(id);
  expect((await retag(ben, id, [])).userErrors).toEqual(refused('NOT_FOUND', 'postId'));
});

test('who took a tag off is not tagged on that post again, also not after a block came and went', async () => {
  const hal = await world.local('hal');
  const { id, mediaId } = await taggedPost([hal]);
  const [tag] = await tagsOf(hal, id);
  expect((await respond(hal, tag!.id, false)).userErrors).toEqual([]);
  await block(world, ada, hal);
  await block(world, ada, hal, false);
  expect((await retag(ada, id, [place(hal, mediaId)])).userErrors).toEqual(
    refused('FORBIDDEN', 'tags', '0', 'actorId'),
  );
  expect(await requests(hal)).toEqual([]);
});

test('tags go with what hides them: the archive, the end of the post, a block', async () => {
  const gus = await world.local('gus');
  await settings(gus, { reviewTags: false });
  const kept = await taggedPost([gus]);
  const away = await taggedPost([gus]);
  const gone = await taggedPost([gus]);
  expect(await taggedPosts(null, 'gus')).toEqual([gone.id, away.id, kept.id]);
  await send(ada, 'setPostArchived', { postId: away.id, archived: true }, 'post { id }');
  await send(ada, 'deletePost', { postId: gone.id }, 'deletedPostId');
  for (const who of [null, gus, ada]) expect(await taggedPosts(who, 'gus')).toEqual([kept.id]);
  const [tag] = await tagsOf(null, kept.id);
  await block(world, cleo, gus);
  expect(await namesOf(cleo, kept.id)).toEqual([]);
  expect(await isThere(cleo, tag!.id)).toBe(false);
  expect(await taggedPosts(cleo, 'gus')).toEqual([]);
  expect(await namesOf(ben, kept.id)).toEqual(['gus']);
  await block(world, gus, ada);
  for (const who of [null, ada, ben]) expect(await namesOf(who, kept.id)).toEqual([]);
});

test('who lost sight of a post can take the tag off but not agree to it', async () => {
  const hana = await world.local('hana');
  await follow(world, hana, ada);
  const { id } = await taggedPost([hana], { visibility: 'FOLLOWERS' });
  const [tag] = await requests(hana);
  await unfollow(world, hana, ada);
  expect(await requests(hana)).toEqual([]);
  expect((await respond(hana, tag!.id, true)).userErrors).toEqual(refused('NOT_FOUND', 'tagId'));
  expect(await respond(hana, tag!.id, false)).toEqual({ tag: null, post: null, userErrors: [] });
  expect(await namesOf(ada, id)).toEqual([]);
});

test('an answer comes live to whoever has the post open', async () => {
  const { id } = await taggedPost([ben]);
  await using socket = await connectSocket(world.origin, null);
  await subscribed(
    socket,
    'open',
    'subscription ($id: ID!) { postChanged(postId: $id) { change post { ... on PhotoPost { taggedActors { actor { username } } } } } }',
    { id },
  );
  const [tag] = await tagsOf(ben, id);
  await respond(ben, tag!.id, true);
  expect(await socket.next()).toMatchObject({
    payload: {
      data: {
        postChanged: {
          change: 'UPDATED',
          post: { taggedActors: [{ actor: { username: 'ben' } }] },
        },
      },
    },
  });
});

test('of a hundred answers at once the last word is one of them, told as often as it changed', async () => {
  const { id } = await taggedPost([cleo]);
  const [tag] = (await tagsOf(cleo, id)) as [Tag];
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => respond(cleo, tag.id, index !== 50)),
  );
  const codes = new Set(answers.map(({ userErrors }) => userErrors[0]?.code ?? 'OK'));
  expect([...codes].every((code) => code === 'OK' || code === 'NOT_FOUND')).toBe(true);
  expect(await namesOf(ada, id)).toEqual([]);
  const { rows } = await world.services.database.pool.query(
    `select count(*)::int as count from events where name = 'tagAnswered' and payload->>'isApproved' = 'false'
       and payload->>'tagId' in (select id::text from photo_tags where state = 'DECLINED' and actor_id = $1)`,
    [cleo.actorId],
  );
  expect(rows[0].count).toBe(1);
});

test('tags of a draft are asked when it is published', async () => {
  const iris = await world.local('iris');
  const [one, other] = [await readyPicture(world, ada), await readyPicture(world, ada)];
  const saved = await send<{ draft: { id: string; tags: { x: number }[] } }>(
    ada,
    'saveDraft',
    { mediaIds: [one, other], tags: [place(iris, one), place(ben, other)] },
    'draft { id tags { actor { username } media { id } x y } }',
  );
  expect(saved.draft.tags).toEqual([
    { actor: { username: 'iris' }, media: { id: one }, x: 0.25, y: 0.75 },
    { actor: { username: 'ben' }, media: { id: other }, x: 0.25, y: 0.75 },
  ]);
  expect(await requests(iris)).toEqual([]);
  const draftId = saved.draft.id;
  const outside = await send(
    ada,
    'saveDraft',
    { draftId, tags: [place(iris, one, 2)] },
    'draft { id }',
  );
  expect(outside.userErrors).toEqual(refused('INVALID_INPUT', 'tags', '0', 'x'));
  const less = await send<{ draft: { tags: object[] } }>(
    ada,
    'saveDraft',
    { draftId, mediaIds: [one] },
    'draft { tags { x } }',
  );
  expect(less.draft.tags).toHaveLength(1);
  await settings(iris, { allowTagsFrom: 'NOBODY' });
  const publishing = () =>
    send<{ post: { id: string } | null }>(ada, 'publishDraft', { draftId }, 'post { id }');
  expect((await publishing()).userErrors).toEqual(refused('FORBIDDEN', 'tags', '0', 'actorId'));
  await settings(iris, { allowTagsFrom: null });
  const made = await publishing();
  expect(await namesOf(iris, made.post!.id)).toEqual(['iris']);
});

test('a list of posts with tags costs the same statements with 1 post as with 5', async () => {
  const jon = await world.local('jon');
  await settings(jon, { reviewTags: false });
  const statements = async (): Promise<string[]> => {
    const { pool } = world.services.database;
    const names: string[] = [];
    const ask = pool.query.bind(pool) as (query: { name?: string }) => unknown;
    pool.query = ((query: { name?: string }) => {
      // Sessions, rate limits and live readers ask when it is time for them, not when the question wants it.
      if (/^(actors|media|posts|tags)\./.test(query.name ?? '')) names.push(query.name!);
      return ask(query);
    }) as typeof pool.query;
    try {
      const answer = await jon.graphql(
        `{ actor(by: { handle: "jon" }) { taggedPosts { nodes { id ... on PhotoPost { taggedActors { ${TAG} post { id } } } } } } }`,
      );
      expect(answer.errors).toBeUndefined();
    } finally {
      pool.query = ask as typeof pool.query;
    }
    return names.sort();
  };
  await taggedPost([jon]);
  const withOne = await statements();
  expect(withOne).toContain('tags.of_posts');
  for (let index = 0; index < 4; index++) await taggedPost([jon, ben]);
  expect(await taggedPosts(null, 'jon')).toHaveLength(5);
  expect(await statements()).toEqual(withOne);
});
