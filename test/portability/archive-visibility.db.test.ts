// What an archive may say: in random worlds, for everybody who has an account, nothing that they may not see, and all of
// theirs that they may.
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { findAccount, type AccountRow } from '../../src/accounts/accounts.queries.js';
import type { AccountId } from '../../src/accounts/account.entity.js';
import type { Services } from '../../src/platform/context.js';
import type { Reader } from '../../src/platform/db/database.js';
import { newId } from '../../src/platform/ids.js';
import type { Archive } from '../../src/portability/internal/archive.js';
import { writeArchive } from '../../src/portability/internal/write-archive.js';
import { canSee } from '../../src/posts/visibility.js';
import { freshDatabase } from '../support/database.js';
import { extras, json } from '../support/exports.js';
import {
  factsOf,
  insertRows,
  pair,
  readerOf,
  settleWorld,
  uriOf,
  wordsOf,
  worlds,
  type RandomItem,
  type RandomPerson,
  type RandomWorld,
} from '../support/random-world.js';

type Edge = readonly [one: number, other: number];

/** What people do beyond publishing: with posts of each other, by index, and with each other. */
interface Deeds {
  readonly touched: readonly { readonly by: number; readonly item: number; readonly how: Touch }[];
  readonly related: readonly { readonly edge: Edge; readonly how: Relation }[];
}

const TOUCHES = ['BOOKMARK', 'LIKE', 'EMOJI', 'REPOST', 'TAGGED', 'QUOTED_IN_DRAFT'] as const;
const RELATIONS = ['MUTE', 'LIST', 'CLOSE_FRIEND', 'STORY_DEED', 'REPORT'] as const;
type Touch = (typeof TOUCHES)[number];
type Relation = (typeof RELATIONS)[number];

const scenes: fc.Arbitrary<{ world: RandomWorld; deeds: Deeds }> = fc.record({
  world: worlds,
  deeds: fc.record({
    touched: fc.uniqueArray(
      fc.record({
        by: fc.nat(4),
        item: fc.nat(5),
        how: fc.constantFrom(...TOUCHES),
      }),
      {
        minLength: 24,
        maxLength: 48,
        // One reaction of a person to a post.
        selector: ({ by, item, how }) => `${by} ${item} ${how === 'EMOJI' ? 'LIKE' : how}`,
      },
    ),
    related: fc.uniqueArray(fc.record({ edge: pair, how: fc.constantFrom(...RELATIONS) }), {
      minLength: 5,
      maxLength: 15,
      selector: ({ edge, how }) => `${edge.join()} ${how}`,
    }),
  }),
});

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

test('an archive says what its owner may see and nothing else, in 60 random worlds', async () => {
  const counts = { told: 0, withheld: 0 };
  await fc.assert(
    fc.asyncProperty(scenes, async ({ world, deeds }) => {
      await client.query('begin');
      try {
        await settleWorld(client, world);
        const accounts = await settleDeeds(world, deeds);
        for (const [index, account] of accounts) {
          const { files, keys } = await archiveOf(account);
          expectOwnWordsAlone(world, index, files);
          expectOwnPictures(world, index, keys);
          expectVisible({ world, deeds }, index, files, counts);
          expectKnownPeople({ world, deeds }, index, files);
        }
      } finally {
        await client.query('rollback');
      }
    }),
    { numRuns: 60 },
  );
  // The worlds are worth their name.
  expect(counts.told).toBeGreaterThan(50);
  expect(counts.withheld).toBeGreaterThan(50);
});

/** Everything that an archive of somebody holds, and the objects of the storage that were read for it. */
async function archiveOf(
  account: AccountRow,
): Promise<{ files: Map<string, Buffer>; keys: string[] }> {
  const files = new Map<string, Buffer>();
  const keys: string[] = [];
  const archive: Archive = {
    addStream: async (name, _size, content) => {
      files.set(name, await buffer(Readable.from(content)));
    },
    addText: async (name, content) => {
      files.set(name, Buffer.from(await text(Readable.from(content))));
    },
    finish: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  const services = {
    database: reader,
    config: { publicUrl: new URL('https://a.example') },
    storage: {
      stat: async (key: string) => ({ sizeBytes: key.length }),
      read: async (key: string) => {
        keys.push(key);
        return Readable.from([Buffer.from(key)]);
      },
    },
  } as unknown as Services;
  await writeArchive(services, archive, { account, includesMedia: true, onPost: async () => {} });
  return { files, keys };
}

const textsOf = (files: ReadonlyMap<string, Buffer>): string =>
  [...files.values()].map((content) => content.toString()).join('\n');

/** Captions, comments, stories, drafts, titles, reports and answers say words of their author. */
function expectOwnWordsAlone(
  world: RandomWorld,
  index: number,
  files: ReadonlyMap<string, Buffer>,
): void {
  const said = new Set(textsOf(files).match(/words-of-[0-9a-f-]{36}/g));
  expect([...said]).toEqual([wordsOf(world.people[index]!)]);
}

function expectOwnPictures(world: RandomWorld, index: number, keys: readonly string[]): void {
  const { id } = world.people[index]!;
  expect(keys.filter((key) => !key.includes(id))).toEqual([]);
  const own = world.items.filter(
    ({ author, root, isDeleted }) => author === index && root === null && !isDeleted,
  );
  // Beside those of posts: one of a story and one of a draft.
  expect(keys).toHaveLength(own.length + 2);
}

/** Posts of everybody that an archive names are those that its owner may see, and all of them. */
function expectVisible(
  { world, deeds }: { readonly world: RandomWorld; readonly deeds: Deeds },
  index: number,
  files: ReadonlyMap<string, Buffer>,
  counts: { told: number; withheld: number },
): void {
  const person = world.people[index]!;
  const onlooker = { actorId: person.id, isLocal: true };
  const seen = (item: RandomItem) => canSee(onlooker, factsOf(world, item, person));
  const expected = (...touches: Touch[]): string[] => {
    const touched = deeds.touched.filter(({ by, how }) => by === index && touches.includes(how));
    const items = touched.map(({ item }) => world.items[item]!);
    const told = items.filter(seen);
    counts.told += told.length;
    counts.withheld += items.length - told.length;
    return told.map(uriOf).toSorted();
  };
  const listed = (name: string) =>
    json<{ orderedItems: string[] }>(files, name).orderedItems.toSorted();
  const outbox = json<{ orderedItems: Activity[] }>(files, 'outbox.json').orderedItems;
  const ofType = (type: string) => outbox.filter((activity) => activity.type === type);
  expect(listed('likes.json')).toEqual(expected('LIKE'));
  expect(listed('bookmarks.json')).toEqual(expected('BOOKMARK'));
  expect(linesOf(files, 'bookmarks.csv')).toEqual(expected('BOOKMARK'));
  expect(postsOf(extras(files, 'bookmarks'))).toEqual(expected('BOOKMARK'));
  expect(postsOf(extras(files, 'photo_tags'))).toEqual(expected('TAGGED'));
  const emoji = json<{ orderedItems: { object: string }[] }>(files, 'reactions.json').orderedItems;
  expect(emoji.map(({ object }) => object).toSorted()).toEqual(expected('EMOJI'));
  expect(
    ofType('Announce')
      .map(({ object }) => object)
      .toSorted(),
  ).toEqual(expected('REPOST'));
  const quoted = extras(files, 'drafts').flatMap(({ quotedPost }) => quotedPost ?? []);
  expect(quoted.toSorted()).toEqual(expected('QUOTED_IN_DRAFT'));
  const own = world.items.filter(({ author, isDeleted }) => author === index && !isDeleted);
  const created = ofType('Create').map(({ object }) => (object as { id: string }).id);
  expect(created.toSorted()).toEqual(own.map(uriOf).toSorted());
}

interface Activity {
  readonly type: string;
  readonly object: string | { readonly id: string };
}

const linesOf = (files: ReadonlyMap<string, Buffer>, name: string): string[] =>
  files
    .get(name)!
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();

const postsOf = (items: readonly Record<string, unknown>[]): string[] =>
  items.map(({ post }) => String(post)).toSorted();

/** People whom an archive names are those with whom its owner has to do, from the owner's side, and followers. */
function expectKnownPeople(
  { world, deeds }: { readonly world: RandomWorld; readonly deeds: Deeds },
  index: number,
  files: ReadonlyMap<string, Buffer>,
): void {
  const known = new Set([
    ...world.follows.flatMap(([one, other]) =>
      [one, other].filter(() => one === index || other === index),
    ),
    ...world.blocks.filter(([one]) => one === index).map(([, other]) => other),
    ...deeds.related.filter(({ edge }) => edge[0] === index).map(({ edge }) => edge[1]),
    ...world.items.filter(({ author }) => author === index).flatMap(({ mentioned }) => mentioned),
  ]);
  const named = new Set(
    [...textsOf(files).matchAll(/([0-9a-f-]{36})@[ab]\.example/g)].map(([, id]) => id),
  );
  const strangers = world.people.filter(
    ({ id }, place) => place !== index && !known.has(place) && named.has(id),
  );
  expect(strangers).toEqual([]);
}

const now = new Date();
const id = (): string => newId(now);

/** Gives local people in use an account, and everybody what they do. @returns accounts by index of their person */
async function settleDeeds(
  world: RandomWorld,
  deeds: Deeds,
): Promise<ReadonlyMap<number, AccountRow>> {
  for (const person of world.people) await settleBelongings(person);
  await settleTouches(world, deeds);
  await settleRelations(world, deeds);
  const accounts = new Map<number, AccountRow>();
  for (const [index, { isLocal, status, id: actor_id }] of world.people.entries()) {
    if (!isLocal || !['ACTIVE', 'LIMITED'].includes(status)) continue;
    const accountId = id() as AccountId;
    const email = `${wordsOf(world.people[index]!)}@people.example`;
    await insertRows(client, 'accounts', [
      {
        id: accountId,
        actor_id,
        email,
        email_canonical: email,
        password_hash: '',
        password_changed_at: now,
        role: 'USER',
        state: 'ACTIVE',
        language: 'en',
        needs_approval: false,
        settings: {},
        created_at: now,
        updated_at: now,
      },
    ]);
    accounts.set(index, (await findAccount(reader, accountId))!);
  }
  return accounts;
}

async function addPicture({ id: ownerId }: RandomPerson): Promise<string> {
  const mediaId = id();
  const original_key = `originals/${ownerId}/${mediaId}`;
  await client.query(
    `insert into media (id, owner_id, kind, purpose, state, mime_type, original_key, created_at, updated_at)
     values ($1, $2, 'image', 'POST', 'READY', 'image/png', $3, now(), now())`,
    [mediaId, ownerId, original_key],
  );
  return mediaId;
}

/** A story, a draft, a collection, a filter: each in words of this person. */
async function settleBelongings(person: RandomPerson): Promise<void> {
  const words = wordsOf(person);
  const owned = { owner_id: person.id, title: words, created_at: now, updated_at: now };
  await insertRows(client, 'stories', [
    {
      id: id(),
      author_id: person.id,
      media_id: await addPicture(person),
      visibility: 'CLOSE_FRIENDS',
      caption_html: words,
      caption_source: words,
      allows_answers: true,
      is_kept: true,
      published_at: now,
      expires_at: now,
    },
  ]);
  const draft = {
    id: id(),
    author_id: person.id,
    kind: 'photo',
    post: { caption: words },
    tags: [],
  };
  await insertRows(client, 'drafts', [{ ...draft, created_at: now, updated_at: now }]);
  await insertRows(client, 'draft_media', [
    { draft_id: draft.id, media_id: await addPicture(person), position: 0 },
  ]);
  await insertRows(client, 'collections', [
    {
      id: id(),
      visibility: 'PUBLIC',
      description_html: words,
      description_source: words,
      is_highlighted: false,
      ...owned,
    },
  ]);
  await insertRows(client, 'content_filters', [
    { id: id(), action: 'HIDE', contexts: '{HOME}', ...owned },
  ]);
  await insertRows(client, 'actor_lists', [{ id: id(), is_exclusive: false, ...owned }]);
  await client.query(
    `insert into post_revisions (id, post_id, content_html, edited_at)
     select uuidv7(), id, $2, now() from posts where author_id = $1`,
    [person.id, words],
  );
  const posts = await client.query<{ id: string }>(
    `select id from posts where author_id = $1 and kind <> 'comment'`,
    [person.id],
  );
  for (const { id: post_id } of posts.rows)
    await insertRows(client, 'post_media', [
      { post_id, media_id: await addPicture(person), position: 0 },
    ]);
}

async function settleTouches(world: RandomWorld, { touched }: Deeds): Promise<void> {
  for (const { by, item, how } of touched) {
    const [actor_id, post_id] = [world.people[by]!.id, world.items[item]!.id];
    const row = { id: id(), post_id, created_at: now };
    switch (how) {
      case 'BOOKMARK':
        await insertRows(client, 'bookmarks', [{ ...row, owner_id: actor_id }]);
        break;
      case 'LIKE':
      case 'EMOJI':
        await insertRows(client, 'reactions', [
          { ...row, actor_id, content: how === 'LIKE' ? '❤' : '🪁' },
        ]);
        break;
      case 'REPOST':
        await insertRows(client, 'reposts', [{ ...row, actor_id }]);
        break;
      case 'TAGGED': {
        const author = world.people[world.items[item]!.author]!;
        const media_id = await addPicture(author);
        await insertRows(client, 'photo_tags', [
          { ...row, actor_id, media_id, x: 0, y: 0, state: 'APPROVED' },
        ]);
        break;
      }
      case 'QUOTED_IN_DRAFT': {
        const post = { caption: wordsOf(world.people[by]!), quotedPostId: post_id };
        await insertRows(client, 'drafts', [
          {
            id: id(),
            author_id: actor_id,
            kind: 'photo',
            post,
            tags: [],
            created_at: now,
            updated_at: now,
          },
        ]);
      }
    }
  }
}

async function settleRelations(world: RandomWorld, { related }: Deeds): Promise<void> {
  for (const { edge, how } of related) {
    const [one, other] = edge.map((index) => world.people[index]!) as [RandomPerson, RandomPerson];
    const row = { id: id(), created_at: now };
    switch (how) {
      case 'MUTE':
        await insertRows(client, 'mutes', [
          { ...row, muter_id: one.id, muted_id: other.id, mutes_notifications: true },
        ]);
        break;
      case 'LIST':
        await client.query(
          `insert into actor_list_members (list_id, actor_id, id, added_at)
           select id, $2, uuidv7(), now() from actor_lists where owner_id = $1`,
          [one.id, other.id],
        );
        break;
      case 'CLOSE_FRIEND':
        await insertRows(client, 'close_friends', [
          { ...row, owner_id: one.id, friend_id: other.id },
        ]);
        break;
      case 'STORY_DEED':
        await client.query(
          `insert into story_answers (id, story_id, actor_id, content, created_at)
           select uuidv7(), id, $1, $3, now() from stories where author_id = $2`,
          [one.id, other.id, wordsOf(one)],
        );
        break;
      case 'REPORT':
        await client.query(
          `insert into reports (id, reporter_id, target_id, category, comment, status, created_at)
           values ($1, $2, $3, 'SPAM', $4, 'OPEN', now())`,
          [row.id, one.id, other.id, wordsOf(one)],
        );
    }
  }
}
