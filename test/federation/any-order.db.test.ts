// What another server sends ends the same in whatever order it arrives.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, answerBy, noteBy, type Written } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const SEEN = statement(
  'test.seen',
  `select content_html as html, deleted_at is not null as "isDeleted" from posts where uri = $1`,
);
const DONE = statement(
  'test.done',
  `select (select count(*)::int from reactions r join actors a on a.id = r.actor_id where a.uri = $1) as reactions,
     (select count(*)::int from reposts r join actors a on a.id = r.actor_id where a.uri = $1) as reposts,
     (select count(*)::int from follows f join actors a on a.id = f.follower_id where a.uri = $1) as follows,
     (select count(*)::int from blocks b join actors a on a.id = b.blocker_id where a.uri = $1) as blocks`,
);

let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let adaUri: string;
let adaPost: string;
let peer: FakePeer;
let people = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
  adaUri = `https://a.example/actors/${ada.actorId}`;
  adaPost = `https://a.example/posts/${innerId(await publish(world, ada))}`;
  peer = stack.use(await startFakePeer(network, 'peer.test'));
});

afterAll(() => stack.disposeAsync().then(() => undefined));

function ordersOf<Item>(items: readonly Item[]): Item[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    ordersOf(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}

async function hear(actor: PeerActor, activities: readonly Written[]): Promise<void> {
  for (const activity of activities) {
    world.clock.advance(1);
    expect(await peer.send(world, actor, activity)).toBe(202);
    await world.settle();
  }
}

const somebody = (): PeerActor => peer.actor(`nell${(people += 1)}`);
const later = (seconds: number): string =>
  new Date(world.clock.now().getTime() + seconds * 1000).toISOString();

/** A post or comment as it was first, changed, and gone. */
function livesOf(nell: PeerActor, isComment: boolean) {
  const cc = [adaUri];
  const make = isComment
    ? (more: object) => answerBy(nell, adaPost, more)
    : noteBy.bind(null, nell);
  const first = make({ cc, content: '<p>First</p>' });
  const second = { ...first, content: '<p>Second</p>', updated: later(-1) };
  const create = activityBy(nell, 'Create', first);
  const update = activityBy(nell, 'Update', second);
  const end = activityBy(nell, 'Delete', { id: first.id, type: 'Tombstone' });
  return { uri: first.id, create, update, end };
}

test.each([
  ['post', false],
  ['comment', true],
])('a %s is what it was changed to, and gone once it is deleted', async (_kind, isComment) => {
  const { database } = world.services;
  for (const which of [['create', 'update'] as const, ['create', 'update', 'end'] as const])
    for (const order of ordersOf(which)) {
      const nell = somebody();
      const life = livesOf(nell, isComment);
      await hear(
        nell,
        order.map((name) => life[name]),
      );
      const seen = await database.row<{ html: string; isDeleted: boolean }>(SEEN, [life.uri]);
      const state = seen && !seen.isDeleted ? seen.html : 'gone';
      expect({ order, state }).toEqual({
        order,
        state: which.length === 3 ? 'gone' : '<p>Second</p>',
      });
    }
});

test('what is undone is undone, whichever comes first', async () => {
  for (const type of ['Like', 'EmojiReact', 'Announce', 'Follow', 'Block']) {
    const object = type === 'Follow' || type === 'Block' ? adaUri : adaPost;
    for (const isFirst of [true, false]) {
      const nell = somebody();
      const done = activityBy(nell, type, object, type === 'EmojiReact' ? { content: '🔥' } : {});
      const undo = activityBy(nell, 'Undo', done);
      await hear(nell, isFirst ? [done, undo] : [undo, done]);
      const left = await world.services.database.row(DONE, [nell.uri]);
      expect({ type, isFirst, left }).toEqual({
        type,
        isFirst,
        left: { reactions: 0, reposts: 0, follows: 0, blocks: 0 },
      });
    }
  }
});
