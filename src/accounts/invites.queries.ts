/** Reads of invites, and of who came by them. Their maker sees them, and the staff. */
import type { ActorId } from '../actors/actor.entity.js';
import { bothWays, HIGHEST_ID, LOWEST_ID } from '../platform/db/both-ways.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import type { AccountId } from './account.entity.js';
import type { InviteId, InviteRow } from './invites.js';

/** Somebody who came by an invite. */
export interface InvitedPerson {
  readonly ownerId: InviteId;
  /** Of the account: the place in the list. */
  readonly id: AccountId;
  readonly actorId: ActorId;
  readonly since: Date;
}

const COLUMNS = `id, code, created_by as "createdBy", is_by_staff as "isByStaff", uses, max_uses as "maxUses",
  created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt", follows_inviter as "followsInviter"`;

const BY_IDS = statement(
  'invites.by_ids',
  `select ${COLUMNS} from invites where id = any($1::uuid[]) and ($2::uuid is null or created_by = $2)`,
);
const byId = { order: 'desc', lowest: [LOWEST_ID], highest: [HIGHEST_ID] } as const;
const ALL = bothWays({
  name: 'invites.all',
  ...byId,
  text: ({ beyond, order }) =>
    `select ${COLUMNS} from invites where id ${beyond} $1::uuid order by id ${order} limit $2`,
});
const OF_MAKER = bothWays({
  name: 'invites.of_maker',
  ...byId,
  text: ({ beyond, order }) =>
    `select ${COLUMNS} from invites where created_by = $3 and id ${beyond} $1::uuid order by id ${order} limit $2`,
});
// Who waits to be let in, or is not shown, is nobody yet; who has a block with the viewer is nobody to them.
const INVITED = bothWays({
  name: 'invites.invited',
  ...byId,
  text: ({ beyond, order }) =>
    `select page.*, owner.id as "ownerId" from unnest($1::uuid[]) as owner(id) cross join lateral (
       select account.id, account.actor_id as "actorId", account.created_at as since
       from accounts account join actors a on a.id = account.actor_id
       where account.invite_id = owner.id and account.state = 'ACTIVE' and a.status in ('ACTIVE', 'LIMITED', 'MOVED', 'MEMORIAL')
         and not exists (select from blocks where blocker_id = a.id and blocked_id = $4
           or blocker_id = $4 and blocked_id = a.id)
         and account.id ${beyond} $2::uuid order by account.id ${order} limit $3) page
     order by page.id ${order}`,
});
const MAKERS = statement(
  'invites.makers',
  `select account.id, maker.actor_id as "actorId" from accounts account join invites invite on invite.id = account.invite_id
   join accounts maker on maker.id = invite.created_by where account.id = any($1::uuid[])`,
);

/** Invites by id, in no particular order. `makerId` null = anybody's. */
export function findInvites(
  reader: Reader,
  ids: readonly InviteId[],
  makerId: AccountId | null,
): Promise<InviteRow[]> {
  return reader.rows<InviteRow>(BY_IDS, [ids, makerId]);
}

/** Everybody's invites, newest first; one more than the page shows. */
export function listInvites(reader: Reader, page: PageRequest): Promise<InviteRow[]> {
  const { query, from } = ALL(page);
  return reader.rows<InviteRow>(query, [...from, page.size + 1]);
}

/** The invites of one person, newest first; one more than the page shows. */
export function listInvitesOf(
  reader: Reader,
  makerId: AccountId,
  page: PageRequest,
): Promise<InviteRow[]> {
  const { query, from } = OF_MAKER(page);
  return reader.rows<InviteRow>(query, [...from, page.size + 1, makerId]);
}

/** A page of who came by each of several invites, the last one first, as the viewer sees them. */
export function findInvited(
  reader: Reader,
  inviteIds: readonly string[],
  page: PageRequest,
  viewerId: ActorId,
): Promise<InvitedPerson[]> {
  const { query, from } = INVITED(page);
  return reader.rows<InvitedPerson>(query, [inviteIds, ...from, page.size + 1, viewerId]);
}

/** Who made the invites that these accounts came by; those without one are left out. */
export function findInviters(
  reader: Reader,
  accountIds: readonly AccountId[],
): Promise<{ readonly id: AccountId; readonly actorId: ActorId }[]> {
  return reader.rows(MAKERS, [accountIds]);
}
