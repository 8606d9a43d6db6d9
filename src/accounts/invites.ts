/** Invites: codes by which people are let in, or come as guests of somebody. */
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import type { CommandContext, Viewer } from '../platform/context.js';
import { Conflict } from '../platform/errors.js';
import type { Id } from '../platform/ids.js';
import { includesRole } from '../platform/require-viewer.js';
import { hasAnyScope } from '../platform/scopes.js';
import type { AccountId } from './account.entity.js';
import type { InstanceSettings } from './instance-settings.js';

/** Identity of an invite. */
export type InviteId = Id<'invite'>;

/** An invite as its maker and the staff see it. */
export interface InviteRow {
  readonly id: InviteId;
  readonly code: string;
  /** Null when the account is gone. */
  readonly createdBy: AccountId | null;
  /** Made by the staff as such: who comes by it needs no approval. */
  readonly isByStaff: boolean;
  readonly uses: number;
  /** Null = any number. */
  readonly maxUses: number | null;
  readonly createdAt: Date;
  /** Null = never. */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** Who registers with it follows its maker. */
  readonly followsInviter: boolean;
}

const CODE = /^[\w-]{1,64}$/;
const STAFF = `('MODERATOR', 'ADMIN', 'OWNER')`;

/** True for an invite whose maker still is one of the staff; `invite` is an alias of `invites`. */
const isOfStaff = (
  invite: string,
): string => `(${invite}.is_by_staff and (${invite}.created_by is null
  or exists (select from accounts where id = ${invite}.created_by and role in ${STAFF})))`;

/**
 * True for an invite that lets in: neither used up, over nor revoked, by an account in use, of the staff or where members
 * may invite.
 *
 * @param invite alias of `invites` in the statement
 * @param now SQL expression of the present
 * @param members SQL expression of whether members may invite
 */
export function isOpenInvite(invite: string, now: string, members: string): string {
  return `(${invite}.revoked_at is null and (${invite}.max_uses is null or ${invite}.uses < ${invite}.max_uses)
    and (${invite}.expires_at is null or ${invite}.expires_at > ${now})
    and (${invite}.created_by is null or exists (select from accounts where id = ${invite}.created_by and state = 'ACTIVE'))
    and (${members} or ${isOfStaff(invite)}))`;
}

const REDEEM = statement(
  'invites.redeem',
  `update invites set uses = uses + 1 where code = $1 and ${isOpenInvite('invites', '$2', '$3::boolean')}
   returning id, ${isOfStaff('invites')} as "sparesApproval"`,
);
const PREVIEW = statement(
  'invites.preview',
  `select maker.actor_id as "inviterId", invite.follows_inviter as "followsInviter", invite.expires_at as "expiresAt",
     ${isOfStaff('invite')} as "sparesApproval"
   from invites invite left join accounts maker on maker.id = invite.created_by
     and (invite.follows_inviter or not invite.is_by_staff)
   where invite.code = $1 and ${isOpenInvite('invite', '$2', '$3::boolean')}`,
);

/** What an invite says to whoever has its code. */
export interface OpenInvite {
  /** Null for an invite of the staff, unless one follows its maker. */
  readonly inviterId: Id<'actor'> | null;
  readonly followsInviter: boolean;
  readonly expiresAt: Date | null;
  /** Whoever comes by it needs no approval. */
  readonly sparesApproval: boolean;
}

/** Whether somebody sees everybody's invites: by role, and with a token that may. */
export function seesAllInvites({ role, scopes }: Viewer): boolean {
  return includesRole(role, 'MODERATOR') && hasAnyScope(scopes, ['admin:read:instance']);
}

/** Whether somebody invites as one of the staff: by role, and with a token that may do so. */
export function invitesAsStaff({ role, scopes }: Viewer): boolean {
  return includesRole(role, 'MODERATOR') && hasAnyScope(scopes, ['admin:write:instance']);
}

/**
 * Uses an invite once, inside the caller's transaction: of many at the same time no more get in than it has uses.
 *
 * @param written its code or address
 * @throws {Conflict} EXPIRED when it is unknown, used up, over or revoked
 */
export async function redeemInvite(
  tx: Transaction,
  { membersMayInvite }: Pick<InstanceSettings, 'membersMayInvite'>,
  written: string,
  now: Date,
): Promise<{ readonly id: InviteId; readonly sparesApproval: boolean }> {
  const invite = await tx.row<{ id: InviteId; sparesApproval: boolean }>(REDEEM, [
    readCode(written),
    now,
    membersMayInvite,
  ]);
  if (!invite) throw new Conflict('This invite is not valid any more.', 'EXPIRED', ['inviteCode']);
  return invite;
}

/** What the invite with this code or address says; null when it lets nobody in. */
export function findOpenInvite(
  reader: Reader,
  { membersMayInvite }: Pick<InstanceSettings, 'membersMayInvite'>,
  written: string,
  now: Date,
): Promise<OpenInvite | null> {
  return reader.row<OpenInvite>(PREVIEW, [readCode(written), now, membersMayInvite]);
}

/** The code in what somebody entered, who may have copied the whole address; empty when there is none. */
function readCode(written: string): string {
  const last = written.trim().split('/').at(-1) ?? '';
  return CODE.test(last) ? last : '';
}

/** The page of an invite, to be sent to whoever is invited. */
export function inviteUrl({ config }: Pick<CommandContext, 'config'>, code: string): string {
  return `${config.publicUrl.origin}/invite/${code}`;
}
