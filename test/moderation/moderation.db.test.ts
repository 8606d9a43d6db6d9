// Reports, what the staff does, and the record of it, through the public API.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findAuditGap } from '../../src/accounts/audit.js';
import { statement } from '../../src/platform/db/database.js';
import { addPlaces } from '../contract/places.js';
import { toGlobalId } from '../../src/platform/ids.js';
import { startMailServer, type MailServer } from '../support/mail-server.js';
import { block, comment, follow, publish, sendPost, type Answered } from '../support/posts.js';
import { photograph } from '../support/photographs.js';
import { connectSocket, subscribed } from '../support/socket.js';
import { uploadPicture } from '../support/upload.js';
import { startWorld, WORLD_PASSWORD, type Person, type World } from '../support/world.js';

let mails: MailServer;
let world: World;
let ada: Person;
let ben: Person;
let mod: Person;
let admin: Person;

beforeAll(async () => {
  mails = await startMailServer();
  world = await startWorld({ SMTP_URL: mails.url });
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
  [mod, admin] = [await world.moderator(), await world.admin()];
  await follow(world, ben, ada);
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await mails[Symbol.asyncDispose]();
});

const REPORT = `mutation ($input: ReportInput!) { report(input: $input) { report {
  id status category comment staffNote subjects { subjectId content } target { username } reporter { username } assignee { username }
} userErrors { code path } } }`;

interface SeenReport {
  readonly id: string;
  readonly status: string;
  readonly subjects: readonly { readonly subjectId: string; readonly content: string }[];
}
type Reported = Answered<{ report: SeenReport | null }>;

async function report(who: Person, input: Record<string, unknown>): Promise<Reported> {
  const answer = await who.graphql<{ report: Reported }>(REPORT, {
    input: { category: 'SPAM', ...input },
  });
  expect(answer.errors).toBeUndefined();
  return answer.data.report;
}

const ACT = `mutation ($input: TakeModerationActionInput!) { takeModerationAction(input: $input) {
  action { id kind reason target { username } moderator { username } } userErrors { code path } } }`;

type Acted = Answered<{ action: { id: string } | null }>;

async function act(who: Person, input: Record<string, unknown>): Promise<Acted> {
  const answer = await who.graphql<{ takeModerationAction: Acted }>(ACT, {
    input: { reason: 'Against the rules.', notifyTarget: false, ...input },
  });
  expect(answer.errors).toBeUndefined();
  return answer.data.takeModerationAction;
}

const QUEUE = `query ($status: ReportStatus, $targetId: ID) { admin { reports(status: $status, targetId: $targetId) {
  nodes { id status subjects { content } reporter { username } assignee { username } staffNote } } } }`;

const sees = async (who: Person | null, id: string): Promise<boolean> =>
  (await (who ?? world).graphql('query ($id: ID!) { node(id: $id) { id } }', { id })).data[
    'node'
  ] !== null;

const counts = async (postId: string) =>
  (
    await ben.graphql<{ node: { counts: { comments: number }; author: { counts: object } } }>(
      `query ($id: ID!) { node(id: $id) { ... on PhotoPost { counts { comments } author { counts { posts } } } } }`,
      { id: postId },
    )
  ).data.node;

test('a report keeps what was said, is seen by its author and the staff, and is worked through', async () => {
  const postId = await publish(world, ada, { caption: 'Buy *now*' });
  const { report: made } = await report(ben, {
    actorId: ada.actorGlobalId,
    subjectIds: [postId],
    comment: ' again and again ',
  });
  expect(made).toEqual({
    id: expect.stringMatching(/^report_/),
    status: 'OPEN',
    category: 'SPAM',
    comment: 'again and again',
    staffNote: null,
    subjects: [{ subjectId: postId, content: '<p>Buy <em>now</em></p>' }],
    target: { username: 'ada' },
    reporter: { username: 'ben' },
    assignee: null,
  });
  await ada.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { deletedPostId } }',
    {
      id: postId,
    },
  );
  const queue = async (status: string) =>
    (await mod.graphql<{ admin: { reports: { nodes: { id: string }[] } } }>(QUEUE, { status })).data
      .admin.reports.nodes;
  expect(await queue('OPEN')).toContainEqual({
    id: made!.id,
    status: 'OPEN',
    subjects: [{ content: '<p>Buy <em>now</em></p>' }],
    reporter: { username: 'ben' },
    assignee: null,
    staffNote: '',
  });
  expect([await sees(ada, made!.id), await sees(null, made!.id)]).toEqual([false, false]);
  expect([await sees(ben, made!.id), await sees(mod, made!.id)]).toEqual([true, true]);
  const RESOLVE = `mutation ($input: ResolveReportInput!) { resolveReport(input: $input) {
    report { status staffNote assignee { username } resolvedAt } userErrors { code path } } }`;
  const resolve = async (who: Person, input: Record<string, unknown>) =>
    (await who.graphql(RESOLVE, { input: { reportId: made!.id, ...input } })).data['resolveReport'];
  expect(await resolve(mod, { status: 'ASSIGNED', note: 'Looks like a robot' })).toEqual({
    report: {
      status: 'ASSIGNED',
      staffNote: 'Looks like a robot',
      assignee: { username: mod.username },
      resolvedAt: null,
    },
    userErrors: [],
  });
  expect(await resolve(mod, { status: 'ASSIGNED', assigneeId: ben.actorGlobalId })).toMatchObject({
    userErrors: [{ code: 'NOT_FOUND', path: ['assigneeId'] }],
  });
  expect(await resolve(mod, { status: 'DISMISSED' })).toMatchObject({
    report: { status: 'DISMISSED', resolvedAt: expect.any(String) },
  });
  expect((await queue('DISMISSED')).map(({ id }) => id)).toEqual([made!.id]);
});

test('T04 what cannot be reported is refused, and the same report is one report', async () => {
  const carl = await world.local('carl');
  const mallory = await world.local('mallory');
  await block(world, ada, mallory);
  const hidden = await publish(world, ada, { visibility: 'FOLLOWERS' });
  const foreign = await publish(world, ben);
  const actorId = ada.actorGlobalId;
  const refusal = async (who: Person, input: Record<string, unknown>) =>
    (await report(who, { actorId, ...input })).userErrors;
  expect(await refusal(carl, { subjectIds: [hidden] })).toEqual([
    { code: 'NOT_FOUND', path: ['subjectIds', '0'] },
  ]);
  expect(await refusal(carl, { subjectIds: [foreign] })).toEqual([
    { code: 'NOT_FOUND', path: ['subjectIds', '0'] },
  ]);
  expect(await refusal(carl, { category: 'OTHER' })).toEqual([
    { code: 'INVALID_INPUT', path: ['comment'] },
  ]);
  expect(await refusal(ada, {})).toEqual([{ code: 'INVALID_INPUT', path: ['actorId'] }]);
  expect(await refusal(carl, { ruleIds: ['rule_00000000000000000000000000'] })).toEqual([
    { code: 'NOT_FOUND', path: ['ruleIds', '0'] },
  ]);
  const first = await report(carl, { actorId, comment: 'one' });
  const again = await report(carl, { actorId, comment: 'two' });
  expect(again.report).toMatchObject({ id: first.report!.id, comment: 'two' });
});

test('removed posts and comments are there for nobody, are not counted, and come back as they were', async () => {
  const postId = await publish(world, ada, { caption: 'Mine' });
  const commentId = await comment(ben, postId, 'Not nice');
  const before = await counts(postId);
  expect(before.counts.comments).toBe(1);
  const remove = { kind: 'REMOVE_CONTENT', targetId: ben.actorGlobalId, subjectIds: [commentId] };
  expect((await act(mod, remove)).userErrors).toEqual([]);
  expect(await sees(ben, commentId)).toBe(false);
  expect((await counts(postId)).counts.comments).toBe(0);
  expect((await act(mod, remove)).userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['subjectIds', '0'] },
  ]);
  await act(mod, { ...remove, kind: 'RESTORE_CONTENT' });
  expect(await sees(ben, commentId)).toBe(true);
  expect(await counts(postId)).toEqual(before);
  const about = { targetId: ada.actorGlobalId, subjectIds: [postId] };
  await act(mod, { ...about, kind: 'REMOVE_CONTENT' });
  expect([await sees(ada, postId), await sees(ben, postId)]).toEqual([false, false]);
  await world.settle();
  await act(mod, { ...about, kind: 'RESTORE_CONTENT' });
  await world.settle();
  expect(await counts(postId)).toEqual(before);
  const HOME = '{ viewer { homeTimeline(first: 5) { nodes { id } } } }';
  const { data } = await ben.graphql<{ viewer: { homeTimeline: { nodes: { id: string }[] } } }>(
    HOME,
  );
  expect(data.viewer.homeTimeline.nodes.map(({ id }) => id)).toContain(postId);
});

test('W03 a suspension closes every door at once, hides everything, and can be taken back', async () => {
  const eva = await world.local('eva');
  const postId = await publish(world, eva);
  await using socket = await connectSocket(world.origin, eva.token);
  await subscribed(socket, 'live', 'subscription { viewerEvents { __typename } }');
  const targetId = eva.actorGlobalId;
  expect((await act(mod, { kind: 'SUSPEND', targetId, notifyTarget: true })).userErrors).toEqual(
    [],
  );
  expect((await socket.closed).code).toBe(4403);
  expect((await eva.graphql('{ viewer { id } }')).status).toBe(401);
  expect([await sees(ben, postId), await sees(null, targetId)]).toEqual([false, true]);
  const ACTOR = `{ actor(by: { handle: "eva" }) { status posts(first: 5) { nodes { id } } } }`;
  expect((await ben.graphql(ACTOR)).data['actor']).toMatchObject({ posts: { nodes: [] } });
  const SIGN_IN = `mutation { signIn(input: { login: "eva", password: "${WORLD_PASSWORD}" }) { token userErrors { code } } }`;
  expect((await world.graphql(SIGN_IN)).data['signIn']).toEqual({
    token: null,
    userErrors: [{ code: 'ACCOUNT_SUSPENDED' }],
  });
  await world.settle();
  const letters = mails.to('eva@people.example').map(({ text }) => text);
  expect(letters).toContainEqual(expect.stringContaining('Against the rules.'));
  await act(mod, { kind: 'UNSUSPEND', targetId });
  expect(await sees(ben, postId)).toBe(true);
  expect((await world.graphql(SIGN_IN)).data['signIn']).toMatchObject({
    token: expect.any(String),
    userErrors: [],
  });
});

test('W03 the pictures of a suspended person answer nobody, and come back with them', async () => {
  const lea = await world.local('lea');
  const mediaId = await uploadPicture(world, lea, await readFile(await photograph()));
  await sendPost(lea, { mediaIds: [mediaId] });
  const PICTURE = `{ node(id: "${mediaId}") { ... on ImageMedia { url } } }`;
  const urlFor = async (who: Person | null) => {
    const { data } = await (who ?? world).graphql<{ node: { url: string } | null }>(PICTURE);
    return data.node?.url ?? null;
  };
  const url = (await urlFor(null))!;
  const file = async () => (await fetch(world.reach(url))).status;
  expect([await urlFor(ben), await file()]).toEqual([url, 200]);
  await act(mod, { kind: 'SUSPEND', targetId: lea.actorGlobalId });
  expect([await urlFor(null), await urlFor(ben), await file()]).toEqual([null, null, 404]);
  await act(mod, { kind: 'UNSUSPEND', targetId: lea.actorGlobalId });
  expect([await urlFor(null), await file()]).toEqual([url, 200]);
});

test('a limited actor leaves the lists that are for everybody for those who do not follow, and comes back', async () => {
  const [fay, fan] = [await world.local('fay'), await world.local('fan')];
  await follow(world, fan, fay);
  const [place] = await addPlaces(world, 'Limitstadt', 1);
  const placeId = toGlobalId('place', place!);
  const postId = await publish(world, fay, { caption: '#limitedone', placeId });
  interface Lists {
    readonly [name: string]: { readonly posts: { readonly nodes: { id: string }[] } };
  }
  const listsOf = async (who: Person | null): Promise<string[]> => {
    const { data } = await (who ?? world).graphql<
      Lists & { publicTimeline: { nodes: { id: string }[] } }
    >(
      `query ($placeId: ID!) { publicTimeline(first: 50) { nodes { id } } hashtag(name: "limitedone") { posts { nodes { id } } }
        node(id: $placeId) { ... on Place { posts { nodes { id } } } } }`,
      { placeId },
    );
    const lists = {
      public: data.publicTimeline,
      hashtag: data['hashtag']!.posts,
      place: data['node']!.posts,
    };
    return Object.entries(lists)
      .filter(([, { nodes }]) => nodes.some(({ id }) => id === postId))
      .map(([name]) => name);
  };
  const everywhere = ['public', 'hashtag', 'place'];
  await act(mod, { kind: 'LIMIT', targetId: fay.actorGlobalId });
  for (const who of [null, ben]) expect(await listsOf(who)).toEqual([]);
  for (const who of [fan, fay]) expect(await listsOf(who)).toEqual(everywhere);
  expect(await sees(ben, postId)).toBe(true);
  await act(mod, { kind: 'UNLIMIT', targetId: fay.actorGlobalId });
  for (const who of [null, ben]) expect(await listsOf(who)).toEqual(everywhere);
});

test('of a suspended actor the profile says nothing but the name, except to the staff', async () => {
  const gil = await world.local('gil');
  await gil.graphql(
    `mutation { updateProfile(input: { displayName: "Gil the loud", bio: "Buy here", pronouns: "he",
      fields: [{ name: "Shop", value: "https://shop.example" }] }) { userErrors { code } } }`,
  );
  const { report: made } = await report(ben, { actorId: gil.actorGlobalId });
  await act(mod, { kind: 'SUSPEND', targetId: gil.actorGlobalId });
  const PROFILE = 'username status displayName bio bioSource pronouns fields { name }';
  const nothing = {
    username: 'gil',
    status: 'SUSPENDED',
    displayName: '',
    bio: '',
    bioSource: null,
    pronouns: null,
    fields: [],
  };
  for (const who of [null, ben, mod]) {
    const { data } = await (who ?? world).graphql(
      `query ($id: ID!) { node(id: $id) { ... on Actor { ${PROFILE} } } actor(by: { handle: "gil" }) { ${PROFILE} } }`,
      { id: gil.actorGlobalId },
    );
    expect(data).toEqual({ node: nothing, actor: nothing });
  }
  const nameIn = async (who: Person): Promise<string> =>
    (
      await who.graphql<{ node: { target: { displayName: string } } }>(
        'query ($id: ID!) { node(id: $id) { ... on Report { target { displayName } } } }',
        { id: made!.id },
      )
    ).data.node.target.displayName;
  expect([await nameIn(ben), await nameIn(mod)]).toEqual(['', 'Gil the loud']);
  await act(mod, { kind: 'UNSUSPEND', targetId: gil.actorGlobalId });
  expect(await nameIn(ben)).toBe('Gil the loud');
});

test('a limit neither lifts a suspension nor is lost in one', async () => {
  const lou = await world.local('lou');
  const postId = await publish(world, lou);
  const status = async () =>
    (
      await ben.graphql<{ actor: { status: string } }>(
        `{ actor(by: { handle: "lou" }) { status } }`,
      )
    ).data.actor.status;
  for (const [kind, becomes, isSeen] of [
    ['SUSPEND', 'SUSPENDED', false],
    ['UNLIMIT', 'SUSPENDED', false],
    ['LIMIT', 'SUSPENDED', false],
    ['UNSUSPEND', 'LIMITED', true],
    ['SUSPEND', 'SUSPENDED', false],
    ['UNLIMIT', 'SUSPENDED', false],
    ['UNSUSPEND', 'ACTIVE', true],
  ] as const) {
    await act(mod, { kind, targetId: lou.actorGlobalId });
    expect([kind, await status(), await sees(ben, postId)]).toEqual([kind, becomes, isSeen]);
  }
});

test('an action resolves its reports, and the person and the staff see it', async () => {
  const gus = await world.local('gus');
  const made = await report(ben, { actorId: gus.actorGlobalId });
  const { action } = await act(mod, {
    kind: 'WARN',
    targetId: gus.actorGlobalId,
    reportIds: [made.report!.id],
  });
  const seen = async (who: Person) =>
    (
      await who.graphql(
        `query ($id: ID!) { node(id: $id) { ... on ModerationAction { kind reason moderator { username } } } }`,
        { id: action!.id },
      )
    ).data['node'];
  expect(await seen(gus)).toEqual({ kind: 'WARN', reason: 'Against the rules.', moderator: null });
  expect(await seen(mod)).toMatchObject({ moderator: { username: mod.username } });
  expect(await seen(ben)).toBeNull();
  const { data } = await ben.graphql(
    'query ($id: ID!) { node(id: $id) { ... on Report { status } } }',
    {
      id: made.report!.id,
    },
  );
  expect(data['node']).toEqual({ status: 'RESOLVED' });
});

test('T05 nobody acts on the same or a higher role, and members of no staff do not act at all', async () => {
  const otherMod = await world.moderator('mod_max');
  const warn = (target: Person) => ({ kind: 'WARN', targetId: target.actorGlobalId });
  const refused = [{ code: 'FORBIDDEN', path: ['targetId'] }];
  expect((await act(mod, warn(otherMod))).userErrors).toEqual(refused);
  expect((await act(mod, warn(mod))).userErrors).toEqual(refused);
  expect((await act(mod, warn(admin))).userErrors).toEqual(refused);
  expect((await act(admin, warn(otherMod))).userErrors).toEqual([]);
  const answer = await ben.graphql(ACT, { input: { ...warn(ada), reason: 'x' } });
  expect(answer.errors?.[0]?.extensions['code']).toBe('INSUFFICIENT_SCOPE');
});

const SET_ROLE = `mutation ($input: SetRoleInput!) { setRole(input: $input) {
  account { id } userErrors { code path } } }`;

test('T05 a role is given below one’s own only', async () => {
  const hal = await world.local('hal');
  const give = async (who: Person, target: Person, role: string) =>
    (
      await who.graphql<{ setRole: Answered<{ account: unknown }> }>(SET_ROLE, {
        input: { actorId: target.actorGlobalId, role },
      })
    ).data.setRole.userErrors;
  expect(await give(admin, hal, 'ADMIN')).toEqual([{ code: 'FORBIDDEN', path: ['role'] }]);
  expect(await give(admin, admin, 'USER')).toEqual([{ code: 'FORBIDDEN', path: ['actorId'] }]);
  expect(await give(mod, hal, 'CURATOR')).toEqual([{ code: 'FORBIDDEN', path: null }]);
  expect(await give(admin, hal, 'MODERATOR')).toEqual([]);
  expect(await give(admin, hal, 'USER')).toEqual([]);
});

const AUDIT = `{ admin { auditLog(first: 100) { nodes { number action subjectId details digest actor { username } } } } }`;

test('T06 every act of the staff is in the record, which nobody rewrites', async () => {
  const { database } = world.services;
  await act(mod, { kind: 'WARN', targetId: ada.actorGlobalId, reason: 'For the record.' });
  const { data } = await admin.graphql<{
    admin: { auditLog: { nodes: { number: number; action: string; details: string }[] } };
  }>(AUDIT);
  const [latest, ...older] = data.admin.auditLog.nodes;
  expect(latest).toMatchObject({
    action: 'takeModerationAction',
    subjectId: ada.actorGlobalId,
    actor: { username: mod.username },
  });
  expect(JSON.parse(latest!.details)).toMatchObject({ kind: 'WARN', reason: 'For the record.' });
  expect(older.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['resolveReport', 'setRole', 'takeModerationAction']),
  );
  expect((await mod.graphql(AUDIT)).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  expect(await findAuditGap(database)).toBeNull();
  const change = statement('test.change_audit', `update audit_entries set action = 'nothing'`);
  await expect(database.rows(change)).rejects.toThrow('append-only');
  await expect(
    database.rows(statement('test.drop_audit', 'delete from audit_entries')),
  ).rejects.toThrow('append-only');
  // Whoever owns the database can switch the trigger off; then the digests tell.
  await database.pool.query('alter table audit_entries disable trigger audit_entries_append_only');
  await database.pool.query(`update audit_entries set details = '{}' where number = 2`);
  expect(await findAuditGap(database)).toBe(2n);
});

test('T06 acts at once stand in the record one after the other', async () => {
  const iva = await world.local('iva');
  const jon = await world.local('jon');
  const both = [iva, jon, iva, jon, iva, jon, iva, jon];
  await Promise.all(
    both.map((person) => act(mod, { kind: 'WARN', targetId: person.actorGlobalId })),
  );
  const NUMBERS = statement(
    'test.numbers',
    'select max(number)::int as max, count(*)::int as count from audit_entries',
  );
  const row = await world.services.database.row<{ max: number; count: number }>(NUMBERS);
  expect(row!.max).toBe(row!.count);
});
