// Leaving: closed at once, had back by signing in, erased for good after the time of grace.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eraseAccount } from '../../src/portability/jobs/erase-account.job.js';
import type { Database } from '../../src/platform/db/database.js';
import { statement } from '../../src/platform/db/database.js';
import {
  addDevice,
  chatter,
  claim,
  makeKeyPackages,
  publish as publishKeys,
} from '../support/chat-devices.js';
import { startMailServer, type MailServer } from '../support/mail-server.js';
import { flatPng } from '../support/pictures.js';
import { summaryOf } from '../support/notifications.js';
import { comment, follow, publish, react, sendPost, type Answered } from '../support/posts.js';
import { runScheduled } from '../support/scheduled.js';
import { tell } from '../support/stories.js';
import { homePosts } from '../support/timelines.js';
import { uploadPicture } from '../support/upload.js';
import {
  fromFreshAddress,
  startWorld,
  WORLD_PASSWORD,
  type Person,
  type World,
} from '../support/world.js';

const DAYS = 86_400;

let mails: MailServer;
let world: World;

beforeAll(async () => {
  mails = await startMailServer();
  world = await startWorld({ SMTP_URL: mails.url });
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await mails[Symbol.asyncDispose]();
});

type Deleted = Answered<{ scheduledFor: string | null }>;

async function leave(who: Person, password = WORLD_PASSWORD): Promise<Deleted> {
  const answer = await who.graphql<{ deleteAccount: Deleted }>(
    `mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) { scheduledFor userErrors { code path } } }`,
    { input: { password } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.deleteAccount;
}

async function signIn(who: Person): Promise<Answered<{ token: string | null }>> {
  const answer = await world.graphql<{ signIn: Answered<{ token: string | null }> }>(
    'mutation ($input: SignInInput!) { signIn(input: $input) { token userErrors { code path } } }',
    { input: { login: who.username, password: WORLD_PASSWORD } },
    null,
    fromFreshAddress(),
  );
  return answer.data.signIn;
}

const profile = async (reader: Person, handle: string): Promise<unknown> =>
  (
    await reader.graphql(
      `query ($handle: Handle!) { actor(by: { handle: $handle }) { displayName counts { posts followers following } } }`,
      { handle },
    )
  ).data['actor'];

const sees = async (reader: Person, id: string): Promise<boolean> =>
  (await reader.graphql('query ($id: ID!) { node(id: $id) { id } }', { id })).data['node'] !== null;

test('a wrong password deletes nothing', async () => {
  const ada = await world.local('ada_wrong');
  expect(await leave(ada, 'guess')).toEqual({
    scheduledFor: null,
    userErrors: [{ code: 'INVALID_CREDENTIALS', path: ['password'] }],
  });
  expect(await profile(ada, 'ada_wrong')).not.toBeNull();
});

test('a deleted account is closed to everybody at once, and back by signing in', async () => {
  const [ada, ben] = [await world.local('ada_back'), await world.local('ben_back')];
  await follow(world, ben, ada);
  const postId = await publish(world, ada, { caption: 'Here' });
  await world.settle();
  expect(await homePosts(ben)).toEqual([postId]);
  const before = await profile(ben, 'ada_back');

  const now = world.clock.now().getTime();
  const { scheduledFor, userErrors } = await leave(ada);
  expect(userErrors).toEqual([]);
  const days = (Date.parse(scheduledFor!) - now) / (DAYS * 1000);
  expect(Math.floor(days)).toBe(14);
  expect((await ada.graphql('{ viewer { id } }')).status).toBe(401);
  expect(await profile(ben, 'ada_back')).toBeNull();
  expect(await sees(ben, postId)).toBe(false);
  expect(await homePosts(ben)).toEqual([]);
  const tombstone = await ben.graphql(
    'query ($id: ID!) { node(id: $id) { ... on Actor { status displayName bio } } }',
    { id: ada.actorGlobalId },
  );
  expect(tombstone.data['node']).toEqual({ status: 'DELETED', displayName: '', bio: '' });
  await world.settle();
  const letters = mails
    .to('ada_back@people.example')
    .filter(({ text }) => text.includes('is closed'));
  const day = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(scheduledFor!),
  );
  expect(letters.map(({ text }) => text.includes(day))).toEqual([true]);

  world.clock.advance(13 * DAYS);
  await runScheduled(world, 'eraseDueAccounts');
  await world.settle();
  expect(await signIn(ada)).toEqual({ token: expect.any(String), userErrors: [] });
  expect(await profile(ben, 'ada_back')).toEqual(before);
  expect(await sees(ben, postId)).toBe(true);
  world.clock.advance(2 * DAYS);
  await runScheduled(world, 'eraseDueAccounts');
  await world.settle();
  expect(await sees(ben, postId)).toBe(true);
});

test('what the staff decides meanwhile holds: nobody comes back suspended, and limits stay', async () => {
  const mod = await world.moderator();
  const [cut, low] = [await world.local('cut'), await world.local('low')];
  const act = (target: Person, kind: string) =>
    mod.graphql(
      `mutation ($input: TakeModerationActionInput!) { takeModerationAction(input: $input) { userErrors { code } } }`,
      { input: { targetId: target.actorGlobalId, kind, reason: 'Rules.', notifyTarget: false } },
    );
  const statusOf = async (who: Person) =>
    (
      await mod.graphql<{ node: { status: string } }>(
        'query ($id: ID!) { node(id: $id) { ... on Actor { status } } }',
        { id: who.actorGlobalId },
      )
    ).data.node.status;
  for (const who of [cut, low]) await leave(who);
  await act(cut, 'SUSPEND');
  expect((await signIn(cut)).userErrors).toMatchObject([{ code: 'ACCOUNT_SUSPENDED' }]);
  await act(cut, 'UNSUSPEND');
  expect(await statusOf(cut)).toBe('DELETED');
  expect((await signIn(cut)).token).not.toBeNull();
  expect(await statusOf(cut)).toBe('ACTIVE');
  await act(low, 'LIMIT');
  expect(await statusOf(low)).toBe('DELETED');
  await signIn(low);
  expect(await statusOf(low)).toBe('LIMITED');
});

const FOREIGN_KEYS = statement(
  'test.foreign_keys',
  `select c.conrelid::regclass::text as "table", quote_ident(a.attname) as "column", c.confrelid::regclass::text as "owners"
   from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
   where c.contype = 'f' and c.confrelid in ('actors'::regclass, 'accounts'::regclass)`,
);

/** Columns that still name somebody. */
async function traces(who: Person): Promise<string[]> {
  const { database } = world.services;
  const found: string[] = [];
  const keys = await database.rows<Record<'table' | 'column' | 'owners', string>>(FOREIGN_KEYS);
  for (const { table, column, owners } of keys) {
    const name = `${table}.${column}`;
    const query = statement(
      `test.trace.${name}`,
      `select 1 from ${table} where ${column} = $1 limit 1`,
    );
    const id = owners === 'actors' ? who.actorId : who.accountId;
    if (await database.row(query, [id])) found.push(name);
  }
  return found.filter((name) => name !== 'notification_gatherings.recipient_id').toSorted();
}

const WRITTEN = statement(
  'test.written',
  `select count(*)::int as count from posts where author_id = $1
   and (deleted_at is null or content_html <> '' or content_source is not null or place_id is not null)`,
);
const STRIPPED = statement(
  'test.stripped',
  `select a.email, a.settings, a.password_hash as hash, t.username, t.bio_html as bio, t.status
   from accounts a join actors t on t.id = a.actor_id where a.id = $1`,
);
const KEY_LOG = statement(
  'test.key_log',
  `select (select entries from key_log_size), (select count(*)::int from key_log_entries) as leaves,
     (select count(*)::int from key_log_payloads) as payloads`,
);
// Bookkeeping of ids: a round of gathering may still come after the erasing.
const NOTHING_LEFT = ['account_deletions.account_id', 'accounts.actor_id', 'posts.author_id'];

interface Life {
  readonly ada: Person;
  readonly ben: Person;
  /** Ben's post, on which Ada left traces. */
  readonly postId: string;
}

/** Somebody with everything that one can have. */
async function live(suffix: string): Promise<Life> {
  const [ada, ben] = [await world.local(`ada_${suffix}`), await world.local(`ben_${suffix}`)];
  const send = async (who: Person, mutation: string, input: object) => {
    const name = /^\w+/.exec(mutation)![0];
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const answer = await who.graphql<Record<string, Answered<object>>>(
      `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code path } } }`,
      { input },
    );
    expect({ name, errors: answer.errors, refusals: answer.data?.[name]?.userErrors }).toEqual({
      name,
      refusals: [],
    });
  };
  await follow(world, ben, ada);
  await follow(world, ada, ben);
  const picture = await uploadPicture(world, ada, flatPng(640, 480), { altText: 'A kite' });
  const { post } = await sendPost(ada, {
    mediaIds: [picture],
    common: { caption: 'Look @' + ben.username },
  });
  await publish(world, ada, { visibility: 'FOLLOWERS' });
  const archived = await publish(world, ada);
  await send(ada, 'setPostArchived', { postId: archived, archived: true });
  const removed = await publish(world, ada, { caption: 'Bad' });
  await (
    await world.moderator()
  ).graphql(
    `mutation ($input: TakeModerationActionInput!) { takeModerationAction(input: $input) { userErrors { code } } }`,
    {
      input: {
        targetId: ada.actorGlobalId,
        kind: 'REMOVE_CONTENT',
        subjectIds: [removed],
        reason: 'Rules.',
        notifyTarget: false,
      },
    },
  );
  const postId = await publish(world, ben, { caption: 'Mine' });
  const said = await comment(ada, postId, 'Hello #kites');
  await comment(ben, postId, 'Yes?', said);
  const bens = await comment(ben, postId, 'By me');
  await react(ada, postId, '❤');
  await react(ada, bens, '❤');
  await react(ben, postId, '❤');
  await react(ben, post!.id, '👍');
  await send(ada, 'setRepost', { postId, reposted: true });
  await send(ben, 'setRepost', { postId: post!.id, reposted: true });
  await send(ada, 'setBookmark', { postId, bookmarked: true });
  await send(ada, 'saveBookmarkFolder', { title: 'Best' });
  await send(ada, 'saveCollection', { title: 'Kites', visibility: 'PUBLIC', postIds: [post!.id] });
  await send(ada, 'saveList', { title: 'Friends', addActorIds: [ben.actorGlobalId] });
  await send(ben, 'saveList', { title: 'Friends', addActorIds: [ada.actorGlobalId] });
  await send(ada, 'followHashtag', { name: 'kites', following: true });
  await send(ada, 'report', { actorId: ben.actorGlobalId, category: 'SPAM', subjectIds: [] });
  await send(ada, 'createPersonalAccessToken', { name: 'x', scopes: ['read'] });
  await tell(world, ada);
  for (const who of [ada, ben]) {
    const device = await addDevice(await chatter(who), world.clock.now());
    await publishKeys(who, device.id, await makeKeyPackages(device, 2, world.clock.now()));
  }
  await claim(ada, [ben.actorGlobalId]);
  await claim(ben, [ada.actorGlobalId]);
  await send(ada, 'saveKeyBackup', { data: 'AAAA', version: 0 });
  await world.settle();
  return { ada, ben, postId };
}

const countsOf = async (reader: Person, postId: string): Promise<unknown> =>
  (
    await reader.graphql(
      `query ($id: ID!) { node(id: $id) { ... on PhotoPost {
        counts { likes reactions comments reposts } grouped: reactions { content count }
        author { counts { followers following posts } } comments(first: 5) { nodes { content likeCount } } } } }`,
      { id: postId },
    )
  ).data['node'];

const storedKeys = async (): Promise<string[]> => {
  const keys: string[] = [];
  for await (const key of world.services.storage.list()) keys.push(key);
  return keys;
};

async function expectErased({ ada, ben, postId }: Life): Promise<void> {
  const { database } = world.services;
  expect(await traces(ada)).toEqual(
    [...NOTHING_LEFT, 'moderation_actions.target_id', 'reports.reporter_id'].toSorted(),
  );
  expect(await database.row(WRITTEN, [ada.actorId])).toEqual({ count: 0 });
  expect(await database.row(STRIPPED, [ada.accountId])).toEqual({
    email: '',
    settings: {},
    hash: '',
    username: ada.username,
    bio: '',
    status: 'DELETED',
  });
  // Of the entries of the log one half still says something, and none is missing.
  const log = (await database.row<Record<'entries' | 'leaves' | 'payloads', number>>(KEY_LOG))!;
  expect(log.payloads).toBeGreaterThan(0);
  expect(log).toEqual({ entries: log.leaves, leaves: 2 * log.payloads, payloads: log.payloads });
  expect(await storedKeys()).toEqual([]);
  expect(await countsOf(ben, postId)).toEqual({
    counts: { likes: 1, reactions: 1, comments: 1, reposts: 0 },
    grouped: [{ content: '❤', count: 1 }],
    author: { counts: { followers: 0, following: 0, posts: 1 } },
    comments: { nodes: [{ content: '<p>By me</p>', likeCount: 0 }] },
  });
  expect(await homePosts(ben)).toEqual([postId]);
  expect((await summaryOf(ben)).filter((line) => line.includes(ada.username))).toEqual([]);
}

test('after the time of grace everything is gone, bytes and traces with others too, and the name stays taken', async () => {
  const life = await live('gone');
  const { ada } = life;
  expect((await storedKeys()).length).toBeGreaterThan(0);
  await leave(ada);
  world.clock.advance(14 * DAYS);
  await runScheduled(world, 'eraseDueAccounts');
  await world.settle();
  await expectErased(life);
  expect((await signIn(ada)).userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  const registration = {
    email: ada.email,
    password: WORLD_PASSWORD,
    birthDate: '1990-05-01',
    agreedToRules: true,
  };
  const register = async (username: string) =>
    (
      await world.graphql<{ registerAccount: Answered<object> }>(
        `mutation ($input: RegisterAccountInput!) { registerAccount(input: $input) { userErrors { code path } } }`,
        { input: { ...registration, username } },
        null,
        fromFreshAddress(),
      )
    ).data.registerAccount.userErrors;
  expect(await register(ada.username)).toEqual([{ code: 'USERNAME_TAKEN', path: ['username'] }]);
  expect(await register('ada_anew')).toEqual([]);
  await runScheduled(world, 'eraseDueAccounts');
  await world.settle();
  await expectErased(life);
});

test('erasing that is cut off at any statement is finished by the next run, and two runs at once do no harm', async () => {
  const life = await live('cut');
  const { ada } = life;
  await leave(ada);
  world.clock.advance(14 * DAYS);
  const { services } = world;
  const run = (database: Database) =>
    eraseAccount.run(
      { ...services, database, jobId: '0', attempt: 1 },
      { accountId: ada.accountId },
    );
  let crashes = 0;
  for (let allowed = 1; ; allowed += 3) {
    const isDone = await run(dyingAfter(services.database, allowed)).then(
      () => true,
      () => false,
    );
    if (isDone) break;
    crashes += 1;
  }
  expect(crashes).toBeGreaterThan(3);
  await Promise.all([run(services.database), run(services.database)]);
  await world.settle();
  await expectErased(life);
});

/** The same database, whose connection is lost after so many statements: what was open rolls back. */
function dyingAfter(database: Database, statements: number): Database {
  let left = statements;
  const spend = (): void => {
    left -= 1;
    if (left < 0) throw new Error('killed');
  };
  const guarded = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(object, key) {
        const value: unknown = Reflect.get(object, key, object);
        if (typeof value !== 'function') return value;
        if (key === 'transaction')
          return (work: (tx: object) => Promise<unknown>) =>
            database.transaction((tx) => work(guarded(tx)));
        return (...values: unknown[]): unknown => {
          if (key === 'rows' || key === 'row') spend();
          return Reflect.apply(value, object, values);
        };
      },
    });
  return guarded(database);
}
