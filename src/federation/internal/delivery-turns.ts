/**
 * Hosts for which something waits, in the order of time: what has to be delivered is found without looking at all of them.
 * For whatever waits there is a turn of its host at its time or before; a turn goes only once all that was due then is done.
 */
import { statement, type Reader, type Transaction } from '../../platform/db/database.js';
import { sliceOf } from '../delivery-slices.js';

/** One turn. */
export interface Turn {
  readonly id: string;
  readonly host: string;
  readonly dueAt: Date;
  /** The host did not answer when it was asked last. */
  readonly wasDown: boolean;
  /** The host is left alone until then; null = it is not known to be down. */
  readonly leftUntil: Date | null;
}

/** A place in the order of turns. */
export type TurnPlace = Pick<Turn, 'dueAt' | 'id'>;

/** A turn to come. */
export interface NewTurn {
  readonly host: string;
  readonly dueAt: Date;
}

/** Which turns are looked at. */
export interface TurnPage {
  readonly slices: readonly number[];
  /** Due until then. */
  readonly until: Date;
  /** Behind this one; null = from the first one. */
  readonly after: TurnPlace | null;
  readonly most: number;
}

const FIRST: TurnPlace = { dueAt: new Date(0), id: '0' };
/** More than that has never been lost at a time; the rest is found by the next look. */
const MOST_LOST = 20_000;

const PAGE = statement(
  'delivery_turns.page',
  `with page as materialized (
     select t.* from unnest($1::smallint[]) as wanted(slice) cross join lateral (
       select id, host, due_at from delivery_turns d
       where d.slice = wanted.slice and d.due_at <= $2 and (d.due_at, d.id) > ($3::timestamptz, $4::bigint)
       order by d.due_at, d.id limit $5) t
     order by t.due_at, t.id limit $5)
   select p.id::text, p.host, p.due_at as "dueAt", u.host is not null as "wasDown", u.next_attempt_at as "leftUntil"
   from page p left join unreachable_hosts u on u.host = p.host order by p.due_at, p.id`,
);
const REPLACE = statement(
  'delivery_turns.replace',
  `with gone as (delete from delivery_turns where id = any($1::bigint[]))
   insert into delivery_turns (slice, host, due_at)
   select * from unnest($2::smallint[], $3::text[], $4::timestamptz[])`,
);
const NEXT = statement(
  'delivery_turns.next',
  'select due_at as at from delivery_turns where slice = $1 order by due_at limit 1',
);
// One look into the index for each host.
const LOST = statement(
  'delivery_turns.lost',
  `with recursive waiting(host) as (
     (select host from deliveries where state = 'PENDING' order by host limit 1)
     union all
     select (select d.host from deliveries d where d.state = 'PENDING' and d.host > waiting.host order by d.host limit 1)
     from waiting where waiting.host is not null)
   select w.host from waiting w
   where w.host is not null and not exists (select from delivery_turns t where t.host = w.host) limit ${MOST_LOST}`,
);

/** Turns that are due, the earliest first. */
export function findTurns(
  reader: Reader,
  { slices, until, after, most }: TurnPage,
): Promise<Turn[]> {
  const { dueAt, id } = after ?? FIRST;
  return reader.rows<Turn>(PAGE, [slices, until, dueAt, id, most]);
}

/** Lets go of turns, and adds others. */
export async function replaceTurns(
  tx: Transaction,
  gone: readonly string[],
  added: readonly NewTurn[],
): Promise<void> {
  if (gone.length === 0 && added.length === 0) return;
  const hosts = added.map(({ host }) => host);
  await tx.rows(REPLACE, [gone, hosts.map(sliceOf), hosts, added.map(({ dueAt }) => dueAt)]);
}

/** When the next turn of a slice is; null = nothing waits. */
export async function nextTurnAt(reader: Reader, slice: number): Promise<Date | null> {
  return (await reader.row<{ at: Date }>(NEXT, [slice]))?.at ?? null;
}

/**
 * Gives a turn to hosts for which something waits without one: what waited before there were turns, and what a server without
 * them has added since. Walks all hosts for which something waits.
 *
 * @returns those hosts
 */
export async function giveLostTurns(tx: Transaction, now: Date): Promise<string[]> {
  const rows = await tx.rows<{ host: string }>(LOST);
  const hosts = rows.map(({ host }) => host);
  await replaceTurns(
    tx,
    [],
    hosts.map((host) => ({ host, dueAt: now })),
  );
  return hosts;
}
