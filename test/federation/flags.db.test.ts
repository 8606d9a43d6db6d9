// Reports between servers, both ways: security case F50.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { fetchActor, type RemoteActor } from '../../src/federation/resolve-actor.js';
import { statement } from '../../src/platform/db/database.js';
import { toGlobalId } from '../../src/platform/ids.js';
import { activityBy, freshId, noteBy, type Written } from '../support/activities.js';
import { saveRule } from '../support/domain-rules.js';
import { deliverNow } from '../support/deliveries.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { comment, innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

interface SeenReport {
  readonly comment: string;
  readonly category: string;
  readonly reporterDomain: string | null;
  readonly isForwarded: boolean;
  readonly reporter: { handle: string } | null;
  readonly target: { handle: string };
  readonly subjects: { subjectId: string; content: string }[];
}

const POST = statement('test.flag_post', 'select id from posts where uri = $1');

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let mia: Person;
let ada: Person;
let peer: FakePeer;
/** Stands for the whole server, as Mastodon's instance actor does. */
let server: PeerActor;
let bob: PeerActor;
let bobHere: RemoteActor;
let rounds = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  mia = await world.moderator();
});

beforeEach(async () => {
  rounds += 1;
  peer = stack.use(await startFakePeer(network, `peer${rounds}.test`));
  server = peer.actor(peer.host, { type: 'Application' });
  bob = peer.actor('bob');
  ada = await world.local(`ada${rounds}`);
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;
const postUri = (id: string): string => `https://a.example/posts/${innerId(id)}`;

async function reportsAbout(targetId: string): Promise<SeenReport[]> {
  const answer = await mia.graphql<{ admin: { reports: { nodes: SeenReport[] } } }>(
    `query ($id: ID!) { admin { reports(first: 50, targetId: $id) { nodes { comment category reporterDomain isForwarded
       reporter { handle } target { handle } subjects { subjectId content } } } } }`,
    { id: targetId },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.admin.reports.nodes;
}

async function flag(from: PeerActor, object: unknown, more: object = {}): Promise<Written> {
  const written = activityBy(from, 'Flag', object, { to: [], content: 'Look at this.', ...more });
  expect(await peer.send(world, from, written)).toBe(202);
  await world.settle();
  return written;
}

test('a report of a server about a person and posts comes into the queue, without a name, and once', async () => {
  const id = await publish(world, ada, { caption: 'Fog' });
  const said = await comment(ada, id, 'And more fog.');
  const written = await flag(server, [
    uriOf(ada),
    postUri(id),
    `https://a.example/comments/${innerId(said)}`,
    'https://elsewhere.test/posts/1',
  ]);
  expect(await peer.send(world, server, written)).toBe(202);
  await world.settle();
  const [report, ...more] = await reportsAbout(ada.actorGlobalId);
  expect(more).toEqual([]);
  expect(report).toMatchObject({
    comment: 'Look at this.',
    category: 'OTHER',
    reporterDomain: peer.host,
    reporter: null,
    target: { handle: `${ada.username}@a.example` },
  });
  expect(report!.subjects.map(({ subjectId }) => subjectId).toSorted()).toEqual(
    [id, said].toSorted(),
  );
});

test('Pixelfed and Misskey: one object, or embedded ones, of a person who is named', async () => {
  const id = await publish(world, ada);
  await flag(bob, postUri(id));
  await flag(bob, [{ type: 'Person', id: uriOf(ada) }]);
  const reports = await reportsAbout(ada.actorGlobalId);
  expect(reports).toMatchObject([
    {
      reporter: { handle: `bob@${peer.host}` },
      reporterDomain: peer.host,
      subjects: [{ subjectId: id }],
    },
    { reporter: { handle: `bob@${peer.host}` }, subjects: [] },
  ]);
});

test('F50: of things of several people each person is reported with what is theirs', async () => {
  const eve = await world.local(`eve${rounds}`);
  const [hers, other] = [await publish(world, ada), await publish(world, eve)];
  await flag(server, [postUri(hers), postUri(other)]);
  const [one] = await reportsAbout(ada.actorGlobalId);
  const [two] = await reportsAbout(eve.actorGlobalId);
  expect([one!.subjects, two!.subjects]).toMatchObject([
    [{ subjectId: hers }],
    [{ subjectId: other }],
  ]);
});

test('F50: what is not ours, never left this server, or is nothing makes no report', async () => {
  const local = await publish(world, ada, { visibility: 'LOCAL' });
  for (const object of [bob.uri, 'https://a.example/actors/nobody', [], null, 7, postUri(local)])
    await flag(server, object);
  expect(await reportsAbout(ada.actorGlobalId)).toEqual([]);
});

test('F50: words are bounded plain text', async () => {
  const content = `<p>One</p><script>x</script><b onclick="y">two</b>${'z'.repeat(5_000)}`;
  await flag(server, [uriOf(ada)], { content });
  const [report] = await reportsAbout(ada.actorGlobalId);
  expect(report!.comment).toHaveLength(2_000);
  expect(report!.comment).toMatch(/^One\nxtwozzz/);
});

test('F50: of 40 reports of one server in an hour 30 are looked at', async () => {
  for (let turn = 0; turn < 40; turn++) {
    const written = activityBy(server, 'Flag', [uriOf(ada)], { content: `No. ${turn}` });
    expect(await peer.send(world, server, written)).toBe(202);
  }
  await world.settle();
  expect(await reportsAbout(ada.actorGlobalId)).toHaveLength(30);
});

test('T01: a server whose reports are not looked at makes none, and one that is suspended neither', async () => {
  await saveRule(mia, peer.host, 'NONE', { rejectReports: true });
  await flag(server, [uriOf(ada)]);
  await saveRule(mia, peer.host, 'SUSPEND');
  const written = activityBy(server, 'Flag', [uriOf(ada)]);
  expect(await peer.send(world, server, written)).toBe(403);
  await world.settle();
  expect(await reportsAbout(ada.actorGlobalId)).toEqual([]);
});

/** Reports Bob and his post; the Flags that reached his server. */
async function reportBob(forward: boolean): Promise<Record<string, unknown>[]> {
  const bobId = await meet(ada, `bob@${peer.host}`);
  bobHere = await fetchActor(world.services, bob.uri);
  const note = noteBy(bob, { id: freshId(bob), cc: [uriOf(ada)] });
  expect(await peer.send(world, bob, activityBy(bob, 'Create', note))).toBe(202);
  await world.settle();
  const row = await world.services.database.row<{ id: string }>(POST, [note['id']]);
  peer.requests.length = 0;
  const answer = await ada.graphql<{ report: { userErrors: unknown[] } }>(
    'mutation ($input: ReportInput!) { report(input: $input) { userErrors { code message } } }',
    {
      input: {
        actorId: bobId,
        subjectIds: [toGlobalId('post', row!.id)],
        category: 'SPAM',
        comment: 'Buys and sells.',
        forward,
      },
    },
  );
  expect(answer.data.report.userErrors).toEqual([]);
  await world.settle();
  return peer.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as Record<string, unknown>)
    .map((sent) => ({ ...sent, note: note['id'] }));
}

test('T04 a report that its author forwards goes to the other server, in the name of this one', async () => {
  const [sent, ...more] = await reportBob(true);
  expect(more).toEqual([]);
  expect(sent).toMatchObject({
    type: 'Flag',
    actor: 'https://a.example/actor',
    object: [bob.uri, sent!['note']],
    content: 'Buys and sells.',
    to: [bob.uri],
  });
  expect(JSON.stringify(sent)).not.toContain(ada.actorId);
  expect(JSON.stringify(sent)).not.toContain(ada.username);
  const [report] = await reportsAbout(toGlobalId('actor', bobHere.actorId));
  expect(report).toMatchObject({ isForwarded: true, reporterDomain: null });
});

test('a report that is forwarded to a server that asks for patience comes when it is over, once', async () => {
  peer.answer(({ method }) =>
    method === 'POST' ? { status: 429, headers: { 'retry-after': '7200' }, body: '' } : null,
  );
  const [sent, ...more] = await reportBob(true);
  expect([sent!['type'], more]).toEqual(['Flag', []]);
  const wait = async (seconds: number): Promise<number> => {
    world.clock.advance(seconds);
    await deliverNow({ ...world.services, jobId: '0', attempt: 1 });
    return peer.requests.filter(({ body }) => body.includes('"Flag"')).length;
  };
  expect(await wait(3600)).toBe(1);
  peer.answer(() => null);
  expect(await wait(3700)).toBe(2);
  expect(await wait(24 * 3600)).toBe(2);
});

test('T04 a report that is not forwarded stays here', async () => {
  expect(await reportBob(false)).toEqual([]);
  const [report] = await reportsAbout(toGlobalId('actor', bobHere.actorId));
  expect(report).toMatchObject({ isForwarded: false });
});
