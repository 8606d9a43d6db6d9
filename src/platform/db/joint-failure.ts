/** Who is to blame when work that shares a transaction fails. */

/** One of several pieces of work failed, and with it all of them. */
export class JointFailure extends Error {
  constructor(
    /** Which ones, by their place. */
    readonly places: readonly number[],
    options: ErrorOptions,
  ) {
    super('Work that shared a transaction failed.', options);
    this.name = 'JointFailure';
  }
}

/** After a statement that failed PostgreSQL refuses all others of its transaction, whosever they are. */
const REFUSED_WITH_OTHERS = '25P02';

/** Who failed by itself, by their places; null when nobody did, and for whoever did no harm. */
export function failureOf(
  ends: readonly (PromiseSettledResult<unknown> | null)[],
): JointFailure | null {
  const failed = ends.flatMap((end, place) =>
    end?.status === 'rejected' ? [{ place, cause: end.reason as Error & { code?: unknown } }] : [],
  );
  const own = failed.filter(({ cause }) => cause.code !== REFUSED_WITH_OTHERS);
  const [first] = own.length > 0 ? own : failed;
  if (!first) return null;
  const places = (own.length > 0 ? own : failed).map(({ place }) => place);
  return new JointFailure(places, { cause: first.cause });
}

/** Of the connection, of locks, of resources, of an end from outside: a repeat may fare better. */
const PASSING_CLASS = /^(?:08|40|53|57|58|XX)/;

/** Whether PostgreSQL refused a statement for what it says, so that it will do so each time. */
export function isRefusedStatement(error: unknown): boolean {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return false;
  return typeof error.code === 'string' && !PASSING_CLASS.test(error.code);
}
