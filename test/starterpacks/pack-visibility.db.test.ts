// Who sees a starter pack, and whom in it: SQL agrees with the sentences that describe it, in random worlds, for everybody.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { ACTOR_STATUSES, type ActorId, type ActorStatus } from '../../src/actors/actor.entity.js';
import { countUnread } from '../../src/notifications/notifications.queries.js';
import type { Reader } from '../../src/platform/db/database.js';
import { newId } from '../../src/platform/ids.js';
import type { StarterPackId } from '../../src/starterpacks/starter-pack.js';
import {
  countPackMembers,
  discoverStarterPacks,
  FEWEST_TO_DISCOVER,
  findPackMembers,
  findStarterPacks,
  findStarterPacksOfOwners,
  findStarterPacksWith,
  findToFollow,
} from '../../src/starterpacks/starter-packs.queries.js';
import { freshDatabase } from '../support/database.js';
import { insertRows, readerOf } from '../support/random-world.js';

type Edge = readonly [number, number];

interface Pack {
  readonly id: StarterPackId;
  readonly owner: number;
  readonly members: readonly number[];
  readonly isListed: boolean;
  readonly isRemoved: boolean;
  readonly uses: number;
}

interface World {
  readonly people: readonly {
    readonly id: ActorId;
    readonly status: ActorStatus;
    readonly isDiscoverable: boolean;
    readonly isLocal: boolean;
  }[];
  readonly packs: readonly Pack[];
  readonly follows: readonly Edge[];
  readonly mutes: readonly Edge[];
  readonly blocks: readonly Edge[];
}

const PEOPLE = 7;
const NOW = new Date('2026-01-02T00:00:00Z');
const ALL = { size: 100, isBackward: false, from: null };

const person = fc.nat(PEOPLE - 1);
const pair = fc.tuple(person, person).filter(([one, other]) => one !== other);
const pairs = (maxLength: number) =>
  fc.uniqueArray(pair, { maxLength, selector: (edge) => edge.join() });
const mostly = fc.constantFrom<ActorStatus>(
  ...Array.from({ length: 12 }, () => 'ACTIVE' as const),
  ...(Object.keys(ACTOR_STATUSES) as ActorStatus[]),
);

const worlds: fc.Arbitrary<World> = fc
  .record({
    people: fc.array(
      fc.record({
        status: mostly,
        isDiscoverable: fc.constantFrom(true, true, true, false),
        isLocal: fc.constantFrom(true, true, false),
      }),
      { minLength: PEOPLE, maxLength: PEOPLE },
    ),
    packs: fc.array(
      fc.record({
        owner: person,
        members: fc.uniqueArray(person, { maxLength: PEOPLE }),
        isListed: fc.constantFrom(true, true, false),
        isRemoved: fc.constantFrom(false, false, false, true),
        uses: fc.nat(2),
      }),
      { minLength: 2, maxLength: 6 },
    ),
    follows: pairs(6),
    mutes: pairs(4),
    blocks: pairs(4),
  })
  .map(({ people, packs, ...edges }) => ({
    people: people.map((one) => ({ ...one, id: newId<'actor'>(NOW) })),
    packs: packs.map((pack) => ({ ...pack, id: newId<'starterpack'>(NOW) })),
    ...edges,
  }));

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

const has = (edges: readonly Edge[], one: number, other: number): boolean =>
  edges.some(([from, to]) => from === one && to === other);

/** The sentences; `me` -1 = nobody. */
function sentences({ people, packs, follows, mutes, blocks }: World, me: number) {
  const isBlocked = (one: number, other: number) =>
    has(blocks, one, other) || has(blocks, other, one);
  const seesPack = ({ owner, isRemoved }: Pack) =>
    !isRemoved &&
    ['ACTIVE', 'LIMITED', 'MOVED', 'MEMORIAL'].includes(people[owner]!.status) &&
    !isBlocked(owner, me);
  const members = ({ owner, members: all }: Pack) =>
    all.filter(
      (one) =>
        people[one]!.status === 'ACTIVE' &&
        (one === owner || people[one]!.isDiscoverable) &&
        !isBlocked(one, owner) &&
        !isBlocked(one, me),
    );
  return {
    seen: packs.filter(seesPack),
    members,
    followed: (pack: Pack) => members(pack).filter((one) => has(follows, me, one)),
    toFollow: (pack: Pack) =>
      members(pack).filter((one) => one !== me && !has(follows, me, one) && !has(mutes, me, one)),
    discovered: packs.filter(
      (pack) =>
        seesPack(pack) &&
        pack.isListed &&
        people[pack.owner]!.status === 'ACTIVE' &&
        people[pack.owner]!.isDiscoverable &&
        members(pack).length >= FEWEST_TO_DISCOVER,
    ),
    onProfiles: packs.filter((pack) => seesPack(pack) && (pack.isListed || pack.owner === me)),
    withMe: packs.filter(
      (pack) => seesPack(pack) && pack.members.includes(me) && pack.owner !== me,
    ),
  };
}

test('SQL and sentences agree for every onlooker and every pack of 150 random worlds', async () => {
  const shown = { packs: 0, members: 0, discovered: 0, withMe: 0, toFollow: 0 };
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      await client.query('begin');
      try {
        await settle(world);
        for (const me of [-1, ...world.people.keys()]) await compare(world, me, shown);
      } finally {
        await client.query('rollback');
      }
    }),
    { numRuns: 150 },
  );
  for (const count of Object.values(shown)) expect(count).toBeGreaterThan(25);
});

async function compare(
  world: World,
  me: number,
  shown: Record<'packs' | 'members' | 'discovered' | 'withMe' | 'toFollow', number>,
): Promise<void> {
  const viewerId = world.people[me]?.id ?? null;
  const expected = sentences(world, me);
  const idsOf = (packs: readonly { readonly id: string }[]) => packs.map(({ id }) => id).toSorted();
  const actors = (indexes: readonly number[]) => indexes.map((index) => world.people[index]!.id);
  const everyId = world.packs.map(({ id }) => id);
  expect(idsOf(await findStarterPacks(reader, everyId, viewerId))).toEqual(idsOf(expected.seen));
  const owners = world.people.map(({ id }) => id);
  const onProfiles = await findStarterPacksOfOwners(reader, owners, ALL, viewerId);
  expect(idsOf(onProfiles)).toEqual(idsOf(expected.onProfiles));
  for (const sort of ['POPULAR', 'NEWEST'] as const) {
    const { rows } = await discoverStarterPacks(reader, viewerId, sort, ALL);
    expect(idsOf(rows)).toEqual(idsOf(expected.discovered));
  }
  const seenIds = expected.seen.map(({ id }) => id);
  const members = await findPackMembers(reader, seenIds, ALL, viewerId);
  const counts = new Map(
    (await countPackMembers(reader, seenIds, viewerId)).map((row) => [row.id, row]),
  );
  for (const pack of expected.seen) {
    const inPack = expected.members(pack);
    const found = members.filter(({ ownerId }) => ownerId === pack.id);
    expect(found.map(({ actorId }) => actorId)).toEqual(actors(inPack));
    const followed = expected.followed(pack).length;
    expect(counts.get(pack.id)).toEqual({ id: pack.id, members: inPack.length, followed });
    shown.members += inPack.length;
    if (viewerId === null) continue;
    const toFollow = expected.toFollow(pack);
    expect(await findToFollow(reader, pack.id, viewerId, [], NOW)).toEqual(actors(toFollow));
    shown.toFollow += toFollow.length;
  }
  if (viewerId !== null) {
    const { rows } = await findStarterPacksWith(reader, viewerId, ALL);
    expect(idsOf(rows)).toEqual(idsOf(expected.withMe));
    await compareTold(world, me, expected.withMe.length);
  }
  shown.packs += expected.seen.length;
  shown.discovered += expected.discovered.length;
  shown.withMe += expected.withMe.length;
}

/** Everybody was told of the packs that they are in; of those they see the notifications are left. */
async function compareTold(world: World, me: number, left: number): Promise<void> {
  expect(await countUnread(reader, world.people[me]!.id, NOW)).toBe(
    left - hushed(world, me).length,
  );
}

/** Packs that one sees of somebody whom one mutes: these are told of no more. */
function hushed(world: World, me: number): readonly Pack[] {
  return sentences(world, me).withMe.filter(({ owner }) => has(world.mutes, me, owner));
}

async function settle({ people, packs, follows, mutes, blocks }: World): Promise<void> {
  await insertRows(
    client,
    'actors',
    people.map(({ id, status, isDiscoverable, isLocal }) => ({
      id,
      status,
      is_discoverable: isDiscoverable,
      username: id,
      domain: isLocal ? null : 'b.example',
      uri: id,
      url: id,
      joined_at: NOW,
      updated_at: NOW,
    })),
  );
  const edges = (rows: readonly Edge[], one: string, other: string, more: object) =>
    rows.map(([from, to]) => ({
      [one]: people[from]!.id,
      [other]: people[to]!.id,
      id: newId(NOW),
      ...more,
    }));
  const followed = { state: 'REQUESTED', requested_at: NOW };
  await insertRows(client, 'follows', edges(follows, 'follower_id', 'followee_id', followed));
  const since = { created_at: NOW };
  await insertRows(client, 'blocks', edges(blocks, 'blocker_id', 'blocked_id', since));
  const muted = { ...since, mutes_notifications: true };
  await insertRows(client, 'mutes', edges(mutes, 'muter_id', 'muted_id', muted));
  await insertRows(
    client,
    'starter_packs',
    packs.map(({ id, owner, isListed, isRemoved, uses }) => ({
      id,
      owner_id: people[owner]!.id,
      title: 'Kites',
      is_listed: isListed,
      use_count: uses,
      removed_at: isRemoved ? NOW : null,
      created_at: NOW,
      updated_at: NOW,
    })),
  );
  const memberships = packs.flatMap(({ id, owner, members }) =>
    members.map((one, position) => ({ id, owner, one, position })),
  );
  await insertRows(
    client,
    'starter_pack_members',
    memberships.map(({ id, one, position }) => ({
      pack_id: id,
      actor_id: people[one]!.id,
      position,
      added_at: NOW,
    })),
  );
  const told = memberships
    .filter(({ one, owner }) => one !== owner)
    .map((membership) => ({ ...membership, notificationId: newId(NOW) }));
  await insertRows(
    client,
    'notifications',
    told.map(({ id, one, notificationId }) => ({
      id: notificationId,
      recipient_id: people[one]!.id,
      kind: 'STARTER_PACK',
      group_key: id,
      starter_pack_id: id,
      has_actors: true,
      actor_count: 1,
      position: notificationId,
      happened_at: NOW,
    })),
  );
  await insertRows(
    client,
    'notification_actors',
    told.map(({ owner, notificationId }) => ({
      notification_id: notificationId,
      actor_id: people[owner]!.id,
      id: newId(NOW),
      state: 'SHOWN',
    })),
  );
}
