/** Invites: codes by which the staff lets somebody in. */
import { randomBytes } from 'node:crypto';
import type { CommandContext } from '../platform/context.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { Conflict, Invalid } from '../platform/errors.js';
import { newId, toGlobalId, type Id } from '../platform/ids.js';
import { recordAct } from './audit.js';
import { requireRole } from '../platform/require-viewer.js';
import type { AccountId } from './account.entity.js';
import { chargeAttempt, INVITE_LIMITS, secretKey } from './internal/limits.js';

/** Identity of an invite. */
export type InviteId = Id<'invite'>;

/** An invite as the staff sees it. */
export interface InviteRow {
  readonly id: InviteId;
  readonly code: string;
  /** Null when made on the command line, or when the account is gone. */
  readonly createdBy: AccountId | null;
  readonly uses: number;
  /** Null = any number. */
  readonly maxUses: number | null;
  /** Null = never. */
  readonly expiresAt: Date | null;
}

const CODE_BYTES = 12;
const COLUMNS =
  'id, code, created_by as "createdBy", uses, max_uses as "maxUses", expires_at as "expiresAt"';
const INSERT = statement(
  'invites.insert',
  `insert into invites (id, code, created_by, max_uses, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)`,
);
const REDEEM = statement(
  'invites.redeem',
  `update invites set uses = uses + 1
   where code = $1 and (max_uses is null or uses < max_uses) and (expires_at is null or expires_at > $2)
   returning id`,
);
const BY_IDS = statement(
  'invites.by_ids',
  `select ${COLUMNS} from invites where id = any($1::uuid[])`,
);
const PAGE_FORWARD = statement(
  'invites.page_forward',
  `select ${COLUMNS} from invites where ($1::uuid is null or id < $1) order by id desc limit $2`,
);
const PAGE_BACKWARD = statement(
  'invites.page_backward',
  `select ${COLUMNS} from invites where ($1::uuid is null or id > $1) order by id limit $2`,
);

/**
 * Makes an invite.
 *
 * @throws {Forbidden} FORBIDDEN below the role MODERATOR
 * @throws {Invalid} INVALID_INPUT
 * @throws {RateLimited} RATE_LIMITED
 */
export async function createInvite(
  context: CommandContext,
  input: { maxUses?: number | null; expiresAt?: Date | null },
): Promise<InviteId> {
  const viewer = requireRole(context, 'MODERATOR');
  const now = context.clock.now();
  const { maxUses = null, expiresAt = null } = input;
  if (maxUses !== null && maxUses < 1)
    throw new Invalid('At least one use.', ['maxUses'], 'MINIMUM', '1');
  if (expiresAt !== null && expiresAt <= now)
    throw new Invalid('This is over already.', ['expiresAt'], 'FUTURE');
  await chargeAttempt(context, INVITE_LIMITS, secretKey(context, viewer.accountId));
  const id = newId<'invite'>(now);
  const code = randomBytes(CODE_BYTES).toString('base64url');
  await context.database.transaction(async (tx) => {
    await tx.rows(INSERT, [id, code, viewer.accountId, maxUses, now, expiresAt]);
    const details = { maxUses, expiresAt: expiresAt?.toISOString() ?? null };
    await recordAct(context, tx, {
      action: 'createInvite',
      subjectId: toGlobalId('invite', id),
      details,
    });
  });
  return id;
}

/**
 * Uses an invite once, inside the caller's transaction: of many at the same time no more get in than it has uses.
 *
 * @throws {Conflict} EXPIRED when it is unknown, used up or over
 */
export async function redeemInvite(tx: Transaction, code: string, now: Date): Promise<InviteId> {
  const invite = await tx.row<{ id: InviteId }>(REDEEM, [code.trim(), now]);
  if (!invite) throw new Conflict('This invite is not valid any more.', 'EXPIRED', ['inviteCode']);
  return invite.id;
}

/** Invites by id, in no particular order. */
export function findInvites(reader: Reader, ids: readonly InviteId[]): Promise<InviteRow[]> {
  return reader.rows<InviteRow>(BY_IDS, [ids]);
}

/** Invites, newest first; one more than the page shows. */
export function listInvites(reader: Reader, page: PageRequest): Promise<InviteRow[]> {
  const from = page.from?.[0] ?? null;
  return reader.rows<InviteRow>(page.isBackward ? PAGE_BACKWARD : PAGE_FORWARD, [
    from,
    page.size + 1,
  ]);
}
