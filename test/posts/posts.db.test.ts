// Publishing, editing and deleting through the public API.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  block,
  comment,
  follow,
  innerId,
  publish,
  react,
  readyPicture,
  sendPost,
  type Answered,
} from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let mallory: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, mallory] = [
    await world.local('ada'),
    await world.local('ben'),
    await world.local('mallory'),
  ];
  await follow(world, ben, ada);
  await block(world, ada, mallory);
});

afterAll(() => world[Symbol.asyncDispose]());

const POST = `query ($id: ID!) { post(by: { id: $id }) {
  __typename id uri url isLocal caption captionSource language visibility contentWarning isSensitive aiDisclosure license
  commentPolicy publishedAt editedAt author { username counts { posts } } hashtags { name displayName } mentions { username }
  media { id altText url } counts { likes reactions comments } viewerState { isLiked reaction }
  viewerPermissions { canComment canReact canEdit canDelete }
  revisions { nodes { caption contentWarning editedAt media { id } } }
  ... on PhotoPost { isAlbum } } }`;

interface SeenPost {
  readonly url: string;
  readonly caption: string;
  readonly captionSource: string | null;
  readonly publishedAt: string;
  readonly editedAt: string;
  readonly media: { id: string; altText: string | null; url: string }[];
  readonly revisions: { nodes: unknown[] };
}

async function read(who: Person | null, id: string): Promise<SeenPost | null> {
  const answer = await (who ?? world).graphql<{ post: SeenPost | null }>(POST, { id });
  expect(answer.errors).toBeUndefined();
  return answer.data.post;
}

async function update(who: Person, input: Record<string, unknown>) {
  const answer = await who.graphql<{ updatePost: Answered<{ post: { id: string } | null }> }>(
    'mutation ($input: UpdatePostInput!) { updatePost(input: $input) { post { id } userErrors { code path } } }',
    { input },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.updatePost;
}

async function remove(who: Person, postId: string) {
  const answer = await who.graphql<{ deletePost: Answered<{ deletedPostId: string | null }> }>(
    'mutation ($input: DeletePostInput!) { deletePost(input: $input) { deletedPostId userErrors { code path } } }',
    { input: { postId } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.deletePost;
}

async function count(table: string, condition: string): Promise<number> {
  const { rows } = await world.services.database.pool.query(
    `select count(*)::int as count from ${table} where ${condition}`,
  );
  return rows[0].count;
}

test('an album is published in order with everything its author said', async () => {
  const mediaIds = [
    await readyPicture(world, ada, { altText: 'A hill' }),
    await readyPicture(world, ada),
  ];
  const { post, postEdge, userErrors } = await sendPost(ada, {
    mediaIds,
    common: {
      caption: 'Morning #PhotoWalk with @ben & <b>friends</b>',
      language: 'en',
      contentWarning: 'fog',
      isSensitive: true,
      aiDisclosure: 'ASSISTED',
      license: 'CC-BY-4.0',
      commentPolicy: 'FOLLOWERS',
    },
  });
  expect(userErrors).toEqual([]);
  const seen = await read(ben, post!.id);
  expect(seen).toMatchObject({
    __typename: 'PhotoPost',
    isAlbum: true,
    isLocal: true,
    language: 'en',
    visibility: 'PUBLIC',
    contentWarning: 'fog',
    isSensitive: true,
    aiDisclosure: 'ASSISTED',
    license: 'CC-BY-4.0',
    commentPolicy: 'FOLLOWERS',
    editedAt: null,
    author: { username: 'ada' },
    hashtags: [{ name: 'photowalk', displayName: 'PhotoWalk' }],
    mentions: [{ username: 'ben' }],
    counts: { likes: 0, reactions: 0, comments: 0 },
    viewerState: { isLiked: false, reaction: null },
    viewerPermissions: { canComment: true, canReact: true, canEdit: false, canDelete: false },
    revisions: { nodes: [] },
  });
  expect(seen!.media.map(({ id }) => id)).toEqual(mediaIds);
  expect(seen!.media[0]).toMatchObject({ altText: 'A hill' });
  expect(seen!.media[0]!.url).toMatch(
    /^https:\/\/a\.example\/media\/media_[0-9a-z]{26}\/full\.jpg$/,
  );
  expect(seen!.caption).toBe(
    '<p>Morning <a href="https://a.example/tags/photowalk" class="mention hashtag" rel="nofollow noopener ugc">#<span>PhotoWalk</span></a>' +
      ' with <span class="h-card"><a href="https://a.example/@ben" class="u-url mention" rel="nofollow noopener ugc">@<span>ben</span></a></span>' +
      ' &amp; &lt;b&gt;friends&lt;/b&gt;</p>',
  );
  expect(seen!.captionSource).toBeNull();
  expect((await read(ada, post!.id))!.captionSource).toBe(
    'Morning #PhotoWalk with @ben & <b>friends</b>',
  );
  expect(await read(null, post!.id)).toMatchObject({
    viewerState: null,
    viewerPermissions: { canComment: false, canReact: false, canEdit: false, canDelete: false },
  });
  expect(typeof postEdge!.cursor).toBe('string');
  const byUrl = await world.graphql<{ post: { id: string } }>(
    'query ($url: URL!) { post(by: { url: $url }) { id } }',
    { url: seen!.url },
  );
  expect(byUrl.data.post.id).toBe(post!.id);
});

test('what is published counts for everybody only when everybody may see it', async () => {
  const cleo = await world.local('cleo');
  const postsOf = async () => {
    const answer = await world.graphql<{ actor: { counts: { posts: number } } }>(
      '{ actor(by: { handle: "cleo" }) { counts { posts } } }',
    );
    return answer.data.actor.counts.posts;
  };
  const ids = [];
  for (const visibility of ['PUBLIC', 'UNLISTED', 'FOLLOWERS', 'MENTIONED', 'LOCAL']) {
    ids.push(await publish(world, cleo, { visibility }));
  }
  expect(await postsOf()).toBe(2);
  for (const id of ids) expect((await remove(cleo, id)).userErrors).toEqual([]);
  expect(await postsOf()).toBe(0);
});

test('each visibility shows a post to exactly its readers, and is NOT_FOUND for all others', async () => {
  const dora = await world.local('dora');
  const readers: Record<string, (Person | null)[]> = {
    PUBLIC: [null, ada, ben, dora],
    UNLISTED: [null, ada, ben, dora],
    FOLLOWERS: [ada, ben, dora],
    MENTIONED: [ada, dora],
    LOCAL: [ada, ben, dora],
  };
  for (const [visibility, seers] of Object.entries(readers)) {
    const id = await publish(world, ada, { visibility, caption: 'for @dora and @mallory' });
    for (const who of [null, ada, ben, dora, mallory]) {
      const post = await read(who, id);
      expect({ visibility, who: who?.username, isSeen: post !== null }).toEqual({
        visibility,
        who: who?.username,
        isSeen: seers.includes(who),
      });
      const node = await (who ?? world).graphql<{ node: unknown }>(
        'query ($id: ID!) { node(id: $id) { id } }',
        { id },
      );
      expect(node.data.node !== null).toBe(seers.includes(who));
      if (who && !seers.includes(who)) {
        expect(await react(who, id, '❤')).toEqual([{ code: 'NOT_FOUND', path: ['subjectId'] }]);
        await expect(comment(who, id, 'hello')).rejects.toThrow('NOT_FOUND');
      }
    }
  }
});

test('private pictures have signed addresses, public ones stable ones', async () => {
  const open = await read(ben, await publish(world, ada, { visibility: 'UNLISTED' }));
  const closed = await read(ben, await publish(world, ada, { visibility: 'FOLLOWERS' }));
  expect(new URL(open!.media[0]!.url).search).toBe('');
  expect(new URL(closed!.media[0]!.url).searchParams.has('expires')).toBe(true);
});

test('each rule of a draft is refused with its path', async () => {
  const own = await readyPicture(world, ada);
  const used = await readyPicture(world, ada);
  await sendPost(ada, { mediaIds: [used] });
  const many = await Promise.all(Array.from({ length: 21 }, () => readyPicture(world, ada)));
  const refusal = async (mediaIds: string[], common: Record<string, unknown> = {}) =>
    (await sendPost(ada, { mediaIds, common })).userErrors;
  expect(await refusal([])).toEqual([{ code: 'INVALID_INPUT', path: ['mediaIds'] }]);
  expect(await refusal(many)).toEqual([{ code: 'INVALID_INPUT', path: ['mediaIds'] }]);
  expect(await refusal([own, own])).toEqual([{ code: 'INVALID_INPUT', path: ['mediaIds', '1'] }]);
  expect(await refusal([own, used])).toEqual([{ code: 'ALREADY_EXISTS', path: ['mediaIds', '1'] }]);
  expect(await refusal([own, await readyPicture(world, ben)])).toEqual([
    { code: 'NOT_FOUND', path: ['mediaIds', '1'] },
  ]);
  expect(await refusal(['post_00000000000000000000000000'])).toEqual([
    { code: 'NOT_FOUND', path: ['mediaIds', '0'] },
  ]);
  expect(await refusal([own, await readyPicture(world, ada, { state: 'PROCESSING' })])).toEqual([
    { code: 'MEDIA_NOT_READY', path: ['mediaIds', '1'] },
  ]);
  expect(await refusal([await readyPicture(world, ada, { state: 'REJECTED' })])).toEqual([
    { code: 'MEDIA_REJECTED', path: ['mediaIds', '0'] },
  ]);
  expect(await refusal([await readyPicture(world, ada, { purpose: 'AVATAR' })])).toEqual([
    { code: 'NOT_FOUND', path: ['mediaIds', '0'] },
  ]);
  expect(await refusal([own], { caption: 'x'.repeat(5001) })).toEqual([
    { code: 'INVALID_INPUT', path: ['common', 'caption'] },
  ]);
  expect(await refusal([own], { contentWarning: 'x'.repeat(501) })).toEqual([
    { code: 'INVALID_INPUT', path: ['common', 'contentWarning'] },
  ]);
  expect(await refusal([own], { license: 'x'.repeat(101) })).toEqual([
    { code: 'INVALID_INPUT', path: ['common', 'license'] },
  ]);
  // None of the refusals took the picture, and the greatest caption fits, counted in characters.
  expect(await refusal([own], { caption: '😀'.repeat(5000) })).toEqual([]);
  expect((await sendPost(ada, { mediaIds: many.slice(0, 20) })).userErrors).toEqual([]);
});

test('of twenty publications with the same picture at once one succeeds', async () => {
  const picture = await readyPicture(world, ada);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => sendPost(ada, { mediaIds: [picture] })),
  );
  const codes = answers.map(({ userErrors }) => userErrors[0]?.code ?? 'OK').sort();
  expect(codes).toEqual([...Array.from({ length: 19 }, () => 'ALREADY_EXISTS'), 'OK']);
});

test('R03 an idempotency key publishes once, also when both requests come at once', async () => {
  const mediaIds = [await readyPicture(world, ada)];
  const [one, other] = await Promise.all([
    sendPost(ada, { mediaIds, idempotencyKey: 'k-1' }),
    sendPost(ada, { mediaIds, idempotencyKey: 'k-1' }),
  ]);
  const again = await sendPost(ada, { mediaIds, idempotencyKey: 'k-1' });
  expect(one.userErrors).toEqual([]);
  expect(other.post!.id).toBe(one.post!.id);
  expect(again.post!.id).toBe(one.post!.id);
  const changed = await sendPost(ada, {
    mediaIds,
    idempotencyKey: 'k-1',
    common: { caption: 'other' },
  });
  expect(changed.userErrors).toEqual([
    { code: 'IDEMPOTENCY_KEY_REUSED', path: ['idempotencyKey'] },
  ]);
});

test('an edit keeps the earlier version, and derives hashtags and mentions again', async () => {
  const [first, second, third] = [
    await readyPicture(world, ada),
    await readyPicture(world, ada),
    await readyPicture(world, ada),
  ];
  const { post } = await sendPost(ada, {
    mediaIds: [first, second],
    common: { caption: '#before @ben', contentWarning: 'cats' },
  });
  const published = await read(ada, post!.id);
  world.clock.advance(60);
  expect(
    (
      await update(ada, {
        postId: post!.id,
        caption: '#after @mallory',
        contentWarning: null,
        mediaIds: [third, first],
      })
    ).userErrors,
  ).toEqual([]);
  const edited = await read(ben, post!.id);
  expect(edited).toMatchObject({
    contentWarning: null,
    hashtags: [{ name: 'after' }],
    mentions: [{ username: 'mallory' }],
  });
  expect(edited!.media.map(({ id }) => id)).toEqual([third, first]);
  expect(edited!.editedAt > published!.publishedAt).toBe(true);
  expect(edited!.revisions.nodes).toEqual([
    {
      caption: published!.caption,
      contentWarning: 'cats',
      editedAt: published!.publishedAt,
      media: [{ id: first }],
    },
  ]);
  // The picture that was taken out is gone; those of the post are not.
  expect(await count('media', `id = '${innerId(second)}' and deleted_at is not null`)).toBe(1);
  expect(
    await count(
      'media',
      `id in ('${innerId(first)}', '${innerId(third)}') and deleted_at is null and attached_at is not null`,
    ),
  ).toBe(2);
});

test('an edit that changes nothing leaves no trace; settings alone make no revision', async () => {
  const id = await publish(world, ada, { caption: 'same' });
  const before = await count('events', `name = 'postUpdated'`);
  expect((await update(ada, { postId: id })).userErrors).toEqual([]);
  expect(
    (await update(ada, { postId: id, caption: 'same', contentWarning: ' ', isSensitive: false }))
      .userErrors,
  ).toEqual([]);
  expect(await count('events', `name = 'postUpdated'`)).toBe(before);
  expect(
    (
      await update(ada, {
        postId: id,
        isSensitive: true,
        language: 'pt-BR',
        commentPolicy: 'NOBODY',
      })
    ).userErrors,
  ).toEqual([]);
  expect(await read(ben, id)).toMatchObject({
    isSensitive: true,
    language: 'pt-BR',
    commentPolicy: 'NOBODY',
    editedAt: null,
    revisions: { nodes: [] },
    viewerPermissions: { canComment: false },
  });
  expect(
    (
      await update(ada, {
        postId: id,
        isSensitive: null,
        language: null,
        commentPolicy: null,
        caption: null,
      })
    ).userErrors,
  ).toEqual([]);
  expect(await read(ben, id)).toMatchObject({
    isSensitive: false,
    language: null,
    commentPolicy: 'EVERYONE',
    caption: '',
  });
});

test('nobody edits or deletes the post of somebody else, seen or not', async () => {
  const id = await publish(world, ada);
  const commented = await comment(ben, id, 'hi');
  for (const who of [ben, mallory]) {
    expect((await update(who, { postId: id, caption: 'mine' })).userErrors).toEqual([
      { code: 'NOT_FOUND', path: ['postId'] },
    ]);
    expect((await remove(who, id)).userErrors).toEqual([{ code: 'NOT_FOUND', path: ['postId'] }]);
  }
  expect((await update(ada, { postId: id, mediaIds: [] })).userErrors).toEqual([
    { code: 'INVALID_INPUT', path: ['mediaIds'] },
  ]);
  expect((await update(ada, { postId: commented, caption: 'x' })).userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['postId'] },
  ]);
});

test('a deleted post is a tombstone: nothing of it is seen, its pictures go, its row stays', async () => {
  const picture = await readyPicture(world, ada);
  const { post } = await sendPost(ada, {
    mediaIds: [picture],
    common: { caption: '#gone @ben', contentWarning: 'secret' },
  });
  const id = post!.id;
  const commentId = await comment(ben, id, 'nice');
  await react(ben, id, '❤');
  await update(ada, { postId: id, caption: '#gone still' });
  expect(await remove(ada, id)).toEqual({ deletedPostId: id, userErrors: [] });
  await world.settle();
  for (const who of [ada, ben, null]) {
    const seen = await (who ?? world).graphql(
      'query ($id: ID!, $comment: ID!) { node(id: $id) { id } comment: node(id: $comment) { id } hashtag(name: "gone") { name } }',
      { id, comment: commentId },
    );
    expect(seen.data).toEqual({ node: null, comment: null, hashtag: null });
  }
  const inner = innerId(id);
  expect(
    await count(
      'posts',
      `id = '${inner}' and deleted_at is not null and content_html = '' and content_source is null and content_warning is null`,
    ),
  ).toBe(1);
  expect(await count('post_media', `post_id = '${inner}'`)).toBe(0);
  expect(await count('post_revisions', `post_id = '${inner}'`)).toBe(0);
  expect(await count('home_timeline_entries', `post_id = '${inner}'`)).toBe(0);
  expect(await count('media', `id = '${innerId(picture)}' and deleted_at is null`)).toBe(0);
  expect((await remove(ada, id)).userErrors).toEqual([{ code: 'NOT_FOUND', path: ['postId'] }]);
  expect((await update(ada, { postId: id, caption: 'back' })).userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['postId'] },
  ]);
  expect(await react(ben, commentId, '❤')).toEqual([{ code: 'NOT_FOUND', path: ['subjectId'] }]);
});

test('deleting while others react and comment loses nobody: either before, or NOT_FOUND', async () => {
  const id = await publish(world, ada);
  const acts = [
    ...Array.from({ length: 10 }, () => react(ben, id, '❤')),
    ...Array.from({ length: 5 }, () =>
      comment(ben, id, 'x').then(
        () => [],
        // Added, and gone with the post before the answer was read: that is before, too.
        ({ message }: Error) =>
          message.includes('"userErrors":[]')
            ? []
            : [{ code: /NOT_FOUND/.exec(message)?.[0] ?? message }],
      ),
    ),
    ...Array.from({ length: 5 }, () => remove(ada, id).then(({ userErrors }) => userErrors)),
  ];
  const codes = (await Promise.all(acts)).flat().map(({ code }) => code);
  expect(codes.filter((code) => code !== 'NOT_FOUND')).toEqual([]);
  expect(
    await count('events', `name = 'postDeleted' and payload->>'postId' = '${innerId(id)}'`),
  ).toBe(1);
  expect(await read(ada, id)).toBeNull();
});

test('the entitlement POSTS_PER_DAY holds also for posts published at once, and ends with the day', async () => {
  await using small = await startWorld({ ENTITLEMENT_POSTS_PER_DAY: '3' });
  const eve = await small.local('eve');
  const pictures = await Promise.all(Array.from({ length: 7 }, () => readyPicture(small, eve)));
  const answers = await Promise.all(
    pictures.slice(0, 6).map((id) => sendPost(eve, { mediaIds: [id] })),
  );
  expect(answers.map(({ userErrors }) => userErrors[0]?.code ?? 'OK').sort()).toEqual([
    'OK',
    'OK',
    'OK',
    'QUOTA_EXCEEDED',
    'QUOTA_EXCEEDED',
    'QUOTA_EXCEEDED',
  ]);
  const used = async () => {
    const { data } = await eve.graphql<{
      viewer: { entitlements: { key: string; used: string }[] };
    }>('{ viewer { entitlements { key used } } }');
    return data.viewer.entitlements.find(({ key }) => key === 'POSTS_PER_DAY')?.used;
  };
  expect(await used()).toBe('3');
  small.clock.advance(24 * 60 * 60 + 1);
  expect(await used()).toBe('0');
  expect((await sendPost(eve, { mediaIds: [pictures[6]!] })).userErrors).toEqual([]);
});
