// Drafts and schedules through the public API: everything a post has, pictures that are kept, once and never twice.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { draftFailed } from '../../src/posts/drafts.events.js';
import type { DraftId } from '../../src/posts/draft.js';
import { compose } from '../../src/app/compose.js';
import { statement } from '../../src/platform/db/database.js';
import { databaseUrl } from '../support/database.js';
import { innerId, readyPicture, sendPost, type Answered, type Refusal } from '../support/posts.js';
import { notificationsOf } from '../support/notifications.js';
import { runScheduled } from '../support/scheduled.js';
import { connectSocket, subscribed } from '../support/socket.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;

beforeAll(async () => {
  world = await startWorld({
    ENTITLEMENT_POSTS_PER_DAY: '12',
    GRAPHQL_POINTS_PER_HOUR: '1000000',
  });
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
});

afterAll(() => world[Symbol.asyncDispose]());

const DRAFT = `id kind caption language visibility commentPolicy contentWarning isSensitive aiDisclosure license
  media { id } scheduledFor failure { code message failedAt } createdAt updatedAt`;

interface Draft {
  readonly id: string;
  readonly caption: string;
  readonly media: { id: string }[];
  readonly scheduledFor: string | null;
  readonly failure: { code: string; message: string } | null;
}

async function send<Fields>(who: Person, name: string, input: object, fields: string) {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const answer = await who.graphql<Record<string, Answered<Fields>>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${fields} userErrors { code path } } }`,
    { input },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data[name]!;
}

const save = (who: Person, input: object) =>
  send<{ draft: Draft | null }>(who, 'saveDraft', input, `draft { ${DRAFT} }`);
const discard = (who: Person, draftId: string) =>
  send<{ deletedDraftId: string | null }>(who, 'deleteDraft', { draftId }, 'deletedDraftId');
const publishNow = (who: Person, draftId: string) =>
  send<{ post: { id: string } | null }>(who, 'publishDraft', { draftId }, 'post { id }');
const refused = (code: string, ...path: string[]): Refusal[] => [{ code, path }];

async function saved(who: Person, input: object): Promise<Draft> {
  const { draft, userErrors } = await save(who, input);
  expect(userErrors).toEqual([]);
  return draft!;
}

async function draftOf(who: Person | null, id: string): Promise<Draft | null> {
  const answer = await (who ?? world).graphql<{ node: Draft | null }>(
    `query ($id: ID!) { node(id: $id) { ... on Draft { ${DRAFT} } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

async function listOf(who: Person, list: string, args = ''): Promise<string[]> {
  const answer = await who.graphql<{ viewer: Record<string, { nodes: { id: string }[] }> }>(
    `{ viewer { ${list}${args} { nodes { id } } } }`,
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer[list]!.nodes.map(({ id }) => id);
}

async function postsOf(who: Person): Promise<{ id: string; caption: string }[]> {
  const answer = await who.graphql<{
    viewer: { actor: { posts: { nodes: { id: string; caption: string }[] } } };
  }>('{ viewer { actor { posts(first: 100) { nodes { id caption } } } } }');
  return answer.data.viewer.actor.posts.nodes;
}

/** The scheduler's minute. */
const tick = (): Promise<void> => runScheduled(world, 'publishDueDrafts');

const inSeconds = (seconds: number): string =>
  new Date(world.clock.now().getTime() + seconds * 1000).toISOString();

async function one<Row>(text: string, values: unknown[] = []): Promise<Row> {
  return (await world.services.database.pool.query(text, values)).rows[0] as Row;
}

test('a draft keeps everything that a post has, for its author alone, and becomes that post', async () => {
  const [first, second] = [await readyPicture(world, ada), await readyPicture(world, ada)];
  const common = {
    caption: 'Later #soon',
    language: 'pt-BR',
    visibility: 'UNLISTED',
    commentPolicy: 'FOLLOWERS',
    contentWarning: 'rain',
    isSensitive: true,
    aiDisclosure: 'ASSISTED',
    license: 'CC0-1.0',
  };
  const draft = await saved(ada, { mediaIds: [second, first], common });
  const expected = {
    id: draft.id,
    kind: 'PHOTO',
    ...common,
    media: [{ id: second }, { id: first }],
    scheduledFor: null,
    failure: null,
  };
  expect(await draftOf(ada, draft.id)).toMatchObject(expected);
  for (const who of [ben, null]) expect(await draftOf(who, draft.id)).toBeNull();
  expect(await listOf(ada, 'drafts')).toEqual([draft.id]);
  expect(await listOf(ben, 'drafts')).toEqual([]);
  // What is not named stays; `common` is said anew as a whole.
  await saved(ada, { draftId: draft.id, mediaIds: [first, second] });
  expect(await draftOf(ada, draft.id)).toMatchObject({
    ...expected,
    media: [{ id: first }, { id: second }],
  });
  expect(await postsOf(ada)).toEqual([]);
  const { post, userErrors } = await publishNow(ada, draft.id);
  expect(userErrors).toEqual([]);
  const answer = await ada.graphql<{ post: object }>(
    `query ($id: ID!) { post(by: { id: $id }) { captionSource language visibility commentPolicy contentWarning
      isSensitive aiDisclosure license media { id } hashtags { name } } }`,
    { id: post!.id },
  );
  const { caption: captionSource, ...said } = common;
  expect(answer.data.post).toEqual({
    ...said,
    captionSource,
    media: [{ id: first }, { id: second }],
    hashtags: [{ name: 'soon' }],
  });
  expect(await draftOf(ada, draft.id)).toBeNull();
  expect((await publishNow(ada, draft.id)).userErrors).toEqual(refused('NOT_FOUND', 'draftId'));
});

test('nobody changes, publishes or deletes the draft of somebody else', async () => {
  const { id: draftId } = await saved(ada, { mediaIds: [await readyPicture(world, ada)] });
  for (const command of [save(ben, { draftId }), publishNow(ben, draftId), discard(ben, draftId)])
    expect((await command).userErrors).toEqual(refused('NOT_FOUND', 'draftId'));
  expect(await draftOf(ada, draftId)).not.toBeNull();
});

test('a draft may lack anything but refuses what can never be published', async () => {
  const own = await readyPicture(world, ada);
  const { id: draftId } = await saved(ada, {});
  const refusal = async (input: object) => (await save(ada, { draftId, ...input })).userErrors;
  expect(await refusal({ common: { caption: 'x'.repeat(5001) } })).toEqual(
    refused('INVALID_INPUT', 'common', 'caption'),
  );
  expect(await refusal({ common: { placeId: 'place_00000000000000000000000000' } })).toEqual(
    refused('NOT_FOUND', 'common', 'placeId'),
  );
  expect(await refusal({ mediaIds: [own, own] })).toEqual(
    refused('INVALID_INPUT', 'mediaIds', '1'),
  );
  expect(await refusal({ mediaIds: Array.from({ length: 21 }, () => own) })).toEqual(
    refused('INVALID_INPUT', 'mediaIds'),
  );
  expect(await refusal({ mediaIds: [await readyPicture(world, ben)] })).toEqual(
    refused('NOT_FOUND', 'mediaIds', '0'),
  );
  expect(
    await refusal({ mediaIds: [own, await readyPicture(world, ada, { state: 'REJECTED' })] }),
  ).toEqual(refused('MEDIA_REJECTED', 'mediaIds', '1'));
  expect(
    await refusal({ mediaIds: [await readyPicture(world, ada, { state: 'AWAITING_UPLOAD' })] }),
  ).toEqual(refused('MEDIA_NOT_READY', 'mediaIds', '0'));
  for (const seconds of [-60, 30, 400 * 24 * 3600])
    expect(await refusal({ mediaIds: [own], scheduledFor: inSeconds(seconds) })).toEqual(
      refused('INVALID_INPUT', 'scheduledFor'),
    );
  expect(await refusal({ scheduledFor: inSeconds(600) })).toEqual(
    refused('INVALID_INPUT', 'mediaIds'),
  );
  expect((await publishNow(ada, draftId)).userErrors).toEqual(refused('INVALID_INPUT', 'mediaIds'));
  // One that is still being processed can be kept, and is refused only when it is to be published.
  const slow = await readyPicture(world, ada, { state: 'PROCESSING' });
  expect(await refusal({ mediaIds: [slow] })).toEqual([]);
  expect((await publishNow(ada, draftId)).userErrors).toEqual(
    refused('MEDIA_NOT_READY', 'mediaIds', '0'),
  );
  expect(await draftOf(ada, draftId)).toMatchObject({ media: [{ id: slow }] });
});

test('pictures of a draft are not swept, belong to it alone, and go with it', async () => {
  const [kept, dropped, loose] = [
    await readyPicture(world, ada),
    await readyPicture(world, ada),
    await readyPicture(world, ada),
  ];
  const draft = await saved(ada, { mediaIds: [kept, dropped] });
  world.clock.advance(30 * 24 * 3600);
  await runScheduled(world, 'sweepMedia');
  const isThere = async (id: string) =>
    (await one('select 1 from media where id = $1 and deleted_at is null', [innerId(id)])) !==
    undefined;
  expect(await Promise.all([kept, dropped, loose].map(isThere))).toEqual([true, true, false]);
  expect((await sendPost(ada, { mediaIds: [kept] })).userErrors).toEqual(
    refused('ALREADY_EXISTS', 'mediaIds', '0'),
  );
  expect((await save(ada, { mediaIds: [kept] })).userErrors).toEqual(
    refused('ALREADY_EXISTS', 'mediaIds', '0'),
  );
  const cancelled = await send(ada, 'cancelUpload', { mediaId: kept }, 'cancelledMediaId');
  expect(cancelled.userErrors).toEqual(refused('CONFLICT', 'mediaId'));
  await saved(ada, { draftId: draft.id, mediaIds: [kept] });
  expect(await Promise.all([kept, dropped].map(isThere))).toEqual([true, false]);
  expect(await discard(ada, draft.id)).toEqual({ deletedDraftId: draft.id, userErrors: [] });
  expect(await isThere(kept)).toBe(false);
});

test('an idempotency key saves once', async () => {
  const input = { common: { caption: 'once' }, idempotencyKey: 'draft-1' };
  const [first, again] = [await saved(ada, input), await saved(ada, input)];
  expect(again.id).toBe(first.id);
});

test('with 95 drafts, of ten saved at once five are kept', async () => {
  const many = await world.local('many');
  const saveAtOnce = (length: number) =>
    Promise.all(Array.from({ length }, () => save(many, {}))).then((answers) =>
      answers.map(({ userErrors }) => userErrors[0]?.code ?? 'OK').sort(),
    );
  for (let index = 0; index < 19; index++) await saveAtOnce(5);
  expect(await saveAtOnce(10)).toEqual([
    ...Array.from({ length: 5 }, () => 'LIMIT_EXCEEDED'),
    ...Array.from({ length: 5 }, () => 'OK'),
  ]);
});

test('a scheduled draft is published at its time and not before, with the settings of that time', async () => {
  const cleo = await world.local('cleo');
  const scheduledFor = inSeconds(600);
  const draft = await saved(cleo, {
    mediaIds: [await readyPicture(world, cleo)],
    common: { caption: 'on time' },
    scheduledFor,
  });
  expect(draft).toMatchObject({ scheduledFor });
  expect(await listOf(cleo, 'scheduledPosts')).toEqual([draft.id]);
  expect(await listOf(cleo, 'drafts')).toEqual([]);
  await send(cleo, 'updateSettings', { defaultVisibility: 'FOLLOWERS' }, 'viewer { id }');
  world.clock.advance(590);
  await tick();
  expect(await postsOf(cleo)).toEqual([]);
  world.clock.advance(11);
  await tick();
  expect(await postsOf(cleo)).toEqual([{ id: expect.anything(), caption: '<p>on time</p>' }]);
  expect(await draftOf(cleo, draft.id)).toBeNull();
  const row = await one<{ visibility: string }>(
    'select visibility from posts where author_id = $1',
    [cleo.actorId],
  );
  expect(row.visibility).toBe('FOLLOWERS');
});

test('a schedule can be moved and taken away', async () => {
  const dora = await world.local('dora');
  const [moved, cancelled] = [
    await saved(dora, {
      mediaIds: [await readyPicture(world, dora)],
      scheduledFor: inSeconds(100),
    }),
    await saved(dora, {
      mediaIds: [await readyPicture(world, dora)],
      scheduledFor: inSeconds(200),
    }),
  ];
  expect(await listOf(dora, 'scheduledPosts')).toEqual([moved.id, cancelled.id]);
  await saved(dora, { draftId: moved.id, scheduledFor: inSeconds(3600) });
  expect(await listOf(dora, 'scheduledPosts')).toEqual([cancelled.id, moved.id]);
  expect(await listOf(dora, 'scheduledPosts', '(last: 1)')).toEqual([moved.id]);
  await saved(dora, { draftId: cancelled.id, scheduledFor: null });
  world.clock.advance(300);
  await tick();
  expect(await postsOf(dora)).toEqual([]);
  expect(await listOf(dora, 'drafts')).toEqual([cancelled.id]);
  world.clock.advance(3600);
  await tick();
  expect(await postsOf(dora)).toHaveLength(1);
});

test('four schedulers at once, beside the author’s own hand, publish each of ten drafts once', async () => {
  const eva = await world.local('eva');
  const drafts = await Promise.all(
    Array.from({ length: 10 }, async (_, index) =>
      saved(eva, {
        mediaIds: [await readyPicture(world, eva)],
        common: { caption: `number ${index}` },
        scheduledFor: inSeconds(120 + (index % 3)),
      }),
    ),
  );
  world.clock.advance(200);
  const [, , , , byHand] = await Promise.all([
    tick(),
    tick(),
    tick(),
    tick(),
    publishNow(eva, drafts[0]!.id),
  ]);
  await tick();
  const captions = (await postsOf(eva)).map(({ caption }) => caption).sort();
  expect(captions).toEqual(drafts.map((_, index) => `<p>number ${index}</p>`).sort());
  expect(['NOT_FOUND', undefined]).toContain(byHand.userErrors[0]?.code);
  const events = await one<{ count: number }>(
    `select count(*)::int as count from events where name = 'draftPublished' and payload->>'authorId' = $1`,
    [eva.actorId],
  );
  expect(events.count).toBe(10);
  expect(await listOf(eva, 'scheduledPosts')).toEqual([]);
});

const DATABASE = statement('test.database', 'select current_database() as name');

test('two servers with a scheduler each publish each of ten drafts once, and tell of it once', async () => {
  const gil = await world.local('gil');
  for (let index = 0; index < 10; index++)
    await saved(gil, {
      mediaIds: [await readyPicture(world, gil)],
      common: { caption: `number ${index}` },
      scheduledFor: inSeconds(120),
    });
  world.clock.advance(200);
  const database = await world.services.database.row<{ name: string }>(DATABASE);
  const foundation = { ...world.services, databaseUrl: databaseUrl(database!.name) };
  await using services = await compose(foundation, 'worker');
  expect(services.database.pool).not.toBe(world.services.database.pool);
  const other = (): Promise<void> => runScheduled({ services }, 'publishDueDrafts');
  await Promise.all([tick(), other(), tick(), other()]);
  const captions = (await postsOf(gil)).map(({ caption }) => caption);
  expect(captions.toSorted()).toEqual(
    Array.from({ length: 10 }, (_, index) => `<p>number ${index}</p>`),
  );
  const events = await one<{ count: number; posts: number }>(
    `select count(*)::int as count, (select posts from actor_counts where actor_id = $2) as posts
     from events where name = 'draftPublished' and payload->>'authorId' = $1`,
    [gil.actorId, gil.actorId],
  );
  expect(events).toEqual({ count: 10, posts: 10 });
  expect(await listOf(gil, 'scheduledPosts')).toEqual([]);
});

const OWN_EVENTS = `subscription { viewerEvents(topics: [ACCOUNT]) { ... on AccountEvent { reason } } }`;

test('what fails at its time stays as a draft with its reason, and the author is told once', async () => {
  const finn = await world.local('finn');
  const gone = await readyPicture(world, finn);
  const kept = await readyPicture(world, finn);
  const [lost, undescribed] = [
    await saved(finn, { mediaIds: [gone], scheduledFor: inSeconds(100) }),
    await saved(finn, { mediaIds: [kept], scheduledFor: inSeconds(101) }),
  ];
  await world.services.database.rows(
    statement('test.lose_media', 'update media set deleted_at = now() where id = $1'),
    [innerId(gone)],
  );
  await send(finn, 'updateSettings', { requireAltText: true }, 'viewer { id }');
  await using socket = await connectSocket(world.origin, finn.token);
  await subscribed(socket, 'own', OWN_EVENTS);
  world.clock.advance(150);
  await Promise.all([tick(), tick()]);
  for (let index = 0; index < 2; index++)
    expect(await socket.next()).toMatchObject({
      payload: { data: { viewerEvents: { reason: 'draftFailed' } } },
    });
  expect(await draftOf(finn, lost.id)).toMatchObject({
    scheduledFor: null,
    failure: { code: 'NOT_FOUND' },
  });
  expect(await draftOf(finn, undescribed.id)).toMatchObject({
    scheduledFor: null,
    failure: { code: 'INVALID_INPUT', message: expect.stringContaining('Describe') },
    media: [{ id: kept }],
  });
  expect(await postsOf(finn)).toEqual([]);
  const told = await one<{ count: number }>(
    `select count(*)::int as count from events where name = 'draftFailed' and payload->>'authorId' = $1`,
    [finn.actorId],
  );
  expect(told.count).toBe(2);
  await world.settle();
  const notified = await notificationsOf(finn);
  expect(notified.nodes.map(({ kind, subject }) => [kind, subject?.id])).toEqual(
    expect.arrayContaining([
      ['DRAFT_FAILED', lost.id],
      ['DRAFT_FAILED', undescribed.id],
    ]),
  );
  expect(notified.nodes[0]).toMatchObject({
    actorCount: 0,
    subject: { __typename: 'Draft' },
    fallbackTitle: 'A scheduled post could not be published; it is kept as a draft with the reason',
    fallbackUrl: null,
  });
  // Nothing is tried again by itself; mended, it can be scheduled anew.
  await tick();
  await send(finn, 'updateMedia', { mediaId: kept, altText: 'A field' }, 'media { id }');
  const again = await saved(finn, { draftId: undescribed.id, scheduledFor: inSeconds(61) });
  expect(again).toMatchObject({ failure: null });
  world.clock.advance(70);
  await tick();
  expect(await postsOf(finn)).toHaveLength(1);
  const left = (await notificationsOf(finn)).nodes.map(({ subject }) => subject?.id ?? null);
  expect(left.toSorted()).toEqual([lost.id, null].toSorted());
});

test('each failure of a draft is told of once, and one that was saved again by then is not', async () => {
  const hal = await world.local('hal');
  const gone = await readyPicture(world, hal);
  const draft = await saved(hal, { mediaIds: [gone], scheduledFor: inSeconds(100) });
  await world.services.database.rows(
    statement('test.hide_media', `update media set state = 'REJECTED' where id = $1`),
    [innerId(gone)],
  );
  const fail = async () => {
    world.clock.advance(101);
    await tick();
    await world.settle();
    return (await notificationsOf(hal)).nodes.length;
  };
  expect(await fail()).toBe(1);
  await world.services.database.rows(
    statement(
      'test.schedule',
      'update drafts set scheduled_for = $2, failure_code = null, failure_message = null, failed_at = null where id = $1',
    ),
    [innerId(draft.id), inSeconds(100)],
  );
  expect(await fail()).toBe(2);
  const { accountId, actorId: authorId } = hal;
  const draftId = innerId(draft.id) as DraftId;
  const run = async () => {
    const fact = { draftId, authorId, accountId, code: 'MEDIA_REJECTED' } as const;
    await world.services.database.transaction((tx) => tx.append(draftFailed, fact));
    await world.settle();
  };
  await run();
  expect((await notificationsOf(hal)).nodes).toHaveLength(2);
  await discard(hal, draft.id);
  await run();
  expect((await notificationsOf(hal)).nodes).toHaveLength(2);
});

test('a used-up quota and a closed account are reasons of their own', async () => {
  const gus = await world.local('gus');
  const draft = await saved(gus, {
    mediaIds: [await readyPicture(world, gus)],
    scheduledFor: inSeconds(3600),
  });
  for (let index = 0; index < 12; index++)
    await sendPost(gus, { mediaIds: [await readyPicture(world, gus)] });
  world.clock.advance(3601);
  await tick();
  expect(await draftOf(gus, draft.id)).toMatchObject({ failure: { code: 'QUOTA_EXCEEDED' } });
  expect((await publishNow(gus, draft.id)).userErrors[0]?.code).toBe('QUOTA_EXCEEDED');
  world.clock.advance(24 * 3600);
  await saved(gus, { draftId: draft.id, scheduledFor: inSeconds(100) });
  const setState = statement('test.account_state', 'update accounts set state = $2 where id = $1');
  await world.services.database.rows(setState, [gus.accountId, 'SUSPENDED']);
  world.clock.advance(101);
  await tick();
  await world.services.database.rows(setState, [gus.accountId, 'ACTIVE']);
  expect(await draftOf(gus, draft.id)).toMatchObject({ failure: { code: 'ACCOUNT_SUSPENDED' } });
  expect(await postsOf(gus)).toHaveLength(12);
});

test('the entitlement SCHEDULED_POSTS bounds what waits, not what is moved', async () => {
  await using small = await startWorld({ ENTITLEMENT_SCHEDULED_POSTS: '2' });
  const hal = await small.local('hal');
  const at = (minutes: number) => new Date(small.clock.now().getTime() + minutes * 60_000);
  const pictures = await Promise.all(Array.from({ length: 5 }, () => readyPicture(small, hal)));
  const answers = await Promise.all(
    pictures.map((id) => save(hal, { mediaIds: [id], scheduledFor: at(10) })),
  );
  const codes = answers.map(({ userErrors }) => userErrors[0]?.code ?? 'OK').sort();
  expect(codes).toEqual(['OK', 'OK', 'QUOTA_EXCEEDED', 'QUOTA_EXCEEDED', 'QUOTA_EXCEEDED']);
  const kept = answers.find(({ draft }) => draft)!.draft!;
  expect((await save(hal, { draftId: kept.id, scheduledFor: at(20) })).userErrors).toEqual([]);
  await discard(hal, kept.id);
  const other = await save(hal, {
    mediaIds: [await readyPicture(small, hal)],
    scheduledFor: at(9),
  });
  expect(other.userErrors).toEqual([]);
  const used = await hal.graphql<{
    viewer: { entitlements: { key: string; used: string | null }[] };
  }>('{ viewer { entitlements { key used } } }');
  expect(used.data.viewer.entitlements).toContainEqual({ key: 'SCHEDULED_POSTS', used: '2' });
});
