/** Making an invite: the staff as it likes, everybody else within limits where members may invite. */
import { randomBytes } from 'node:crypto';
import { addSeconds } from '../platform/clock.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Forbidden, Invalid, TooMany } from '../platform/errors.js';
import { newId, toGlobalId } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { AccountId } from './account.entity.js';
import { recordAct } from './audit.js';
import { instanceSettings } from './instance-settings.js';
import {
  chargeAttempt,
  INVITE_LIMITS,
  MEMBER_INVITE_LIMITS,
  secretKey,
} from './internal/limits.js';
import { invitesAsStaff, isOpenInvite, type InviteId } from './invites.js';

/** What to make; absent and null = as much as the maker may. */
export interface NewInvite {
  readonly maxUses?: number | null;
  readonly expiresAt?: Date | null;
  /** Who registers with it follows its maker. */
  readonly followsInviter: boolean;
}

/** Open invites that somebody outside of the staff may have. */
export const MEMBER_INVITES = 20;

/** How many may come by one invite of somebody outside of the staff. */
export const MEMBER_INVITE_USES = 50;

/** How many days an invite of somebody outside of the staff lasts at most. */
export const MEMBER_INVITE_DAYS = 90;

const CODE_BYTES = 12;
const DAY_SECONDS = 86_400;

const LOCK = statement(
  'invites.lock_maker',
  'select id from accounts where id = $1 for no key update',
);
const COUNT = statement(
  'invites.count_open',
  `select count(*)::int as count from invites where created_by = $1 and ${isOpenInvite('invites', '$2::timestamptz', 'true')}`,
);
const INSERT = statement(
  'invites.insert',
  `insert into invites (id, code, created_by, is_by_staff, follows_inviter, max_uses, created_at, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

/**
 * Makes an invite. Opens its own transaction. One by the staff is in its record.
 *
 * @throws {Forbidden} FORBIDDEN outside of the staff where members may not invite
 * @throws {Invalid} INVALID_INPUT
 * @throws {TooMany} LIMIT_EXCEEDED outside of the staff for more than 20 open ones
 * @throws {RateLimited} RATE_LIMITED
 */
export async function createInvite(context: CommandContext, input: NewInvite): Promise<InviteId> {
  const viewer = requireViewer(context);
  const isByStaff = invitesAsStaff(viewer);
  if (!isByStaff) await requireMembersMay(context);
  const now = context.clock.now();
  const { maxUses, expiresAt } = isByStaff ? readBounds(input, now) : readMemberBounds(input, now);
  const limits = isByStaff ? INVITE_LIMITS : MEMBER_INVITE_LIMITS;
  await chargeAttempt(context, limits, secretKey(context, viewer.accountId));
  const id = newId<'invite'>(now);
  const code = randomBytes(CODE_BYTES).toString('base64url');
  await context.database.transaction(async (tx) => {
    if (!isByStaff) await requireRoom(tx, viewer.accountId, now);
    const { followsInviter } = input;
    const values = [viewer.accountId, isByStaff, followsInviter, maxUses, now, expiresAt];
    await tx.rows(INSERT, [id, code, ...values]);
    if (!isByStaff) return;
    await recordAct(context, tx, {
      action: 'createInvite',
      subjectId: toGlobalId('invite', id),
      details: { maxUses, expiresAt: expiresAt?.toISOString() ?? null, followsInviter },
    });
  });
  return id;
}

async function requireMembersMay({ database, config }: CommandContext): Promise<void> {
  const { membersMayInvite } = await instanceSettings(database, config);
  if (!membersMayInvite) throw new Forbidden('On this server only the staff invites.');
}

interface Bounds {
  readonly maxUses: number | null;
  readonly expiresAt: Date | null;
}

function readBounds({ maxUses = null, expiresAt = null }: NewInvite, now: Date): Bounds {
  if (maxUses !== null && maxUses < 1)
    throw new Invalid('At least one use.', ['maxUses'], 'MINIMUM', '1');
  if (expiresAt !== null && expiresAt <= now)
    throw new Invalid('This is over already.', ['expiresAt'], 'FUTURE');
  return { maxUses, expiresAt };
}

function readMemberBounds(input: NewInvite, now: Date): Bounds {
  const { maxUses, expiresAt } = readBounds(input, now);
  if (maxUses !== null && maxUses > MEMBER_INVITE_USES) {
    const limit = String(MEMBER_INVITE_USES);
    throw new Invalid(`At most ${limit} uses.`, ['maxUses'], 'MAXIMUM', limit);
  }
  const latest = addSeconds(now, MEMBER_INVITE_DAYS * DAY_SECONDS);
  if (expiresAt !== null && expiresAt > latest) {
    const limit = `P${MEMBER_INVITE_DAYS}D`;
    throw new Invalid(
      `At most ${MEMBER_INVITE_DAYS} days from now.`,
      ['expiresAt'],
      'LATEST',
      limit,
    );
  }
  return { maxUses: maxUses ?? MEMBER_INVITE_USES, expiresAt: expiresAt ?? latest };
}

/** Needs to be told before the invite is written; of many at once the last ones are refused. */
async function requireRoom(tx: Transaction, accountId: AccountId, now: Date): Promise<void> {
  await tx.rows(LOCK, [accountId]);
  const open = await tx.row<{ count: number }>(COUNT, [accountId, now]);
  if ((open?.count ?? 0) >= MEMBER_INVITES)
    throw new TooMany(`At most ${MEMBER_INVITES} open invites: revoke one.`, MEMBER_INVITES);
}
