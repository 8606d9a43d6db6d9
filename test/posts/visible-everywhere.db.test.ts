// One rule on every surface: what lists, counts, searches, notifications and live events show to somebody in random
// worlds is what the rule lets them see, no more and no less.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import {
  countCollectionPosts,
  findCollections,
  findPostsOfCollections,
} from '../../src/collections/collections.queries.js';
import {
  countUnread,
  findNotificationPage,
} from '../../src/notifications/notifications.queries.js';
import type { Reader } from '../../src/platform/db/database.js';
import { findBookmarks } from '../../src/posts/bookmark.queries.js';
import { findLikedPosts } from '../../src/posts/reaction.queries.js';
import {
  COMMENT_SORTS,
  findComments,
  findCommentsOfPosts,
  findPinnedComments,
  findReplies,
  type CommentSort,
} from '../../src/posts/comment.queries.js';
import {
  countHashtagPosts,
  findHashtag,
  findPostsOfHashtags,
} from '../../src/posts/hashtag.queries.js';
import { findHiddenCounts } from '../../src/posts/hidden-counts.queries.js';
import { findWhoSees } from '../../src/posts/live-visibility.queries.js';
import { findPostsTagging } from '../../src/posts/photo-tag.queries.js';
import { countPlacePosts, findPostsOfPlaces } from '../../src/posts/place.queries.js';
import type { CommentId, PostId } from '../../src/posts/post.entity.js';
import { findPosts } from '../../src/posts/post.queries.js';
import {
  findArchivedPosts,
  findPinnedPosts,
  findPostsOfAuthors,
} from '../../src/posts/profile.queries.js';
import { countQuotes, findQuotes } from '../../src/posts/quote.queries.js';
import { findRepostsOfActors } from '../../src/posts/repost.queries.js';
import { findHashtagsByBeginning } from '../../src/search/hashtags.queries.js';
import { findPostsByText } from '../../src/search/posts.queries.js';
import { findTrendingPosts } from '../../src/search/trends.js';
import { findPublicPage } from '../../src/timelines/timelines.queries.js';
import { freshDatabase } from '../support/database.js';
import {
  comments,
  firstLevel,
  furnish,
  HASHTAG,
  isKept,
  parentOf,
  PLACE,
  posts,
  type Furniture,
} from '../support/furnished-world.js';
import {
  maySee,
  narrowingsOf,
  readerOf,
  settleWorld,
  worlds,
  type RandomItem,
  type RandomPerson,
  type RandomWorld,
} from '../support/random-world.js';

const NOW = new Date();
const ALL = { size: 100, isBackward: false, from: null };
const SHOWN = ['ACTIVE', 'LIMITED', 'MOVED', 'MEMORIAL'];

/** A world, everything that may stand between, and somebody who looks. */
interface Look {
  readonly world: RandomWorld;
  readonly viewer: RandomPerson | null;
  readonly furniture: Furniture;
}

let database: Awaited<ReturnType<typeof freshDatabase>>;
let client: pg.Client;
let reader: Reader;

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

const idOf = ({ viewer }: Look) => viewer?.id ?? null;
const authorOf = (world: RandomWorld, item: RandomItem) => world.people[item.author]!;
const sees = ({ world, viewer }: Look, item: RandomItem) => maySee(world, item, viewer);
/** Seen, and not put away: what lists and counts hold. */
const isListed = (look: Look, item: RandomItem) => sees(look, item) && !item.isArchived;
const listed = (look: Look) => posts(look.world).filter((item) => isListed(look, item));

function follows({ world, viewer }: Look, person: RandomPerson): boolean {
  return world.follows.some(
    ([one, other, accepted]) =>
      accepted && world.people[one] === viewer && world.people[other] === person,
  );
}

function areBlocked({ world, viewer }: Look, person: RandomPerson): boolean {
  return world.blocks.some(([one, other]) => {
    const pair = [world.people[one], world.people[other]];
    return viewer !== null && pair.includes(viewer) && pair.includes(person) && viewer !== person;
  });
}

/** Authors whom the staff limited stand in lists for everybody only for themselves and their followers. */
function isForEverybody(look: Look, item: RandomItem): boolean {
  const author = authorOf(look.world, item);
  return author.status !== 'LIMITED' || author === look.viewer || follows(look, author);
}

/** Whoever is shown, and not behind a block. */
const isNear = (look: Look, person: RandomPerson) =>
  SHOWN.includes(person.status) && !areBlocked(look, person);

type Ids = readonly string[];

/** What a surface shows, and what it should; both in any order. */
type Surface = (look: Look) => Promise<readonly [shown: Ids, expected: Ids]>;

const of = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

/** Surfaces of posts and comments. Those that only somebody can have are empty for nobody. */
const SURFACES: Readonly<Record<string, Surface>> = {
  'posts by id': async (look) => [
    of(await findPosts(reader, of(look.world.items), idOf(look))),
    of(posts(look.world).filter((item) => sees(look, item))),
  ],
  'comments by id': async (look) => [
    of(await findComments(reader, of(look.world.items), idOf(look))),
    of(comments(look.world).filter((item) => sees(look, item))),
  ],
  'the public timeline': async (look) => [
    of((await findPublicPage(reader, idOf(look), {}, ALL, NOW)).rows),
    of(listed(look).filter((item) => item.visibility === 'PUBLIC' && isForEverybody(look, item))),
  ],
  'the timeline of this server': async (look) => [
    of((await findPublicPage(reader, idOf(look), { isLocal: true }, ALL, NOW)).rows),
    of(
      listed(look).filter(
        (item) => ['PUBLIC', 'LOCAL'].includes(item.visibility) && isForEverybody(look, item),
      ),
    ),
  ],
  profiles: async (look) => [
    of(await findPostsOfAuthors(reader, of(look.world.people), {}, ALL, idOf(look), NOW)),
    of(listed(look)),
  ],
  pins: async (look) => [
    of(await findPinnedPosts(reader, of(look.world.people), idOf(look), NOW)),
    of(listed(look)),
  ],
  'the own archive': async (look) => [
    look.viewer ? of((await findArchivedPosts(reader, look.viewer.id, ALL)).rows) : [],
    of(
      posts(look.world).filter(
        (item) => item.isArchived && authorOf(look.world, item) === look.viewer && sees(look, item),
      ),
    ),
  ],
  'a hashtag': async (look) => [
    of(await findPostsOfHashtags(reader, [HASHTAG.id], {}, ALL, idOf(look), NOW)),
    of(listed(look).filter((item) => isForEverybody(look, item))),
  ],
  'a place': async (look) => [
    of(await findPostsOfPlaces(reader, [PLACE], {}, ALL, idOf(look), NOW)),
    of(listed(look).filter((item) => isForEverybody(look, item))),
  ],
  quotes: async (look) => [
    of(await findQuotes(reader, [look.world.items[0]!.id], ALL, idOf(look))),
    of(listed(look).filter((item) => item !== look.world.items[0])),
  ],
  'what others reposted': async (look) => [
    of(await findRepostsOfActors(reader, of(look.world.people), ALL, idOf(look), NOW)),
    look.world.people
      .filter((person) => isNear(look, person))
      .flatMap((person) => of(listed(look).filter((item) => isKept(look.world, item, person)))),
  ],
  'pictures with somebody on them': async (look) => [
    of(await findPostsTagging(reader, of(look.world.people), ALL, idOf(look))),
    look.world.people.filter((person) => isNear(look, person)).flatMap(() => of(listed(look))),
  ],
  collections: async (look) => {
    const ids = of(look.furniture.collections);
    const seen = of(await findCollections(reader, ids, idOf(look), null));
    return [
      [...seen, ...of(await findPostsOfCollections(reader, seen, ALL, idOf(look)))],
      look.furniture.collections
        .filter(({ owner }) => isNear(look, owner))
        .flatMap(({ id }) => [id, ...of(listed(look))]),
    ];
  },
  'own bookmarks': async (look) => [
    look.viewer ? of((await findBookmarks(reader, look.viewer.id, null, ALL)).rows) : [],
    look.viewer ? of(listed(look).filter((item) => isKept(look.world, item, look.viewer!))) : [],
  ],
  'own likes': async (look) => [
    look.viewer ? of((await findLikedPosts(reader, look.viewer.id, ALL)).rows) : [],
    look.viewer ? of(listed(look).filter((item) => isKept(look.world, item, look.viewer!))) : [],
  ],
  'comments, in every order': async (look) => {
    const seen = posts(look.world).filter((item) => sees(look, item));
    const sorts = Object.keys(COMMENT_SORTS) as CommentSort[];
    const found: string[] = [];
    for (const sort of sorts)
      found.push(...of(await findCommentsOfPosts(reader, of(seen), sort, ALL, idOf(look), NOW)));
    const first = firstLevel(look.world).filter((item) => sees(look, item));
    return [found, sorts.flatMap(() => of(first))];
  },
  'pinned comments': async (look) => [
    of(
      await findPinnedComments(
        reader,
        of(posts(look.world).filter((item) => sees(look, item))),
        idOf(look),
        NOW,
      ),
    ),
    of(firstLevel(look.world).filter((item) => sees(look, item))),
  ],
  'answers to comments': async (look) => {
    const above = firstLevel(look.world).filter((item) => sees(look, item));
    const answers = comments(look.world).filter((item) =>
      above.some(({ id }) => id === parentOf(look.world, item)),
    );
    return [
      of(await findReplies(reader, of(above), ALL, idOf(look), NOW)),
      of(answers.filter((item) => sees(look, item))),
    ];
  },
  'a search for posts': async (look) => [look.viewer ? await searched(look) : [], found(look)],
  'a search for hashtags': async (look) => [
    look.viewer ? of((await findHashtagsByBeginning(reader, look.viewer.id, 'kit', ALL)).rows) : [],
    look.viewer && listed(look).length > 0 ? [HASHTAG.id] : [],
  ],
  'a hashtag by name': async (look) => [
    of([(await findHashtag(reader, HASHTAG.name, idOf(look))) ?? []].flat()),
    listed(look).length > 0 ? [HASHTAG.id] : [],
  ],
  trends: async (look) => {
    const trends = { viewerId: idOf(look), isAutoApproved: true, now: NOW };
    return [
      (await findTrendingPosts(reader, trends, 40)).map(({ postId }) => postId),
      of(
        listed(look).filter(
          (item) => item.visibility === 'PUBLIC' && authorOf(look.world, item).status === 'ACTIVE',
        ),
      ),
    ];
  },
  notifications: async (look) => {
    if (!look.viewer) return [[], []];
    const choice = { kinds: null, isUnreadOnly: false };
    const page = await findNotificationPage(reader, look.viewer.id, choice, ALL, NOW);
    return [
      page.rows.map(({ postId }) => postId ?? ''),
      of(look.world.items.filter((item) => sees(look, item))),
    ];
  },
  'live events': async (look) => {
    const told: string[] = [];
    for (const { id } of look.world.items) {
      const subject = { id: id as PostId | CommentId };
      if ((await findWhoSees(reader, subject, [idOf(look)]))(idOf(look))) told.push(id);
    }
    return [told, of(look.world.items.filter((item) => sees(look, item)))];
  },
};

async function searched({ viewer }: Look): Promise<string[]> {
  const search = { text: 'kite', language: 'en', authorId: null, since: null, until: null };
  return of((await findPostsByText(reader, viewer!.id, { ...search, choice: {} }, ALL, NOW)).rows);
}

/** Public posts of everybody, as they wish it; and what the viewer wrote, keeps, commented on or is mentioned in. */
function found(look: Look): string[] {
  const { world, viewer } = look;
  if (!viewer) return [];
  const me = world.people.indexOf(viewer);
  const isTouched = (item: RandomItem): boolean =>
    item.author === me ||
    isKept(world, item, viewer) ||
    item.mentioned.includes(me) ||
    comments(world).some(
      ({ author, root, isDeleted }) => author === me && world.items[root!] === item && !isDeleted,
    );
  return of(
    listed(look).filter(
      (item) => isTouched(item) || (item.visibility === 'PUBLIC' && isForEverybody(look, item)),
    ),
  );
}

/** Numbers that a surface tells, by what they count, and what they should be. */
type Count = (look: Look) => Promise<readonly [told: object, expected: object]>;

const byId = (rows: readonly { id: string; count: number }[]): object =>
  Object.fromEntries(rows.map(({ id, count }) => [id, count]));

const COUNTS: Readonly<Record<string, Count>> = {
  'posts of a hashtag': async (look) => [
    byId(await countHashtagPosts(reader, [HASHTAG.id], idOf(look))),
    { [HASHTAG.id]: listed(look).length },
  ],
  'posts of a place': async (look) => [
    byId(await countPlacePosts(reader, [PLACE], idOf(look))),
    { [PLACE]: listed(look).length },
  ],
  'posts of a collection': async (look) => {
    const { id } = look.furniture.collections[0]!;
    return [
      byId(await countCollectionPosts(reader, [id], idOf(look))),
      { [id]: listed(look).length },
    ];
  },
  quotes: async (look) => {
    const { id } = look.world.items[0]!;
    const quotes = listed(look).filter((item) => item.id !== id);
    return [byId(await countQuotes(reader, [id], idOf(look))), { [id]: quotes.length }];
  },
  'unread notifications': async (look) => [
    { count: look.viewer ? await countUnread(reader, look.viewer.id, NOW) : 0 },
    { count: look.viewer ? look.world.items.filter((item) => sees(look, item)).length : 0 },
  ],
  'comments of posts, without those behind a block': async (look) => {
    const { viewer, world } = look;
    if (!viewer) return [{}, {}];
    const stored = (root: RandomItem) =>
      comments(world).filter(
        (item) =>
          world.items[item.root!] === root &&
          !item.isDeleted &&
          !item.isHidden &&
          narrowingsOf(world, item).length === 0,
      );
    const hidden = await findHiddenCounts(reader, of(posts(world)), viewer.id);
    return [
      Object.fromEntries(
        posts(world).map((post) => [
          post.id,
          stored(post).length - hidden.find(({ id }) => id === post.id)!.comments,
        ]),
      ),
      Object.fromEntries(
        posts(world).map((post) => [
          post.id,
          stored(post).filter((item) => !areBlocked(look, authorOf(world, item))).length,
        ]),
      ),
    ];
  },
};

test('R28 every list and every number of 60 random worlds keeps to the rule, whoever looks', async () => {
  const shownBy = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      await client.query('begin');
      try {
        await settleWorld(client, world);
        const furniture = await furnish(client, world);
        for (const viewer of [null, ...world.people]) {
          const look = { world, viewer, furniture };
          for (const [name, surface] of Object.entries(SURFACES)) {
            const [shown, expected] = await surface(look);
            expect({ name, viewer, ids: [...shown].sort() }).toEqual({
              name,
              viewer,
              ids: [...expected].sort(),
            });
            shownBy.set(name, (shownBy.get(name) ?? 0) + shown.length);
          }
          for (const [name, count] of Object.entries(COUNTS)) {
            const [told, expected] = await count(look);
            expect({ name, viewer, told }).toEqual({ name, viewer, told: expected });
          }
        }
      } finally {
        await client.query('rollback');
      }
    }),
    { numRuns: 60 },
  );
  // A surface that never shows anything would keep to every rule.
  for (const name of Object.keys(SURFACES))
    expect([name, shownBy.get(name)! > 0]).toEqual([name, true]);
}, 300_000);
