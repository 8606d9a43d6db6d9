// The rule of who sees a story: SQL agrees with the sentence that describes it, in random worlds, for everybody.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { ACTOR_STATUSES, type ActorStatus } from '../../src/actors/actor.entity.js';
import { newId } from '../../src/platform/ids.js';
import { STORY_VISIBILITIES, type StoryVisibility } from '../../src/stories/story.entity.js';
import { storyVisibleTo } from '../../src/stories/story-visibility.js';
import { freshDatabase } from '../support/database.js';

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

beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
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
  expect(shown).toBeGreaterThan(500);
  expect(hidden).toBeGreaterThan(500);
}, 180_000);

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
  await insert(
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
  await insert(
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
  await insert(
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
  await insert('story_mentions', mentions);
  const highlighted = stories.filter(({ isHighlighted }) => isHighlighted);
  await insert(
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
  await insert(
    'highlight_items',
    highlighted.map(({ id }) => ({ highlight_id: id, story_id: id, position: 1 })),
  );
  const times = { requested_at: NOW };
  const edge = ([one, other]: Edge) => ({ follower_id: idOf(one), followee_id: idOf(other) });
  await insert('follows', [
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
  await insert(
    'close_friends',
    friends.map(([one, other]) => ({
      owner_id: idOf(one),
      friend_id: idOf(other),
      id: newId(NOW),
      created_at: NOW,
    })),
  );
  await insert(
    'blocks',
    blocks.map(([one, other]) => ({
      blocker_id: idOf(one),
      blocked_id: idOf(other),
      id: newId(NOW),
      created_at: NOW,
    })),
  );
}

async function insert(table: string, rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  if (columns === '') return;
  await client.query(
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}
