// Quotes through the public API: who may quote, who sees what is quoted, and how it is detached.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  block,
  comment,
  follow,
  innerId,
  publish,
  readyPicture,
  sendPost,
  type Answered,
  type Refusal,
} from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

const POST = `query ($id: ID!) { post(by: { id: $id }) { quotePolicy quotedPost { id author { username } }
  counts { quotes } viewerPermissions { canQuote } quotes(first: 50) { nodes { id } } } }`;

interface SeenPost {
  readonly quotePolicy: string;
  readonly quotedPost: { id: string; author: { username: string } } | null;
  readonly counts: { quotes: number | null };
  readonly viewerPermissions: { canQuote: boolean };
  readonly quotes: { nodes: { id: string }[] };
}

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
  await follow(world, ben, ada);
});

afterAll(() => world[Symbol.asyncDispose]());

async function seen(who: Person | null, id: string): Promise<SeenPost> {
  const answer = await (who ?? world).graphql<{ post: SeenPost }>(POST, { id });
  expect(answer.errors).toBeUndefined();
  return answer.data.post;
}

const quote = (who: Person, quotedPostId: string, common: Record<string, unknown> = {}) =>
  publish(world, who, { ...common, quotedPostId });

async function refusal(who: Person, quotedPostId: string): Promise<Refusal[]> {
  const mediaIds = [await readyPicture(world, who)];
  return (await sendPost(who, { mediaIds, common: { quotedPostId } })).userErrors;
}

async function detach(who: Person, postId: string): Promise<Refusal[]> {
  const answer = await who.graphql<{ detachQuote: Answered<object> }>(
    'mutation ($input: DetachQuoteInput!) { detachQuote(input: $input) { post { quotedPost { id } } userErrors { code path } } }',
    { input: { postId } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.detachQuote.userErrors;
}

test('a quote shows what it quotes, and is found and counted there as far as the viewer sees it', async () => {
  const id = await publish(world, ada);
  const open = await quote(ben, id);
  const friendly = await quote(ben, id, { visibility: 'FOLLOWERS' });
  const quoted = { id, author: { username: 'ada' } };
  expect((await seen(null, open)).quotedPost).toEqual(quoted);
  expect((await seen(ben, friendly)).quotedPost).toEqual(quoted);
  expect(await seen(ben, id)).toEqual({
    quotePolicy: 'EVERYONE',
    quotedPost: null,
    counts: { quotes: 2 },
    viewerPermissions: { canQuote: true },
    quotes: { nodes: [{ id: friendly }, { id: open }] },
  });
  for (const who of [ada, null]) {
    expect(await seen(who, id)).toMatchObject({
      counts: { quotes: 1 },
      quotes: { nodes: [{ id: open }] },
    });
  }
  expect((await seen(null, id)).viewerPermissions).toEqual({ canQuote: false });
  await ben.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { userErrors { code } } }',
    { id: open },
  );
  expect(await seen(ada, id)).toMatchObject({ counts: { quotes: 0 }, quotes: { nodes: [] } });
  const { rows } = await world.services.database.pool.query(
    `select payload->>'quotedAuthorId' as author from events where name = 'postQuoted' and payload->>'quotedPostId' = $1`,
    [innerId(id)],
  );
  expect(rows).toEqual([{ author: ada.actorId }, { author: ada.actorId }]);
});

test('each quote policy lets in exactly whom it names', async () => {
  const may: Record<string, Person[]> = {
    EVERYONE: [ada, ben, cleo],
    FOLLOWERS: [ada, ben],
    NOBODY: [ada],
  };
  for (const [quotePolicy, allowed] of Object.entries(may)) {
    const id = await publish(world, ada, { quotePolicy, visibility: 'UNLISTED' });
    for (const who of [ada, ben, cleo]) {
      const isAllowed = allowed.includes(who);
      expect((await seen(who, id)).viewerPermissions.canQuote).toBe(isAllowed);
      expect({ quotePolicy, who: who.username, errors: await refusal(who, id) }).toEqual({
        quotePolicy,
        who: who.username,
        errors: isAllowed ? [] : [{ code: 'FORBIDDEN', path: ['common', 'quotedPostId'] }],
      });
    }
  }
});

test('the author sets who may quote for new posts, and changes it for one', async () => {
  const dan = await world.local('dan');
  await dan.graphql(
    'mutation { updateSettings(input: { defaultQuotePolicy: NOBODY }) { userErrors { code } } }',
  );
  const id = await publish(world, dan);
  expect((await seen(ada, id)).quotePolicy).toBe('NOBODY');
  expect(await refusal(ada, id)).toEqual([{ code: 'FORBIDDEN', path: ['common', 'quotedPostId'] }]);
  await dan.graphql(
    'mutation ($id: ID!) { updatePost(input: { postId: $id, quotePolicy: EVERYONE }) { userErrors { code } } }',
    { id },
  );
  expect(await refusal(ada, id)).toEqual([]);
});

test('what not everybody may see is not quoted, and what is not seen does not exist', async () => {
  for (const visibility of ['FOLLOWERS', 'MENTIONED', 'LOCAL']) {
    const id = await publish(world, ada, { visibility, caption: '@ben' });
    for (const who of [ada, ben]) {
      expect(await refusal(who, id)).toEqual([
        { code: 'FORBIDDEN', path: ['common', 'quotedPostId'] },
      ]);
    }
  }
  const hidden = await publish(world, ada, { visibility: 'FOLLOWERS' });
  const remark = await comment(ben, hidden, 'hi');
  for (const id of [hidden, remark, 'post_00000000000000000000000000']) {
    expect(await refusal(cleo, id)).toEqual([
      { code: 'NOT_FOUND', path: ['common', 'quotedPostId'] },
    ]);
  }
});

test('a quoted post is not shown across a block, nor after it is deleted', async () => {
  const [eve, fay] = [await world.local('eve'), await world.local('fay')];
  const id = await publish(world, eve);
  const quoting = await quote(ben, id);
  expect((await seen(fay, quoting)).quotedPost).toMatchObject({ id });
  await block(world, eve, fay);
  expect((await seen(fay, quoting)).quotedPost).toBeNull();
  expect(await refusal(fay, id)).toEqual([{ code: 'NOT_FOUND', path: ['common', 'quotedPostId'] }]);
  await block(world, ben, fay);
  await block(world, eve, fay, false);
  expect(await seen(fay, id)).toMatchObject({ counts: { quotes: 0 }, quotes: { nodes: [] } });
  await eve.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { userErrors { code } } }',
    { id },
  );
  expect((await seen(ben, quoting)).quotedPost).toBeNull();
});

test('a block ends the quotes between the two, for everybody and for good', async () => {
  const [gus, hana] = [await world.local('gus'), await world.local('hana')];
  const [ofGus, ofHana] = [await publish(world, gus), await publish(world, hana)];
  const byHana = await quote(hana, ofGus);
  const byGus = await quote(gus, ofHana);
  const byCleo = await quote(cleo, ofGus);
  // Gus can neither see nor detach what Hana made of his post.
  await block(world, hana, gus);
  expect(await detach(gus, byHana)).toEqual([{ code: 'NOT_FOUND', path: ['postId'] }]);
  for (const quoting of [byHana, byGus]) expect((await seen(null, quoting)).quotedPost).toBeNull();
  expect(await seen(null, ofGus)).toMatchObject({
    counts: { quotes: 1 },
    quotes: { nodes: [{ id: byCleo }] },
  });
  await block(world, hana, gus, false);
  expect((await seen(gus, byHana)).quotedPost).toBeNull();
});

test('only the author of the quoted post detaches it, once and for good', async () => {
  const id = await publish(world, ada);
  const [one, two] = [await quote(ben, id), await quote(cleo, id)];
  for (const who of [ben, cleo])
    expect(await detach(who, one)).toEqual([{ code: 'NOT_FOUND', path: ['postId'] }]);
  expect(await detach(ada, id)).toEqual([{ code: 'NOT_FOUND', path: ['postId'] }]);
  expect(await detach(ada, 'post_00000000000000000000000000')).toEqual([
    { code: 'NOT_FOUND', path: ['postId'] },
  ]);
  expect(await detach(ada, one)).toEqual([]);
  expect(await detach(ada, one)).toEqual([]);
  for (const who of [ada, ben, null]) expect((await seen(who, one)).quotedPost).toBeNull();
  expect(await seen(null, id)).toMatchObject({
    counts: { quotes: 1 },
    quotes: { nodes: [{ id: two }] },
  });
  const { rows } = await world.services.database.pool.query(
    `select count(*)::int as count from events where name = 'quoteDetached' and payload->>'quotedPostId' = $1`,
    [innerId(id)],
  );
  expect(rows).toEqual([{ count: 1 }]);
});

test('a draft keeps what it will quote, and is refused when it may not any more', async () => {
  const id = await publish(world, ada);
  const saved = await ben.graphql<{ saveDraft: { draft: { id: string; quotedPost: object } } }>(
    'mutation ($input: SaveDraftInput!) { saveDraft(input: $input) { draft { id quotePolicy quotedPost { id } } } }',
    {
      input: {
        mediaIds: [await readyPicture(world, ben)],
        common: { quotedPostId: id, quotePolicy: 'FOLLOWERS' },
      },
    },
  );
  const { draft } = saved.data.saveDraft;
  expect(draft).toMatchObject({ quotePolicy: 'FOLLOWERS', quotedPost: { id } });
  const publishNow = () =>
    ben.graphql<{ publishDraft: Answered<{ post: { id: string } | null }> }>(
      'mutation ($id: ID!) { publishDraft(input: { draftId: $id }) { post { id } userErrors { code path } } }',
      { id: draft.id },
    );
  const setPolicy = (quotePolicy: string) =>
    ada.graphql(
      `mutation ($id: ID!) { updatePost(input: { postId: $id, quotePolicy: ${quotePolicy} }) { userErrors { code } } }`,
      { id },
    );
  await setPolicy('NOBODY');
  expect((await publishNow()).data.publishDraft).toEqual({
    post: null,
    userErrors: [{ code: 'FORBIDDEN', path: ['common', 'quotedPostId'] }],
  });
  await setPolicy('EVERYONE');
  const { post } = (await publishNow()).data.publishDraft;
  expect((await seen(ben, post!.id)).quotedPost).toMatchObject({ id });
});
