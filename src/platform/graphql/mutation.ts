/**
 * The edge of every mutation: runs a command, turns refusals into `userErrors`, and replays the first
 * result of a repeated idempotency key.
 */
import { createHmac } from 'node:crypto';
import { statement, type Transaction } from '../db/database.js';
import { Conflict, DomainError, Invalid } from '../errors.js';
import { readingAs, type GraphQLContext } from './context.js';
import { toUserErrorSource, type UserErrorSource } from './user-error.js';

/** How long a key replays, in seconds. */
export const IDEMPOTENCY_SECONDS = 24 * 60 * 60;

const MAX_KEY_LENGTH = 128;

/** A payload as resolvers return it. */
export type Answer<Fields> = Partial<Fields> & { userErrors: readonly UserErrorSource[] };

/**
 * Runs a command and shapes its payload.
 *
 * @param command does the work; its refusals (DomainError) become `userErrors`
 * @param present makes the payload's fields from the command's result, after the commit
 */
export async function answer<Result, Fields extends object>(
  context: GraphQLContext,
  command: () => Promise<Result>,
  present: (result: Result) => Promise<Fields> | Fields,
): Promise<Answer<Fields>> {
  try {
    const result = await command();
    context.loaders.clear();
    // What it is about is shown as the viewer has it, also to a token that may not read posts.
    const viewerId = context.viewer?.actorId ?? null;
    const fields = await readingAs(context, viewerId, () => present(result));
    return { ...fields, userErrors: [] };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return Object.assign({} as Partial<Fields>, {
      userErrors: [toUserErrorSource(error, context.locale)],
    });
  }
}

/**
 * As `answer`, for a creating mutation: with a key, the command and the memory of its result commit
 * together, and a repeat within 24 h presents that first result instead of creating again.
 *
 * @param command its result must be plain JSON, usually the new id
 * @throws {Conflict} IDEMPOTENCY_KEY_REUSED when the key came with another input
 */
export async function answerOnce<Result, Fields extends object>(
  context: GraphQLContext,
  mutation: string,
  input: { idempotencyKey?: string | null },
  command: () => Promise<Result>,
  present: (result: Result) => Promise<Fields> | Fields,
): Promise<Answer<Fields>> {
  const { viewer } = context;
  if (!viewer) return answer(context, command, present);
  const owner = { mutation, ownerId: viewer.accountId };
  return answer(context, () => once(context, owner, input, command), present);
}

/** Whose key it is: an account, or for those who have none yet any UUID that a repeat comes with again. */
export interface KeyOwner {
  readonly mutation: string;
  readonly ownerId: string;
}

/**
 * The part of `answerOnce` that remembers: runs the command in a transaction with the memory of its result, or
 * answers that of the first time. Without a key the command just runs.
 *
 * @throws {Invalid} INVALID_INPUT for a key that is empty or too long
 * @throws {Conflict} IDEMPOTENCY_KEY_REUSED
 */
export async function once<Result>(
  context: GraphQLContext,
  owner: KeyOwner,
  input: { idempotencyKey?: string | null },
  command: () => Promise<Result>,
): Promise<Result> {
  const key = input.idempotencyKey;
  if (key == null) return command();
  checkKey(key);
  const use = { ...owner, key, digest: digestOf(context, input), now: context.clock.now() };
  return context.database.transaction((tx) => runOnce(tx, use, command));
}

interface KeyUse extends KeyOwner {
  readonly key: string;
  readonly digest: Buffer;
  readonly now: Date;
}

interface KeyRow {
  readonly mutation: string;
  readonly digest: Buffer;
  readonly result: unknown;
}

const CLAIM_KEY = statement(
  'idempotency.claim',
  `insert into idempotency_keys (account_id, key, mutation, input_digest, created_at)
   values ($1, $2, $3, $4, $5)
   on conflict (account_id, key) do update
     set mutation = excluded.mutation, input_digest = excluded.input_digest, result = null, created_at = excluded.created_at
     where idempotency_keys.created_at < $6
   returning key`,
);
const READ_KEY = statement(
  'idempotency.read',
  'select mutation, input_digest as digest, result from idempotency_keys where account_id = $1 and key = $2',
);
const STORE_RESULT = statement(
  'idempotency.store',
  'update idempotency_keys set result = $3::jsonb where account_id = $1 and key = $2',
);

async function runOnce<Result>(
  tx: Transaction,
  use: KeyUse,
  command: () => Promise<Result>,
): Promise<Result> {
  const expired = new Date(use.now.getTime() - IDEMPOTENCY_SECONDS * 1000);
  const claimed = await tx.row(CLAIM_KEY, [
    use.ownerId,
    use.key,
    use.mutation,
    use.digest,
    use.now,
    expired,
  ]);
  if (!claimed) return replay<Result>(tx, use);
  const result = await command();
  await tx.rows(STORE_RESULT, [use.ownerId, use.key, JSON.stringify(result)]);
  return result;
}

async function replay<Result>(tx: Transaction, use: KeyUse): Promise<Result> {
  const first = await tx.row<KeyRow>(READ_KEY, [use.ownerId, use.key]);
  if (!first || first.mutation !== use.mutation || !first.digest.equals(use.digest)) {
    throw new Conflict(
      'This idempotency key was used with a different input.',
      'IDEMPOTENCY_KEY_REUSED',
      ['idempotencyKey'],
    );
  }
  return first.result as Result;
}

function checkKey(key: string): void {
  if (key.length >= 1 && key.length <= MAX_KEY_LENGTH) return;
  throw new Invalid(
    `The idempotency key must have 1–${MAX_KEY_LENGTH} characters.`,
    ['idempotencyKey'],
    'LENGTH',
    `1..${MAX_KEY_LENGTH}`,
  );
}

/** Keyed, as an input may hold a password. */
function digestOf({ sealer }: GraphQLContext, input: object): Buffer {
  return createHmac('sha256', sealer.deriveKey('idempotent-input'))
    .update(JSON.stringify(sorted(input)))
    .digest();
}

/** The same input with its keys in order, so that their order does not matter. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object' || value instanceof Date)
    return typeof value === 'bigint' ? value.toString() : value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, part]) => [name, sorted(part)]),
  );
}
