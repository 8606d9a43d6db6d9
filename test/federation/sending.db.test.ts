// What leaves this server, to whom, how often, and what does not.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { setActorSuspended } from '../../src/actors/set-actor-status.js';
import { removeFollower } from '../../src/actors/unfollow-actor.js';
import { findRemoteActor } from '../../src/federation/resolve-actor.js';
import { setContentRemoved } from '../../src/posts/set-content-removed.js';
import type { PostId } from '../../src/posts/post.entity.js';
import { statement } from '../../src/platform/db/database.js';
import { toGlobalId } from '../../src/platform/ids.js';
import { activityBy, noteBy } from '../support/activities.js';
import { deliverNow, loseNothing } from '../support/deliveries.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { comment, innerId, publish } from '../support/posts.js';
import { runScheduled } from '../support/scheduled.js';
import { WORLD_PASSWORD, type Person, type World } from '../support/world.js';

interface Sent {
  readonly id: string;
  readonly type: string;
  readonly actor: string;
  readonly to: string[];
  readonly cc: string[];
  readonly object: { id: string; content?: string } | string;
}

const STATES = statement(
  'test.delivery_states',
  `select d.state, count(*)::int as n from deliveries d where d.host = $1 group by d.state order by d.state`,
);
const RUN_NOW = statement(
  'test.sending.run_now',
  `update graphile_worker._private_jobs set run_at = now() where run_at > now() and attempts = 0`,
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let near: FakePeer;
let far: FakePeer;
let ada: Person;
let ben: Person;
let nell: PeerActor;
let fred: PeerActor;
let rounds = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
});

beforeEach(async () => {
  rounds += 1;
  near = stack.use(await startFakePeer(network, `near${rounds}.test`));
  far = stack.use(await startFakePeer(network, `far${rounds}.test`));
  [ada, ben] = [await world.local(`ada${rounds}`), await world.local(`ben${rounds}`)];
  [nell, fred] = [near.actor('nell'), far.actor('fred')];
  await hear(near, nell, activityBy(nell, 'Follow', uriOf(ada)));
  await hear(far, fred, activityBy(fred, 'Follow', uriOf(ben)));
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const postIdOf = async (uri: string): Promise<string> => {
  const find = statement('test.post_by_uri', 'select id from posts where uri = $1');
  return toGlobalId('post', (await world.services.database.row<{ id: string }>(find, [uri]))!.id);
};

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;

async function hear(peer: FakePeer, actor: PeerActor, activity: object): Promise<void> {
  expect(await peer.send(world, actor, activity)).toBe(202);
  await world.settle();
}

const sentTo = (peer: FakePeer, type?: string): Sent[] =>
  peer.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as Sent)
    .filter((sent) => type === undefined || sent.type === type);

const idOf = ({ object }: Sent): string => (typeof object === 'string' ? object : object.id);

const states = (host: string): Promise<{ state: string; n: number }[]> =>
  world.services.database.rows(STATES, [host]);

/** Lets time pass, and what waits for its time be tried. */
async function later(seconds: number): Promise<void> {
  world.clock.advance(seconds);
  await world.services.database.rows(RUN_NOW);
  await world.settle();
}

const context = () => ({ ...world.services, jobId: '0', attempt: 1 });

test('F46 a comment goes to whoever sees the post, and to nobody else', async () => {
  const closed = await publish(world, ada, { visibility: 'FOLLOWERS' });
  await world.services.database.rows(
    statement(
      'test.follow',
      `insert into follows (follower_id, followee_id, id, state, notifies_on_post, shows_reposts, requested_at, accepted_at)
       values ($1, $2, gen_random_uuid(), 'ACCEPTED', false, true, now(), now())`,
    ),
    [ben.actorId, ada.actorId],
  );
  await world.settle();
  await comment(ben, closed, 'Among us.');
  await world.settle();
  expect(sentTo(far, 'Create')).toEqual([]);
  const [post, said] = sentTo(near, 'Create');
  expect(post!.to).toEqual([`${uriOf(ada)}/followers`]);
  expect(said).toMatchObject({ actor: uriOf(ben), to: [`${uriOf(ada)}/followers`] });
});

/** Whom the last Create that reached a peer mentions. */
const mentionedIn = (peer: FakePeer): string[] => {
  const { object } = sentTo(peer, 'Create').at(-1)! as unknown as {
    object: { tag: { type: string; href: string; name: string }[] };
  };
  return object.tag.filter(({ type }) => type === 'Mention').map(({ name }) => name);
};

test('a comment mentions who wrote what it answers, as Mastodon tells nobody else; once', async () => {
  const note = noteBy(nell, { cc: [uriOf(ada)] });
  await hear(near, nell, activityBy(nell, 'Create', note));
  const theirs = await postIdOf(note.id);
  await comment(ben, theirs, 'How fine.');
  await world.settle();
  expect(mentionedIn(near)).toEqual([`@nell@${near.host}`]);
  await comment(ben, theirs, `How fine, @nell@${near.host}.`);
  await world.settle();
  expect(mentionedIn(near)).toEqual([`@nell@${near.host}`]);
  const mine = await publish(world, ada);
  const said = await comment(ada, mine, 'Mine.');
  // Posts and comments leave side by side: the last one shall be the answer.
  await world.settle();
  await comment(ben, mine, 'Yours.', said);
  await world.settle();
  expect(mentionedIn(far)).toEqual([`@${ada.username}@a.example`]);
  const first = await comment(ben, mine, 'Twice.');
  await world.settle();
  await comment(ben, mine, 'Mine.', first);
  await world.settle();
  expect(mentionedIn(far)).toEqual([]);
});

test('below a post for named people a comment mentions all of them, or Mastodon shows it to no one', async () => {
  const caption = `For @${ben.username}, @nell@${near.host} and @fred@${far.host}`;
  const id = await publish(world, ada, { visibility: 'MENTIONED', caption });
  await world.settle();
  await comment(ben, id, 'Thank you.');
  await world.settle();
  const names = [`@${ada.username}@a.example`, `@fred@${far.host}`, `@nell@${near.host}`];
  expect(mentionedIn(near).toSorted()).toEqual(names.toSorted());
  const [said] = sentTo(near, 'Create').slice(-1);
  expect([...said!.to].toSorted()).toEqual([uriOf(ada), fred.uri, nell.uri].toSorted());
});

test('a post for several named people comes to each of Pixelfed alone, who would show it to all followers', async () => {
  const olga = near.actor('olga');
  await hear(near, olga, activityBy(olga, 'Follow', uriOf(ben)));
  const runs = statement(
    'test.runs_pixelfed',
    `update remote_instances set software = 'Pixelfed' where host = $1`,
  );
  await world.services.database.rows(runs, [near.host]);
  const caption = `For @nell@${near.host}, @olga@${near.host} and @fred@${far.host}`;
  const id = await publish(world, ada, { visibility: 'MENTIONED', caption });
  await world.settle();
  type Told = Sent & { object: { id: string; to: string[]; cc: string[] } };
  const told = near.requests
    .filter(({ body }) => body.includes('"Create"'))
    .map(({ path, body }) => ({ path, ...(JSON.parse(body) as Told) }));
  expect(told.map(({ path, to }) => [path, to]).toSorted()).toEqual([
    ['/users/nell/inbox', [nell.uri]],
    ['/users/olga/inbox', [olga.uri]],
  ]);
  for (const { to, cc, object } of told) expect([cc, object.to, object.cc]).toEqual([[], to, []]);
  expect(new Set(told.map((one) => one.id)).size).toBe(2);
  expect(new Set(told.map(({ object }) => object.id))).toEqual(
    new Set([`https://a.example/posts/${innerId(id)}`]),
  );
  const [elsewhere, ...more] = sentTo(far, 'Create');
  expect([elsewhere!.to.toSorted(), more]).toEqual([[fred.uri, nell.uri, olga.uri].toSorted(), []]);
  await ada.graphql(
    'mutation ($input: DeletePostInput!) { deletePost(input: $input) { userErrors { code } } }',
    { input: { postId: id } },
  );
  await world.settle();
  expect([sentTo(near, 'Delete').length, sentTo(far, 'Delete').length]).toEqual([2, 1]);
});

test('a post that is for followers alone is not told to who follows no more, and goes with its first change', async () => {
  const id = await publish(world, ada, { visibility: 'FOLLOWERS', caption: 'Before' });
  await world.settle();
  expect(sentTo(near, 'Create')).toHaveLength(1);
  const { actorId } = (await findRemoteActor(world.services.database, nell.uri))!;
  await removeFollower(await ada.context(), actorId);
  await ada.graphql(
    'mutation ($input: UpdatePostInput!) { updatePost(input: $input) { userErrors { code } } }',
    { input: { postId: id, caption: 'After' } },
  );
  await world.settle();
  expect(near.requests.some(({ body }) => body.includes('After'))).toBe(false);
  expect(sentTo(near, 'Delete')).toHaveLength(1);
});

test('F44 F45 who is suspended is not shown, and nothing is sent in their name', async () => {
  const id = innerId(await publish(world, ada));
  await world.settle();
  network.cut(near.host);
  await publish(world, ada);
  await world.settle();
  await world.services.database.transaction((tx) =>
    setActorSuspended(tx, ada.actorId, true, world.clock.now()),
  );
  const headers = { accept: 'application/activity+json' };
  const paths = [
    `/actors/${ada.actorId}`,
    `/actors/${ada.actorId}/followers`,
    `/@${ada.username}`,
    `/posts/${id}`,
    `/.well-known/webfinger?resource=acct:${ada.username}@a.example`,
  ];
  for (const path of paths)
    expect([path, (await fetch(world.origin + path, { headers })).status]).toEqual([path, 404]);
  await later(600);
  expect(await states(near.host)).toContainEqual({ state: 'FAILED', n: 1 });
});

test('F45 nobody who does not say who they are gets what is not for everybody', async () => {
  const headers = { accept: 'application/activity+json' };
  for (const visibility of ['FOLLOWERS', 'MENTIONED', 'LOCAL']) {
    const id = innerId(await publish(world, ada, { visibility }));
    const answer = await fetch(`${world.origin}/posts/${id}`, { headers });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('cache-control') ?? '').not.toContain('public');
  }
});

test('what is removed, comes back and is removed again is told each time', async () => {
  const id = innerId(await publish(world, ada)) as PostId;
  await world.settle();
  for (let round = 0; round < 2; round++) {
    const at = world.clock.now();
    await world.services.database.transaction((tx) => setContentRemoved(tx, [id], at));
    await world.settle();
    await world.services.database.transaction((tx) => setContentRemoved(tx, [id], null));
    await world.settle();
    world.clock.advance(1);
  }
  expect(sentTo(near, 'Delete')).toHaveLength(2);
});

test('what is deleted before it was delivered is not delivered any more, and not kept', async () => {
  network.cut(near.host);
  const id = await publish(world, ada, { caption: 'Regretted at once' });
  await world.settle();
  await ada.graphql(
    'mutation ($input: DeletePostInput!) { deletePost(input: $input) { userErrors { code } } }',
    { input: { postId: id } },
  );
  await world.settle();
  const kept = await world.services.database.rows(
    statement('test.kept_words', `select from sent_activities where body like '%Regretted%'`),
  );
  expect(kept).toEqual([]);
});

test('an inbox that refuses for now delays no other of its host', async () => {
  const grump = near.actor('grump', { endpoints: {} });
  await hear(near, grump, activityBy(grump, 'Follow', uriOf(ada)));
  near.serve('/users/grump/inbox', { status: 401, body: {} });
  await publish(world, ada);
  await world.settle();
  for (let hour = 0; hour < 12; hour++) await later(3600);
  const before = sentTo(near, 'Create').length;
  await publish(world, ada);
  await world.settle();
  const created = near.requests.slice().filter(({ path, body }) => {
    return path === '/inbox' && body.includes('"Create"');
  });
  expect(created).toHaveLength(2);
  expect(sentTo(near, 'Create').length).toBeGreaterThan(before);
});

test('R15 R16 a host that is down is left alone, gets all in order once it is up, and not what is old', async () => {
  near.serve('/inbox', { status: 503, body: {} });
  for (let index = 0; index < 3; index++) {
    await publish(world, ada);
    await world.settle();
  }
  expect(sentTo(near, 'Create')).toHaveLength(1);
  await later(75);
  expect(sentTo(near, 'Create')).toHaveLength(2);
  await later(600);
  near.serve('/inbox', { status: 202, body: '' });
  await later(3600);
  const ids = sentTo(near, 'Create').map((sent) => idOf(sent));
  const inOrder = [...new Set(ids)];
  expect(inOrder).toHaveLength(3);
  expect(await states(near.host)).toContainEqual({ state: 'DELIVERED', n: 4 });
  network.cut(near.host);
  await publish(world, ada);
  await publish(world, ada);
  await world.settle();
  for (let half = 0; half < 9; half++) await later(12 * 3600 * 1.3);
  expect((await states(near.host)).map(({ state }) => state)).not.toContain('PENDING');
});

/** Longer than the longest wait of a host. */
const LONG = 12 * 3600 * 1.3;

test('R20 what is told of a post comes in its order, and nothing after its end, whatever failed in between', async () => {
  const postId = await publish(world, ada, { caption: 'First' });
  await world.settle();
  const edit = async (caption: string): Promise<void> => {
    await ada.graphql(
      'mutation ($input: UpdatePostInput!) { updatePost(input: $input) { userErrors { code } } }',
      { input: { postId, caption } },
    );
    await world.settle();
  };
  const texts = (): string[] =>
    sentTo(near).map(({ type, object }) =>
      [type, typeof object === 'object' && /\w+(?=<)/.exec(object.content ?? '')].join(' '),
    );
  near.serve('/inbox', { status: 503, body: {} });
  await edit('Second');
  await edit('Third');
  near.serve('/inbox', { status: 202, body: '' });
  const before = texts().length;
  await later(LONG);
  expect(texts().slice(before)).toEqual(['Update Second', 'Update Third']);
  near.serve('/inbox', { status: 503, body: {} });
  await edit('Fourth');
  await ada.graphql(
    'mutation ($input: DeletePostInput!) { deletePost(input: $input) { userErrors { code } } }',
    { input: { postId } },
  );
  await world.settle();
  near.serve('/inbox', { status: 202, body: '' });
  const tried = texts().length;
  await later(LONG);
  expect(
    sentTo(near)
      .slice(tried)
      .map(({ type }) => type),
  ).toEqual(['Delete']);
});

test('R16 what is three days old has one last try', async () => {
  near.serve('/inbox', { status: 503, body: {} });
  const made = innerId(await publish(world, ada));
  await world.settle();
  for (let half = 0; half < 4; half++) await later(LONG);
  near.serve('/inbox', { status: 202, body: '' });
  const tries = sentTo(near, 'Create').length;
  await later(LONG);
  const last = sentTo(near, 'Create').slice(tries);
  expect(last.map((sent) => idOf(sent))).toEqual([`https://a.example/posts/${made}`]);
  expect((await states(near.host)).map(({ state }) => state)).toEqual(['DELIVERED']);
});

test('R16 what failed at its last try is not tried again, whether the host is up or not', async () => {
  near.serve('/inbox', { status: 503, body: {} });
  await publish(world, ada);
  await publish(world, ada);
  await world.settle();
  for (let half = 0; half < 5; half++) await later(LONG);
  expect(await states(near.host)).toContainEqual({ state: 'FAILED', n: 2 });
  const tries = sentTo(near, 'Create').length;
  near.serve('/inbox', { status: 202, body: '' });
  await later(LONG);
  await hear(near, nell, activityBy(nell, 'Follow', uriOf(ben)));
  expect(sentTo(near, 'Create')).toHaveLength(tries);
});

test('R16 a host that was down gets what waits as soon as it is heard of', async () => {
  near.serve('/inbox', { status: 503, body: {} });
  await publish(world, ada);
  await world.settle();
  near.serve('/inbox', { status: 202, body: '' });
  await world.settle();
  expect(sentTo(near, 'Create')).toHaveLength(1);
  await hear(near, nell, activityBy(nell, 'Follow', uriOf(ben)));
  expect(sentTo(near, 'Create')).toHaveLength(2);
});

test('one activity on which a host fails does not keep it from the others', async () => {
  const sulky = near.actor('sulky', { endpoints: {} });
  await hear(near, sulky, activityBy(sulky, 'Follow', uriOf(ada)));
  near.serve('/users/sulky/inbox', { status: 500, body: {} });
  await publish(world, ada);
  await world.settle();
  for (let hour = 0; hour < 6; hour++) await later(3600);
  expect(
    near.requests.filter(({ path, body }) => path === '/inbox' && body.includes('"Create"')),
  ).toHaveLength(1);
});

test('R01 a delivery that was not settled is repeated as it was; two workers deliver once', async () => {
  await publish(world, ada);
  const { database } = world.services;
  const dying = {
    ...context(),
    database: { ...database, rows: database.rows.bind(database), row: database.row.bind(database) },
  };
  Object.assign(dying.database, { transaction: () => Promise.reject(new Error('killed')) });
  await world.settle();
  const [first] = sentTo(near, 'Create');
  await database.rows(
    statement('test.unsettle', `update deliveries set state = 'PENDING' where host = $1`),
    [near.host],
  );
  await loseNothing(world.services);
  await expect(deliverNow(dying as unknown as ReturnType<typeof context>)).rejects.toThrow(
    'killed',
  );
  await deliverNow(context());
  const all = sentTo(near, 'Create');
  expect(all.length).toBeGreaterThan(1);
  for (const sent of all) expect(sent).toEqual(first);
  const before = all.length;
  await publish(world, ada);
  await Promise.all([world.settle(), world.settle()]);
  expect(sentTo(near, 'Create')).toHaveLength(before + 1);
});

test('S09 an inbox at a private address is given up at once', async () => {
  await world.services.database.rows(
    statement(
      'test.private_inbox',
      `update remote_actors set inbox_url = 'https://10.0.0.1/inbox', shared_inbox_url = null, host = '10.0.0.1' where host = $1`,
    ),
    [near.host],
  );
  await publish(world, ada);
  await world.settle();
  expect(await states('10.0.0.1')).toEqual([{ state: 'FAILED', n: 1 }]);
});

test('P02 every server that we know hears that somebody is gone for good', async () => {
  await publish(world, ada, { caption: 'Last words' });
  await world.settle();
  const gone = await ada.graphql<{ deleteAccount: { userErrors: unknown[] } }>(
    'mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) { userErrors { code } } }',
    { input: { password: WORLD_PASSWORD } },
  );
  expect(gone.data.deleteAccount.userErrors).toEqual([]);
  await world.settle();
  world.clock.advance(60 * 24 * 3600);
  await runScheduled(world, 'eraseDueAccounts');
  await world.settle();
  for (const peer of [near, far])
    expect(sentTo(peer, 'Delete')).toContainEqual(
      expect.objectContaining({ actor: uriOf(ada), object: { id: uriOf(ada), type: 'Person' } }),
    );
  const words = await world.services.database.rows(
    statement('test.last_words', `select from sent_activities where body like '%Last words%'`),
  );
  expect(words).toEqual([]);
});

test('what is old and over goes; what an Undo or Delete still needs stays', async () => {
  const id = await publish(world, ada);
  await world.settle();
  const count = async (): Promise<{ received: number; sent: number }> =>
    (await world.services.database.row(
      statement(
        'test.pruned',
        `select (select count(*)::int from received_activities where actor_uri = $1) as received,
           (select count(*)::int from sent_activities where actor_id = $2) as sent`,
      ),
      [nell.uri, ada.actorId],
    ))!;
  expect(await count()).toEqual({ received: 1, sent: 2 });
  await runScheduled(world, 'pruneFederation');
  expect(await count()).toEqual({ received: 1, sent: 2 });
  world.clock.advance(31 * 24 * 3600);
  await runScheduled(world, 'pruneFederation');
  expect(await count()).toEqual({ received: 0, sent: 1 });
  await world.services.database.transaction((tx) =>
    setContentRemoved(tx, [innerId(id) as PostId], world.clock.now()),
  );
  await world.settle();
  expect(sentTo(near, 'Delete')).toHaveLength(1);
});
