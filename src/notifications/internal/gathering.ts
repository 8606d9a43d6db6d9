/**
 * Collects what many people do to one thing: one job for all of it, at most every few seconds. The job reads the
 * present state of its source, so it does not matter how many causes it stands for.
 */
import type { ActorId } from '../../actors/actor.entity.js';
import { addSeconds } from '../../platform/clock.js';
import type { Services } from '../../platform/context.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { firstIdAt } from '../../platform/ids.js';
import { notify, NOTIFY_BATCH, type Cause } from '../notify.js';
import type { Deed } from './withdraw.js';

/** Pause between two rounds of one gathering. */
export const GATHER_SECONDS = 2;

/** Ids are drawn before their transactions commit: each round looks back this far behind the one before. */
const OVERLAP_SECONDS = 60;

const GATHERINGS = `jsonb_to_recordset($1::jsonb) as g("recipientId" uuid, source text, "subjectId" uuid)`;
const IS_IT = `o.recipient_id = g."recipientId" and o.source = g.source and o.subject_id = g."subjectId"`;

// In one order, so that rounds never wait for each other in a circle.
const OPEN = statement(
  'notification_gatherings.open',
  `insert into notification_gatherings (recipient_id, source, subject_id, gathered_at)
   select g."recipientId", g.source, g."subjectId", 'epoch' from ${GATHERINGS}
   where not exists (select from notification_gatherings o where ${IS_IT})
   order by 1, 2, 3 on conflict do nothing`,
);
const LOCK = statement(
  'notification_gatherings.lock',
  `select o.recipient_id as "recipientId", o.source, o.subject_id as "subjectId", o.gathered_at as "gatheredAt",
     o.planned_at as "plannedAt"
   from ${GATHERINGS} join notification_gatherings o on ${IS_IT}
   order by o.recipient_id, o.source, o.subject_id for update of o`,
);
const FINISH = statement(
  'notification_gatherings.finish',
  `update notification_gatherings o set gathered_at = $2 from ${GATHERINGS} where ${IS_IT}`,
);
const PLAN = statement(
  'notification_gatherings.plan',
  `update notification_gatherings o set planned_at = $2 from ${GATHERINGS} where ${IS_IT}`,
);

/** What is gathered: whom it is for, from where, about what. */
export interface Gathering {
  readonly recipientId: ActorId;
  readonly source: 'reactions' | 'follows' | 'reposts' | 'storyReactions';
  /** Id of what people react to, follow or repost. */
  readonly subjectId: string;
}

interface Locked extends Gathering {
  /** When the last round was; the epoch before the first. */
  readonly gatheredAt: Date;
  /** For when a job is to begin the next one; null = it never was. */
  readonly plannedAt: Date | null;
}

/** Input of a job that gathers. */
export interface Gathered {
  /** It was planned when a round before was just over. */
  readonly isPlanned?: true;
}

/**
 * Subjects whose next round is planned by this job even where another one is: what was planned and is too early by this
 * clock, and what is gathered alone, as the key of such a job keeps away more of them.
 */
export function plannedOf<Input extends Gathered>(
  inputs: readonly Input[],
  subjectOf: (input: Input) => string,
): string[] {
  const planned = inputs.filter(({ isPlanned }) => isPlanned === true || inputs.length === 1);
  return planned.map(subjectOf);
}

/**
 * Locks gatherings until the end of the transaction: rounds, and removals between them, come one after another.
 *
 * @returns each of them once
 */
export async function lockGatherings(
  tx: Transaction,
  gatherings: readonly Gathering[],
): Promise<Locked[]> {
  if (gatherings.length === 0) return [];
  const distinct = new Map(gatherings.map((one) => [`${one.source} ${one.subjectId}`, one]));
  const list = JSON.stringify([...distinct.values()]);
  await tx.rows(OPEN, [list]);
  return tx.rows<Locked>(LOCK, [list]);
}

/** What people did to what is gathered; the rest is left out. */
export function deedsOf(
  gatherings: readonly Gathering[],
  acts: readonly { readonly subjectId: string; readonly actorId: ActorId }[],
): Deed[] {
  const recipients = new Map(gatherings.map((one) => [one.subjectId, one.recipientId]));
  return acts.flatMap(({ subjectId, actorId }) => {
    const recipientId = recipients.get(subjectId);
    return recipientId ? [{ recipientId, actorId, subjectId }] : [];
  });
}

/** Behind what a source looks for news about something. */
export interface Since {
  readonly subjectId: string;
  readonly sinceId: string;
}

/** What people did, as a round finds it. */
export interface Found {
  /** What they did it to. */
  readonly subjectId: string;
  /** UUIDv7 of when they did it. */
  readonly id: string;
  readonly actorId: ActorId;
}

/** Where a gathering looks. */
export interface GatheringSource<Row extends Found> {
  /** Of each subject the rows behind an id, the oldest first, at most GATHER_BATCH. */
  readonly find: (since: readonly Since[]) => Promise<Row[]>;
  readonly cause: (row: Row) => Pick<Cause, 'kind' | 'groupKey' | 'postId' | 'storyId'>;
}

/** Rows of one subject that are written together. */
export const GATHER_BATCH = 500;

/**
 * Rows of many subjects, of each those behind an id; $1 is a list of `Since`.
 *
 * @param rows a select from the source for the subject `g."subjectId"`, with `id` behind `g."sinceId"`
 */
export function sinceEach(name: string, rows: string): ReturnType<typeof statement> {
  return statement(
    name,
    `select g."subjectId", r.* from jsonb_to_recordset($1::jsonb) as g("subjectId" uuid, "sinceId" uuid)
     cross join lateral (${rows} order by id limit ${GATHER_BATCH}) r order by g."subjectId", r.id`,
  );
}

/** What a round has done, and what it left. */
export interface Round {
  /** What was found, told or not. */
  readonly deeds: readonly Deed[];
  /** Subjects whose last round was just now and whose next one nobody has planned: the caller enqueues it. */
  readonly unplanned: readonly string[];
  /** When it may begin. */
  readonly notBefore: Date;
}

/**
 * Tells recipients what is new since the last round of each gathering.
 *
 * @param planned subjects whose next round is planned here in any case (`plannedOf`)
 */
export async function gather<Row extends Found>(
  context: Pick<Services, 'clock'>,
  tx: Transaction,
  gatherings: readonly Gathering[],
  source: GatheringSource<Row>,
  planned: readonly string[],
): Promise<Round> {
  const now = context.clock.now();
  const locked = await lockGatherings(tx, gatherings);
  const rested = addSeconds(now, -GATHER_SECONDS);
  const due = locked.filter(({ gatheredAt }) => gatheredAt <= rested);
  const always = new Set(planned);
  const unplanned = locked.filter(
    ({ subjectId, gatheredAt, plannedAt }) =>
      gatheredAt > rested &&
      (plannedAt === null || plannedAt <= gatheredAt || always.has(subjectId)),
  );
  const latest = Math.max(...unplanned.map(({ gatheredAt }) => gatheredAt.getTime()));
  const notBefore = unplanned.length === 0 ? now : addSeconds(new Date(latest), GATHER_SECONDS);
  if (unplanned.length > 0) await tx.rows(PLAN, [JSON.stringify(unplanned), notBefore]);
  if (due.length > 0) await tx.rows(FINISH, [JSON.stringify(due), now]);
  return {
    deeds: await tellNews(context, tx, due, source),
    unplanned: unplanned.map(({ subjectId }) => subjectId),
    notBefore,
  };
}

async function tellNews<Row extends Found>(
  context: Pick<Services, 'clock'>,
  tx: Transaction,
  due: readonly Locked[],
  source: GatheringSource<Row>,
): Promise<Deed[]> {
  const recipients = new Map(due.map(({ subjectId, recipientId }) => [subjectId, recipientId]));
  const deeds: Deed[] = [];
  let open: Since[] = due.map(({ subjectId, gatheredAt }) => {
    const since = Math.max(0, addSeconds(gatheredAt, -OVERLAP_SECONDS).getTime());
    return { subjectId, sinceId: firstIdAt(new Date(since)) };
  });
  while (open.length > 0) {
    const found = await source.find(open);
    const causes = found.map((row) => {
      const { subjectId, actorId } = row;
      return { ...source.cause(row), recipientId: recipients.get(subjectId)!, actorId, subjectId };
    });
    for (let from = 0; from < causes.length; from += NOTIFY_BATCH)
      await notify(context, tx, causes.slice(from, from + NOTIFY_BATCH));
    deeds.push(...causes);
    open = [...Map.groupBy(found, ({ subjectId }) => subjectId)].flatMap(([subjectId, rows]) =>
      rows.length < GATHER_BATCH ? [] : [{ subjectId, sinceId: rows.at(-1)!.id }],
    );
  }
  return deeds;
}
