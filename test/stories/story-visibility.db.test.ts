// The rule of who sees a story: SQL agrees with the sentence that describes it, in random worlds, for everybody.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { ACTOR_STATUSES, type ActorId, type ActorStatus } from '../../src/actors/actor.entity.js';
import type { MediaId } from '../../src/media/media.entity.js';
import {
  countUnread,
  findNotificationPage,
} from '../../src/notifications/notifications.queries.js';
import type { Reader } from '../../src/platform/db/database.js';
import { newId } from '../../src/platform/ids.js';
import {
  countHighlightStories,
  findArchivedStories,
  findHighlightsOfOwners,
  findStoriesOfHighlights,
} from '../../src/stories/highlights.queries.js';
import {
  findSeenStoryMedia,
  findStories,
  findStoriesOfAuthors,
} from '../../src/stories/stories.queries.js';
import {
  STORY_VISIBILITIES,
  type StoryId,
  type StoryVisibility,
} from '../../src/stories/story.entity.js';
import { findTrays, findTraysOfAuthors } from '../../src/stories/story-tray.queries.js';
import { storyVisibleTo } from '../../src/stories/story-visibility.js';
import { freshDatabase } from '../support/database.js';
import { insertRows, readerOf } from '../support/random-world.js';

interface StoryOfWorld {
  readonly id: string;
  readonly author: number;
  readonly visibility: StoryVisibility;
  readonly hasEnded: boolean;
  readonly isRemoved: boolean;
  readonly isHighlighted: boolean;
  readonly mentioned: readonly number[];
}

type Edge = readonly [number, number];

interface World {
  readonly people: readonly { readonly id: string; readonly status: ActorStatus }[];
  readonly stories: readonly StoryOfWorld[];
  readonly follows: readonly Edge[];
  readonly requests: readonly Edge[];
  readonly friends: readonly Edge[];
  readonly blocks: readonly Edge[];
}

const PEOPLE = 4;
const NOW = new Date('2026-01-02T00:00:00Z');
const EARLIER = new Date('2026-01-01T12:00:00Z');
const LATER = new Date('2026-01-02T12:00:00Z');

const person = fc.nat(PEOPLE - 1);
const pair = fc.tuple(person, person).filter(([one, other]) => one !== other);
const pairs = (maxLength: number) =>
  fc.uniqueArray(pair, { maxLength, selector: (edge) => edge.join() });
const mostly = fc.constantFrom<ActorStatus>(
  'ACTIVE',
  'ACTIVE',
  'ACTIVE',
  ...(Object.keys(ACTOR_STATUSES) as ActorStatus[]),
);

const worlds: fc.Arbitrary<World> = fc
  .record({
    statuses: fc.array(mostly, { minLength: PEOPLE, maxLength: PEOPLE }),
    stories: fc.array(
      fc.record({
        author: person,
        visibility: fc.constantFrom(...(Object.keys(STORY_VISIBILITIES) as StoryVisibility[])),
        hasEnded: fc.constantFrom(false, false, true),
        isRemoved: fc.constantFrom(false, false, false, true),
        isHighlighted: fc.boolean(),
        mentioned: fc.uniqueArray(person, { maxLength: 1 }),
      }),
      { minLength: 3, maxLength: 8 },
    ),
    edges: pairs(8),
    friends: pairs(6),
    blocks: pairs(2),
  })
  .map(({ statuses, stories, edges, friends, blocks }) => ({
    people: statuses.map((status) => ({ status, id: newId(NOW) })),
    stories: stories.map((story) => ({ ...story, id: newId(NOW) })),
    follows: edges.filter((_, index) => index % 3 > 0),
    requests: edges.filter((_, index) => index % 3 === 0),
    friends,
    blocks,
  }));

let database: Awaited<ReturnType<typeof freshDatabase>>;
let client: pg.Client;
let reader: Reader;
const ALL = { size: 100, isBackward: false, from: null };

beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  reader = readerOf(client);
});

afterAll(async () => {
  await client.end();
  await database[Symbol.asyncDispose]();
});

test('SQL and sentence agree for every onlooker and every story of 150 random worlds', async () => {
  let shown = 0;
  let hidden = 0;
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      await client.query('begin');
      try {
        await settle(world);
        for (const viewer of [-1, ...world.people.keys()]) {
          const { rows } = await client.query<{ id: string }>(
            `select s.id from stories s where ${storyVisibleTo('s', '$1::uuid', '$2')}`,
            [world.people[viewer]?.id ?? null, NOW],
          );
          const seen = new Set(rows.map(({ id }) => id));
          await expectSurfaces(world, viewer);
          for (const story of world.stories) {
            const expected = maySee(world, viewer, story);
            expect({ story, viewer, seen: seen.has(story.id) }).toEqual({
              story,
              viewer,
              seen: expected,
            });
            if (expected) shown++;
            else hidden++;
          }
        }
      } finally {
        await client.query('rollback');
      }
    }),
    { numRuns: 150 },
  );
  // Neither answer is the rule's only one: the worlds are worth their name.
  expect(shown).toBeGreaterThan(100);
  expect(hidden).toBeGreaterThan(100);
});

/** What shows something, what it shows, and what it should. */
type Told = [name: string, shown: readonly string[], expected: readonly string[]];

/** What trays, profiles, highlights, notifications and live events show of stories is what the sentence lets see. */
async function expectSurfaces(world: World, viewer: number): Promise<void> {
  const viewerId = (world.people[viewer]?.id ?? null) as ActorId | null;
  const { stories } = world;
  const all = idsOf(stories) as StoryId[];
  const authors = idsOf(world.people) as ActorId[];
  const seen = stories.filter((story) => maySee(world, viewer, story));
  const live = seen.filter(({ hasEnded }) => !hasEnded);
  const authorsOf = (some: readonly StoryOfWorld[]) =>
    authors.filter((_, index) => some.some(({ author }) => author === index));
  const told: Told[] = [
    ['by id', idsOf(await findStories(reader, all, viewerId, NOW)), idsOf(seen)],
    [
      'pictures',
      (await findSeenStoryMedia(reader, all as string[] as MediaId[], viewerId, NOW)).map(
        ({ mediaId }) => mediaId,
      ),
      idsOf(seen),
    ],
    ['of authors', idsOf(await findStoriesOfAuthors(reader, authors, viewerId, NOW)), idsOf(live)],
    [
      'rings around avatars',
      (await findTraysOfAuthors(reader, authors, viewerId, NOW)).map(({ authorId }) => authorId),
      authorsOf(live),
    ],
    [
      'in highlights',
      idsOf(await findStoriesOfHighlights(reader, all, ALL, viewerId, NOW)),
      idsOf(seen.filter(({ isHighlighted }) => isHighlighted)),
    ],
    [
      'highlights',
      idsOf(await findHighlightsOfOwners(reader, authors, ALL, viewerId, NOW)),
      idsOf(
        stories.filter(
          (story) => story.isHighlighted && (story.author === viewer || seen.includes(story)),
        ),
      ),
    ],
  ];
  const counts = await countHighlightStories(reader, all, viewerId, NOW);
  told.push([
    'counted in highlights',
    counts.filter(({ count }) => count > 0).map(({ id }) => id),
    idsOf(seen.filter(({ isHighlighted }) => isHighlighted)),
  ]);
  if (viewerId !== null) told.push(...(await ofViewer(world, viewer, viewerId, { seen, live })));
  for (const [name, shown, expected] of told)
    expect({ name, viewer, ids: [...shown].sort() }).toEqual({
      name,
      viewer,
      ids: [...expected].sort(),
    });
}

/** What only somebody has: a tray of those whom they follow, notifications, an archive. */
async function ofViewer(
  world: World,
  viewer: number,
  viewerId: ActorId,
  { seen, live }: Readonly<Record<'seen' | 'live', readonly StoryOfWorld[]>>,
): Promise<Told[]> {
  const { people, stories, follows } = world;
  await insertRows(
    client,
    'notifications',
    stories.map(({ id }) => ({
      id: newId(NOW),
      recipient_id: viewerId,
      kind: 'STORY_MENTION',
      group_key: id,
      story_id: id,
      detail: {},
      has_actors: false,
      position: newId(NOW),
      happened_at: NOW,
    })),
  );
  const choice = { kinds: null, isUnreadOnly: false };
  const { rows } = await findNotificationPage(reader, viewerId, choice, ALL, NOW);
  const unread = await countUnread(reader, viewerId, NOW);
  const inTray = people.filter(
    (_, index) =>
      live.some(({ author }) => author === index) &&
      (index === viewer || follows.some(([one, other]) => one === viewer && other === index)),
  );
  return [
    [
      'the tray',
      (await findTrays(reader, viewerId, ALL, NOW)).map(({ authorId }) => authorId),
      idsOf(inTray),
    ],
    ['notifications', rows.map(({ storyId }) => storyId ?? ''), idsOf(seen)],
    ['unread notifications', [String(unread)], [String(seen.length)]],
    [
      'the archive',
      idsOf(await findArchivedStories(reader, viewerId, ALL, NOW)),
      idsOf(stories.filter((one) => one.author === viewer && one.hasEnded && !one.isRemoved)),
    ],
  ];
}

function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id);
}

/** The sentence: not removed, its author is shown, no block; its author, or while it lasts or is highlighted those for whom it is. */
function maySee(world: World, viewer: number, story: StoryOfWorld): boolean {
  const { author } = story;
  const joins = (edges: readonly Edge[], from: number, to: number): boolean =>
    edges.some(([one, other]) => one === from && other === to);
  const isShown = ['ACTIVE', 'LIMITED', 'MOVED', 'MEMORIAL'].includes(world.people[author]!.status);
  const isBlocked = joins(world.blocks, viewer, author) || joins(world.blocks, author, viewer);
  if (story.isRemoved || !isShown || isBlocked) return false;
  if (viewer === author) return true;
  if (story.hasEnded && !story.isHighlighted) return false;
  if (story.visibility === 'PUBLIC' || story.mentioned.includes(viewer)) return true;
  return story.visibility === 'FOLLOWERS'
    ? joins(world.follows, viewer, author)
    : joins(world.friends, author, viewer);
}

async function settle({ people, stories, follows, requests, friends, blocks }: World) {
  await insertRows(
    client,
    'actors',
    people.map(({ id, status }) => ({
      id,
      status,
      kind: 'PERSON',
      username: id,
      uri: id,
      url: id,
      display_name: '',
      bio_html: '',
      fields: [],
      is_locked: false,
      is_discoverable: false,
      is_indexable: false,
      hides_follow_lists: false,
      joined_at: NOW,
      updated_at: NOW,
    })),
  );
  const idOf = (index: number): string => people[index]!.id;
  await insertRows(
    client,
    'media',
    stories.map(({ id, author }) => ({
      id,
      owner_id: idOf(author),
      kind: 'image',
      purpose: 'STORY',
      state: 'READY',
      mime_type: 'image/jpeg',
      created_at: NOW,
      updated_at: NOW,
    })),
  );
  await insertRows(
    client,
    'stories',
    stories.map(({ id, author, visibility, hasEnded, isRemoved }) => ({
      id,
      author_id: idOf(author),
      media_id: id,
      visibility,
      published_at: EARLIER,
      expires_at: hasEnded ? NOW : LATER,
      removed_at: isRemoved ? NOW : null,
    })),
  );
  const mentions = stories.flatMap(({ id, mentioned }) =>
    mentioned.map((one) => ({ story_id: id, actor_id: idOf(one) })),
  );
  await insertRows(client, 'story_mentions', mentions);
  const highlighted = stories.filter(({ isHighlighted }) => isHighlighted);
  await insertRows(
    client,
    'highlights',
    highlighted.map(({ id, author }) => ({
      id,
      owner_id: idOf(author),
      title: 'x',
      position: 1,
      created_at: NOW,
      updated_at: NOW,
    })),
  );
  await insertRows(
    client,
    'highlight_items',
    highlighted.map(({ id }) => ({ highlight_id: id, story_id: id, position: 1 })),
  );
  const times = { requested_at: NOW };
  const edge = ([one, other]: Edge) => ({ follower_id: idOf(one), followee_id: idOf(other) });
  await insertRows(client, 'follows', [
    ...follows.map((pairOf) => ({
      ...edge(pairOf),
      ...times,
      id: newId(NOW),
      state: 'ACCEPTED',
      accepted_at: NOW,
    })),
    ...requests.map((pairOf) => ({
      ...edge(pairOf),
      ...times,
      id: newId(NOW),
      state: 'REQUESTED',
      accepted_at: null,
    })),
  ]);
  await insertRows(
    client,
    'close_friends',
    friends.map(([one, other]) => ({
      owner_id: idOf(one),
      friend_id: idOf(other),
      id: newId(NOW),
      created_at: NOW,
    })),
  );
  await insertRows(
    client,
    'blocks',
    blocks.map(([one, other]) => ({
      blocker_id: idOf(one),
      blocked_id: idOf(other),
      id: newId(NOW),
      created_at: NOW,
    })),
  );
}
