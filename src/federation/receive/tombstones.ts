/** What is gone: it stays so, also when it comes only afterwards. Each actor buries what is its own. */
import { addSeconds } from '../../platform/clock.js';
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { statementForMany } from '../../platform/db/for-many.js';
import type { RateLimit } from '../../platform/rate-limiter.js';
import { siteOf } from '../../platform/site-of.js';
import { originOf } from '../addresses.js';
import { isShortAddress } from '../internal/read-properties.js';
import type { RemoteActor } from '../resolve-actor.js';
import type { Receiving } from './receiving.js';

const BURIED = statementForMany(
  'remote_tombstones.exists',
  `select asked.place from jsonb_to_recordset($1::jsonb) as asked(place int, uri text, "actorUri" text)
     join remote_tombstones t on t.uri = asked.uri and t.actor_uri = asked."actorUri"`,
);
const BURY = statement(
  'remote_tombstones.bury',
  `insert into remote_tombstones (uri, actor_uri, created_at) values ($1, $2, $3) on conflict do nothing`,
);

/** Of one server. */
export const BURIALS: RateLimit = {
  name: 'burials',
  points: 5_000,
  windowSeconds: 24 * 3600,
  failsClosed: false,
};

/** Whether the sender can have anything under this identity: it is of the same server. */
export function canOwn({ sender }: Pick<Receiving, 'sender'>, uri: string): boolean {
  return isShortAddress(uri) && originOf(uri) === originOf(sender.uri);
}

/**
 * Keeps in mind that something of the sender is gone. What cannot be theirs is left alone, and so is what is more than
 * ends in a day: tombstones stay, and what is known here remembers its end itself.
 */
export async function bury(receiving: Receiving, uri: string): Promise<void> {
  const { context, sender } = receiving;
  if (!canOwn(receiving, uri)) return;
  if ((await context.rateLimiter.charge(BURIALS, siteOf(sender.host))).isExceeded) return;
  await context.database.transaction((tx) => tx.rows(BURY, [uri, sender.uri, context.clock.now()]));
}

/** Under another name, as somebody may well follow again under the id of a Follow that is over. */
const followTombstone = (uri: string): string => `undone-follow:${uri}`;
/** So long a Follow may be on its way after its Undo. */
const FOLLOW_TOMBSTONE_SECONDS = 3 * 24 * 3600;
const FIND_FOLLOW = statement(
  'remote_tombstones.find_follow',
  `select created_at > $3 as "isFresh" from remote_tombstones where uri = $1 and actor_uri = $2`,
);
const TAKE_FOLLOW = statement(
  'remote_tombstones.take_follow',
  'delete from remote_tombstones where uri = $1 and actor_uri = $2',
);

/** Keeps in mind that a Follow was undone that has not come: the first one that comes under its id is none. */
export async function buryFollow(receiving: Receiving, uri: string): Promise<void> {
  const { context, sender } = receiving;
  if (!canOwn(receiving, uri)) return;
  if ((await context.rateLimiter.charge(BURIALS, siteOf(sender.host))).isExceeded) return;
  const values = [followTombstone(uri), sender.uri, context.clock.now()];
  await context.database.transaction((tx) => tx.rows(BURY, values));
}

/** Whether a Follow that comes only now was undone before; asked once. */
export async function wasFollowUndone(
  { context, sender }: Receiving,
  uri: string,
): Promise<boolean> {
  const since = addSeconds(context.clock.now(), -FOLLOW_TOMBSTONE_SECONDS);
  const name = [followTombstone(uri), sender.uri];
  const { database } = context;
  const found = await database.row<{ isFresh: boolean }>(FIND_FOLLOW, [...name, since]);
  if (found) await database.transaction((tx) => tx.rows(TAKE_FOLLOW, name));
  return found?.isFresh === true;
}

/** Whether its author has said that it is gone. */
export async function isBuried(
  { database }: Pick<Services, 'database'>,
  author: Pick<RemoteActor, 'uri'>,
  uri: string,
): Promise<boolean> {
  return (await database.ask(BURIED, { uri, actorUri: author.uri })).length > 0;
}
