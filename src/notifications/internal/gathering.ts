/**
 * Collects what many people do to one thing: one job for all of it, at most every few seconds. The job reads the
 * present state of its source, so it does not matter how many causes it stands for.
 */
import type { ActorId } from '../../actors/actor.entity.js';
import { addSeconds } from '../../platform/clock.js';
import type { Services } from '../../platform/context.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { firstIdAt } from '../../platform/ids.js';
import { notify, type Cause } from '../notify.js';

/** Pause between two rounds of one gathering. */
export const GATHER_SECONDS = 2;

/** Ids are drawn before their transactions commit: each round looks back this far behind the one before. */
const OVERLAP_SECONDS = 60;

const OPEN = statement(
  'notification_gatherings.open',
  `insert into notification_gatherings (recipient_id, source, subject_id, gathered_at)
   values ($1, $2, $3, 'epoch') on conflict do nothing`,
);
const LOCK = statement(
  'notification_gatherings.lock',
  `select gathered_at as "gatheredAt" from notification_gatherings
   where recipient_id = $1 and source = $2 and subject_id = $3 for update`,
);
const FINISH = statement(
  'notification_gatherings.finish',
  `update notification_gatherings set gathered_at = $4
   where recipient_id = $1 and source = $2 and subject_id = $3`,
);

/** What is gathered: whom it is for, from where, about what. */
export interface Gathering {
  readonly recipientId: ActorId;
  readonly source: 'reactions' | 'follows' | 'reposts' | 'storyReactions';
  /** Id of what people react to, follow or repost. */
  readonly subjectId: string;
}

/**
 * Locks a gathering until the end of the transaction: rounds, and removals between them, come one after another.
 *
 * @returns when the last round was; the epoch before the first
 */
export async function lockGathering(tx: Transaction, gathering: Gathering): Promise<Date> {
  const key = [gathering.recipientId, gathering.source, gathering.subjectId];
  await tx.rows(OPEN, key);
  const row = await tx.row<{ gatheredAt: Date }>(LOCK, key);
  if (!row) throw new Error('A gathering that was opened is gone');
  return row.gatheredAt;
}

/** What people did, as a round finds it. */
export interface Found {
  /** UUIDv7 of when they did it. */
  readonly id: string;
  readonly actorId: ActorId;
}

/** Where a gathering looks. */
export interface GatheringSource<Row extends Found> {
  /** Rows behind an id, the oldest first, at most GATHER_BATCH. */
  readonly find: (sinceId: string) => Promise<Row[]>;
  readonly cause: (row: Row) => Pick<Cause, 'kind' | 'groupKey' | 'postId' | 'storyId'>;
}

/** Rows that are written together. */
export const GATHER_BATCH = 500;

/**
 * Tells the recipient what is new since the last round.
 *
 * @returns who it was; or when a round may begin, because the last one was just now
 */
export async function gather<Row extends Found>(
  context: Pick<Services, 'clock'>,
  tx: Transaction,
  gathering: Gathering,
  source: GatheringSource<Row>,
): Promise<{ readonly actorIds: readonly ActorId[] } | { readonly notBefore: Date }> {
  const now = context.clock.now();
  const previous = await lockGathering(tx, gathering);
  const notBefore = addSeconds(previous, GATHER_SECONDS);
  if (notBefore > now) return { notBefore };
  const { recipientId, source: name, subjectId } = gathering;
  await tx.rows(FINISH, [recipientId, name, subjectId, now]);
  const since = Math.max(0, addSeconds(previous, -OVERLAP_SECONDS).getTime());
  const actorIds: ActorId[] = [];
  let found: Row[] = [];
  let last: string = firstIdAt(new Date(since));
  do {
    found = await source.find(last);
    last = found.at(-1)?.id ?? last;
    const causes = found.map((row) => ({
      ...source.cause(row),
      recipientId,
      actorId: row.actorId,
    }));
    await notify(context, tx, causes);
    actorIds.push(...causes.map(({ actorId }) => actorId));
  } while (found.length === GATHER_BATCH);
  return { actorIds };
}
