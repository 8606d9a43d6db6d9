// What actors of other servers try to do through the commands of this one, and what becomes of them.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { setBlock } from '../../src/actors/set-block.js';
import { setActorSuspended } from '../../src/actors/set-actor-status.js';
import { followActor } from '../../src/actors/follow-actor.js';
import { removeFollower } from '../../src/actors/unfollow-actor.js';
import type { ReceivedActivityId } from '../../src/federation/federation.events.js';
import { receiveActivity } from '../../src/federation/jobs/receive-activity.job.js';
import { fetchActor, type RemoteActor } from '../../src/federation/resolve-actor.js';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, answerBy, noteBy, type Written } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { comment, innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const COUNTS = statement(
  'test.acts',
  `select (select count(*)::int from posts where deleted_at is null) as posts, (select count(*)::int from follows) as follows,
     (select count(*)::int from reactions) as reactions, (select count(*)::int from reposts) as reposts,
     (select count(*)::int from blocks) as blocks, (select count(*)::int from notifications) as notifications`,
);
const POST = statement(
  'test.post',
  `select p.id, p.kind, p.content_html as html, p.deleted_at is not null as "isDeleted", p.published_at as "publishedAt",
     p.edited_at as "editedAt", p.visibility, a.uri as "authorUri"
   from posts p join actors a on a.id = p.author_id where p.uri = $1`,
);
const UNHANDLED = statement(
  'test.unhandled',
  'select activity_uri from received_activities where handled_at is null',
);
const UNNOTE = statement(
  'test.unnote',
  `update received_activities set handled_at = null, body = $2::jsonb where activity_uri = $1 returning id`,
);
const FOLLOW_STATE = statement(
  'test.state_of_follow',
  'select state from follows where follower_id = $1 and followee_id = $2',
);

interface StoredPost {
  readonly id: string;
  readonly kind: string;
  readonly html: string;
  readonly isDeleted: boolean;
  readonly publishedAt: Date;
  readonly editedAt: Date | null;
  readonly visibility: string;
  readonly authorUri: string;
}

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let ada: Person;
let ben: Person;
let bob: PeerActor;
let bobHere: RemoteActor;
let postId: string;
let postUri: string;
let people = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
});

beforeEach(async () => {
  bob = peer.actor(`bob${(people += 1)}`);
  bobHere = await fetchActor(world.services, bob.uri);
  postId = await publish(world, ada);
  postUri = `https://a.example/posts/${innerId(postId)}`;
  await world.settle();
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;
const stored = (uri: string): Promise<StoredPost | null> =>
  world.services.database.row<StoredPost>(POST, [uri]);
const stateOf = async (followerId: string, followeeId: string): Promise<string | null> =>
  (await world.services.database.row<{ state: string }>(FOLLOW_STATE, [followerId, followeeId]))
    ?.state ?? null;

/** Sends, has it carried out, and requires that it was taken. */
async function hear(activity: Written, from = bob): Promise<void> {
  expect(await peer.send(world, from, activity)).toBe(202);
  await world.settle();
  expect(await world.services.database.rows(UNHANDLED)).toEqual([]);
}

/** The effects of what is done meanwhile. */
async function changes(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = (await world.services.database.row<Record<string, number>>(COUNTS))!;
  await work();
  const after = (await world.services.database.row<Record<string, number>>(COUNTS))!;
  return Object.fromEntries(
    Object.keys(after)
      .filter((name) => after[name] !== before[name])
      .map((name) => [name, after[name]! - before[name]!]),
  );
}

/** Makes somebody here an accepted follower of a remote actor. */
async function followRemote(who: Person, remote: RemoteActor, actor: PeerActor): Promise<void> {
  const choices = { notifiesOnPost: false, showsReposts: true };
  await followActor(await who.context(), { actorId: remote.actorId, ...choices });
  await world.settle();
  await hear(
    activityBy(actor, 'Accept', { type: 'Follow', actor: uriOf(who), object: actor.uri }),
    actor,
  );
}

const suspend = (actorId: RemoteActor['actorId'], isSuspended = true): Promise<void> =>
  world.services.database.transaction((tx) =>
    setActorSuspended(tx, actorId, isSuspended, world.clock.now()),
  );

test('F47 a suspended actor has no effect but to take back what it did', async () => {
  await hear(activityBy(bob, 'Like', postUri));
  await hear(activityBy(bob, 'Follow', uriOf(ada)));
  const mine = noteBy(bob, { cc: [uriOf(ada)] });
  await hear(activityBy(bob, 'Create', mine));
  const said = answerBy(bob, postUri);
  await hear(activityBy(bob, 'Create', said));
  await suspend(bobHere.actorId);
  expect(
    await changes(async () => {
      await hear(activityBy(bob, 'Create', noteBy(bob, { cc: [uriOf(ada)] })));
      await hear(activityBy(bob, 'Update', noteBy(bob, { cc: [uriOf(ada)] })));
      await hear(activityBy(bob, 'Create', answerBy(bob, postUri)));
      await hear(activityBy(bob, 'Announce', postUri));
      await hear(activityBy(bob, 'Follow', uriOf(ben)));
      await hear(activityBy(bob, 'EmojiReact', postUri, { content: '🔥' }));
    }),
  ).toEqual({});
  expect(
    await changes(async () => {
      await hear(activityBy(bob, 'Undo', { type: 'Like', actor: bob.uri, object: postUri }));
      await hear(activityBy(bob, 'Undo', { type: 'Follow', actor: bob.uri, object: uriOf(ada) }));
      await hear(activityBy(bob, 'Delete', mine.id));
      await hear(activityBy(bob, 'Delete', said.id));
    }),
  ).toMatchObject({ reactions: -1, follows: -1, posts: -2 });
});

test('what somebody who is blocked wrote under a post can still be taken back', async () => {
  const said = answerBy(bob, postUri);
  await hear(activityBy(bob, 'Create', said));
  await setBlock(await ada.context(), { actorId: bobHere.actorId, blocked: true });
  await world.settle();
  await hear(activityBy(bob, 'Delete', { id: said.id, type: 'Tombstone' }));
  expect(await stored(said.id)).toMatchObject({ isDeleted: true, html: '' });
});

test('nobody who is blocked by the only one of us in a post is kept with it', async () => {
  await setBlock(await ada.context(), { actorId: bobHere.actorId, blocked: true });
  await world.settle();
  const note = noteBy(bob, { cc: [uriOf(ada)] });
  await hear(activityBy(bob, 'Create', note));
  expect(await stored(note.id)).toBeNull();
});

test('an answer is for the followers of whose post it answers, when it says so', async () => {
  await hear(activityBy(bob, 'Follow', uriOf(ada)));
  const closed = innerId(await publish(world, ada, { visibility: 'FOLLOWERS' }));
  const uri = `https://a.example/posts/${closed}`;
  const said = answerBy(bob, uri, { to: [`${uriOf(ada)}/followers`], cc: [uriOf(ada)] });
  await hear(activityBy(bob, 'Create', said, { to: said['to'], cc: said['cc'] }));
  expect(await stored(said.id)).toMatchObject({ visibility: 'FOLLOWERS' });
  const stranger = peer.actor('stranger');
  const intruding = answerBy(stranger, uri);
  await hear(activityBy(stranger, 'Create', intruding), stranger);
  expect(await stored(intruding.id)).toBeNull();
});

test('a comment is changed where it stands, by whoever may still comment there', async () => {
  const said = answerBy(bob, postUri);
  await hear(activityBy(bob, 'Create', said));
  await setBlock(await ada.context(), { actorId: bobHere.actorId, blocked: true });
  await world.settle();
  const elsewhere = `https://a.example/posts/${innerId(await publish(world, ben))}`;
  const updated = new Date(world.clock.now().getTime() + 1000).toISOString();
  const moved = { ...said, inReplyTo: elsewhere, content: '<p>Abuse</p>', updated };
  await hear(activityBy(bob, 'Update', moved));
  expect(await stored(said.id)).toMatchObject({ html: '<p>Hello</p>' });
});

test('posts that are closed, hidden or put away take no comments from elsewhere', async () => {
  const closed = `https://a.example/posts/${innerId(await publish(world, ada, { commentPolicy: 'NOBODY' }))}`;
  const away = await publish(world, ada);
  await ada.graphql(
    'mutation ($id: ID!) { setPostArchived(input: { postId: $id, archived: true }) { userErrors { code } } }',
    { id: away },
  );
  const remark = await comment(ben, postId, 'Hm.');
  await ada.graphql(
    'mutation ($id: ID!) { setCommentHidden(input: { commentId: $id, hidden: true }) { userErrors { code } } }',
    { id: remark },
  );
  await world.settle();
  const answered = [
    closed,
    `https://a.example/posts/${innerId(away)}`,
    `https://a.example/comments/${innerId(remark)}`,
  ];
  for (const uri of answered) {
    const said = answerBy(bob, uri);
    await hear(activityBy(bob, 'Create', said));
    expect(await stored(said.id)).toBeNull();
  }
});

test('a post keeps its author and stays a post', async () => {
  const note = noteBy(bob, { cc: [uriOf(ada)] });
  await hear(activityBy(bob, 'Create', note));
  const other = peer.actor(`${bob.uri.split('/').at(-1)}-twin`);
  const updated = new Date(world.clock.now().getTime() + 1000).toISOString();
  await hear(
    activityBy(other, 'Update', { ...note, attributedTo: other.uri, updated, content: 'Mine' }),
    other,
  );
  await hear(activityBy(bob, 'Update', { ...note, inReplyTo: postUri, updated, content: 'Reply' }));
  expect(await stored(note.id)).toMatchObject({
    kind: 'photo',
    html: '<p>Hello</p>',
    authorUri: bob.uri,
  });
});

test('nobody changes or deletes what stands on this server, or what another actor wrote', async () => {
  const said = await comment(ben, postId, 'Nice.');
  const updated = new Date(world.clock.now().getTime() + 1000).toISOString();
  const ours = [postUri, `https://a.example/comments/${innerId(said)}`, uriOf(ada)];
  for (const id of ours) {
    await hear(activityBy(bob, 'Delete', id));
    await hear(activityBy(bob, 'Update', { ...noteBy(bob), id, updated, content: 'Mine' }));
    await hear(activityBy(bob, 'Create', { ...noteBy(bob), id, content: 'Mine' }));
  }
  expect(await stored(postUri)).toMatchObject({ isDeleted: false, authorUri: uriOf(ada) });
  expect(await stored(ours[1]!)).toMatchObject({ isDeleted: false, html: '<p>Nice.</p>' });
});

test('F42 F46 posts for followers and for those who are named are seen by them alone', async () => {
  await followRemote(ada, bobHere, bob);
  const forFollowers = noteBy(bob, { to: [`${bob.uri}/followers`], cc: [] });
  const forBen = noteBy(bob, {
    to: [uriOf(ben)],
    cc: [],
    tag: [{ type: 'Mention', href: uriOf(ben), name: '@ben@a.example' }],
  });
  for (const note of [forFollowers, forBen])
    await hear(activityBy(bob, 'Create', note, { to: note['to'], cc: [] }));
  const sees = async (who: Person, uri: string): Promise<boolean> => {
    const answer = await who.graphql<{ node: { id: string } | null }>(
      'query ($id: ID!) { node(id: $id) { id } }',
      { id: `post_${(await idIn(uri)) ?? ''}` },
    );
    return answer.data?.node != null;
  };
  const idIn = async (uri: string): Promise<string | null> => {
    const { toGlobalId } = await import('../../src/platform/ids.js');
    const row = await stored(uri);
    return row && toGlobalId('post', row.id).slice('post_'.length);
  };
  expect([await sees(ada, forFollowers.id), await sees(ben, forFollowers.id)]).toEqual([
    true,
    false,
  ]);
  expect([await sees(ada, forBen.id), await sees(ben, forBen.id)]).toEqual([false, true]);
  await suspend(bobHere.actorId);
  expect(await sees(ada, forFollowers.id)).toBe(false);
});

/** Between a minute ago and now. */
function expectNow(at: Date): void {
  const age = world.clock.now().getTime() - at.getTime();
  expect(age).toBeGreaterThanOrEqual(0);
  expect(age).toBeLessThan(60_000);
}

test('F57 odd dates are left out, and none lies ahead', async () => {
  await followRemote(ada, bobHere, bob);
  for (const published of ['-000001-01-01T00:00:00Z', '+275760-09-13T00:00:00Z', -1e300, 'soon']) {
    const note = noteBy(bob, { published });
    await hear(activityBy(bob, 'Create', note));
    expectNow((await stored(note.id))!.publishedAt);
  }
  const ahead = new Date(world.clock.now().getTime() + 13 * 3_600_000).toISOString();
  const note = noteBy(bob, { published: ahead });
  await hear(activityBy(bob, 'Create', note));
  expectNow((await stored(note.id))!.publishedAt);
  await hear(activityBy(bob, 'Update', { ...note, updated: '9999-01-01T00:00:00Z', content: 'x' }));
  const edited = (await stored(note.id))!.editedAt;
  expect(edited === null || edited <= world.clock.now()).toBe(true);
  world.clock.advance(60);
  const updated = world.clock.now().toISOString();
  await hear(activityBy(bob, 'Update', { ...note, updated, content: '<p>Later</p>' }));
  expect(await stored(note.id)).toMatchObject({ html: '<p>Later</p>' });
});

test('an Update that does not say when is one of now', async () => {
  await followRemote(ada, bobHere, bob);
  const note = noteBy(bob);
  await hear(activityBy(bob, 'Create', note));
  world.clock.advance(60);
  await hear(activityBy(bob, 'Update', { ...note, content: '<p>Changed</p>' }));
  expect(await stored(note.id)).toMatchObject({ html: '<p>Changed</p>' });
});

test('F58 of tags, pictures and mentions as many are kept as of a post of ours', async () => {
  const many = (make: (n: number) => unknown): unknown[] =>
    Array.from({ length: 120 }, (_, n) => make(n));
  const note = noteBy(bob, {
    cc: [uriOf(ada), ...many((n) => `https://nobody.test/users/${n}`)],
    tag: many((n) => ({ type: 'Hashtag', name: `#tag${n}`, href: 'https://peer.test/t' })),
    attachment: many((n) => ({
      type: 'Document',
      mediaType: 'image/jpeg',
      url: `${peer.origin}/${n}.jpg`,
      name: 'x'.repeat(2_000),
    })),
  });
  await hear(activityBy(bob, 'Create', note));
  const { id } = (await stored(note.id))!;
  const kept = await world.services.database.row(
    statement(
      'test.acting.kept',
      `select (select count(*)::int from post_media where post_id = $1) as media,
         (select count(*)::int from post_hashtags where post_id = $1) as hashtags,
         (select count(*)::int from post_mentions where post_id = $1) as mentions,
         (select max(length(alt_text))::int from post_media pm join media m on m.id = pm.media_id where post_id = $1) as longest`,
    ),
    [id],
  );
  expect(kept).toEqual({ media: 20, hashtags: 50, mentions: 1, longest: 1500 });
});

test('texts that no database keeps are cut or cleaned', async () => {
  const note = noteBy(bob, {
    cc: [uriOf(ada)],
    content: `<p>a&#0;b&#xD800;c</p><a href="https://x.test/&#0;">d</a>`,
    summary: `${'w'.repeat(499)}😀`,
    contentMap: { en: 'x' },
    attachment: [
      {
        type: 'Document',
        mediaType: 'image/jpeg',
        url: `${peer.origin}/1.jpg`,
        name: `${'x'.repeat(1_499)}😀`,
      },
    ],
  });
  await hear(activityBy(bob, 'Create', note));
  expect((await stored(note.id))!.html).toContain('a');
  const odd = peer.actor('odd', {
    name: `${'n'.repeat(99)}😀`,
    attachment: [
      { type: 'PropertyValue', name: `${'n'.repeat(99)}😀`, value: `${'v'.repeat(19_999)}😀` },
    ],
  });
  await hear(activityBy(odd, 'Like', postUri), odd);
});

test('addresses that are too long for an index are refused, not a fault', async () => {
  const random = (length: number): string =>
    Array.from({ length }, () => Math.floor(Math.random() * 36).toString(36)).join('');
  const long = { ...activityBy(bob, 'Like', postUri), id: `${peer.origin}/${random(2_000)}` };
  expect([202, 400]).toContain(await peer.send(world, bob, long));
  const wide = { ...activityBy(bob, 'Like', postUri), id: `${peer.origin}/${'字'.repeat(1_900)}` };
  expect([202, 400]).toContain(await peer.send(world, bob, wide));
  await world.settle();
  const note = noteBy(bob, { cc: [uriOf(ada)], url: `${peer.origin}/${random(9_000)}` });
  await hear(activityBy(bob, 'Create', note));
  expect(await stored(note.id)).not.toBeNull();
});

test('a follow that comes again under the id of an earlier one is carried out and answered again', async () => {
  const follow = activityBy(bob, 'Follow', uriOf(ada));
  const accepts = (): number =>
    peer.requests.filter(({ body }) => body.includes('"Accept"') && body.includes(follow.id))
      .length;
  await hear(follow);
  expect(await stateOf(bobHere.actorId, ada.actorId)).toBe('ACCEPTED');
  expect(accepts()).toBe(1);
  await hear(
    activityBy(bob, 'Undo', {
      id: `${follow.id}s`,
      type: 'Follow',
      actor: bob.uri,
      object: uriOf(ada),
    }),
  );
  expect(await stateOf(bobHere.actorId, ada.actorId)).toBeNull();
  world.clock.advance(1);
  await hear(follow);
  expect(await stateOf(bobHere.actorId, ada.actorId)).toBe('ACCEPTED');
  expect(accepts()).toBe(2);
  world.clock.advance(1);
  await hear(follow);
  expect(accepts()).toBe(3);
});

test('who takes a follow back hears nothing of it, as the next one may be on its way; who is removed does', async () => {
  const follow = activityBy(bob, 'Follow', uriOf(ada));
  await hear(follow);
  await hear(activityBy(bob, 'Undo', follow));
  expect(rejectsTo(bob)).toEqual([]);
  const next = activityBy(bob, 'Follow', uriOf(ada));
  await hear(next);
  await removeFollower(await ada.context(), bobHere.actorId);
  await world.settle();
  expect(rejectsTo(bob)).toMatchObject([{ object: { id: next.id } }]);
});

function rejectsTo({ uri }: PeerActor): object[] {
  return peer.requests
    .filter(({ path, body }) => path.endsWith('/inbox') && body.includes(uri))
    .map(({ body }) => JSON.parse(body) as { type: string })
    .filter(({ type }) => type === 'Reject');
}

test('F71 one activity that comes twenty times at once is one', async () => {
  const note = noteBy(bob, { cc: [uriOf(ada)], tag: [{ type: 'Mention', href: uriOf(ada) }] });
  const create = activityBy(bob, 'Create', note);
  const made = await changes(async () => {
    await Promise.all(Array.from({ length: 20 }, () => peer.send(world, bob, create)));
    await hear(create);
  });
  expect(made).toEqual({ posts: 1, notifications: 1 });
});

test('what is done and taken back at once is taken back', async () => {
  for (let round = 0; round < 5; round++) {
    const like = activityBy(bob, 'Like', postUri);
    await peer.send(world, bob, like);
    await peer.send(world, bob, activityBy(bob, 'Undo', like));
    await world.settle();
    expect(
      (await world.services.database.row<{ n: number }>(
        statement('test.own_likes', 'select count(*)::int as n from reactions where actor_id = $1'),
        [bobHere.actorId],
      ))!.n,
    ).toBe(0);
  }
});

test('R02 what was done and not noted, as by a process that was killed, is done once', async () => {
  const note = noteBy(bob, { cc: [uriOf(ada)] });
  const said = answerBy(bob, postUri);
  const activities = [
    activityBy(bob, 'Follow', uriOf(ada)),
    activityBy(bob, 'Like', postUri),
    activityBy(bob, 'Announce', postUri),
    activityBy(bob, 'Create', note),
    activityBy(bob, 'Create', said),
    activityBy(bob, 'Delete', said.id),
    activityBy(bob, 'Undo', { type: 'Like', actor: bob.uri, object: postUri }),
    activityBy(bob, 'Block', uriOf(ben)),
  ];
  for (const activity of activities) {
    await hear(activity);
    const made = await changes(async () => {
      const row = await world.services.database.row<{ id: ReceivedActivityId }>(UNNOTE, [
        activity.id,
        JSON.stringify(activity),
      ]);
      const job = { receivedId: row!.id, actorId: bobHere.actorId };
      await receiveActivity.run({ ...world.services, jobId: '0', attempt: 2 }, job);
      await world.settle();
    });
    expect({ type: activity['type'], ...made }).toEqual({ type: activity['type'] });
  }
});
