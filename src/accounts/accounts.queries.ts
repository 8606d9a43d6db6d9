/** Reads of accounts. Rows hold what only the person and the staff may see. */
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import type { Role } from '../platform/context.js';
import type { ActorId } from '../actors/actor.entity.js';
import type { AccountId, AccountState } from './account.entity.js';
import { parseEmail } from './email-addresses.js';

/** An account without its credentials. */
export interface AccountRow {
  readonly id: AccountId;
  readonly actorId: ActorId;
  readonly username: string;
  readonly email: string;
  readonly emailVerifiedAt: Date | null;
  /** New address that waits for its proof; null when none does. */
  readonly pendingEmail: string | null;
  readonly role: Role;
  readonly state: AccountState;
  readonly language: string;
  readonly registrationReason: string | null;
  /** True until the staff has let the person in, where it has to. */
  readonly needsApproval: boolean;
  /** Stored settings without defaults; read them through `accountSettings`. */
  readonly settings: unknown;
  readonly createdAt: Date;
}

/** What proves a person. */
export interface CredentialRow {
  readonly id: AccountId;
  readonly actorId: ActorId;
  readonly username: string;
  readonly passwordHash: string;
  readonly state: AccountState;
  readonly role: Role;
}

const COLUMNS = `a.id, a.actor_id as "actorId", t.username, a.email, a.email_verified_at as "emailVerifiedAt",
  a.pending_email as "pendingEmail", a.role, a.state, a.language,
  a.registration_reason as "registrationReason", a.needs_approval as "needsApproval", a.settings, a.created_at as "createdAt"`;
const CREDENTIALS = `a.id, a.actor_id as "actorId", t.username, a.password_hash as "passwordHash", a.state, a.role`;
const FROM = 'from accounts a join actors t on t.id = a.actor_id';

const BY_IDS = statement(
  'accounts.by_ids',
  `select ${COLUMNS} ${FROM} where a.id = any($1::uuid[])`,
);
const BY_ACTOR = statement('accounts.by_actor', `select ${COLUMNS} ${FROM} where a.actor_id = $1`);
const PENDING = `${FROM} where a.state = 'AWAITING_APPROVAL'`;
const PENDING_FORWARD = statement(
  'accounts.pending_forward',
  `select ${COLUMNS} ${PENDING} and ($1::uuid is null or a.id > $1) order by a.id limit $2`,
);
const PENDING_BACKWARD = statement(
  'accounts.pending_backward',
  `select ${COLUMNS} ${PENDING} and ($1::uuid is null or a.id < $1) order by a.id desc limit $2`,
);
const CREDENTIAL = statement(
  'accounts.credential',
  `select ${CREDENTIALS} ${FROM} where a.id = $1`,
);
// A name is unique. An address belongs to the account that proved it, else to the one that gave it first.
const BY_LOGIN = statement(
  'accounts.by_login',
  `(select 1 as rank, ${CREDENTIALS} ${FROM}
    where lower(t.username) = $1 and coalesce(t.domain, '') = '' and a.state not in ('REJECTED', 'DELETED'))
   union all
   (select 2, ${CREDENTIALS} ${FROM}
    where lower(a.email) = $2 and a.state not in ('REJECTED', 'DELETED')
    order by a.email_verified_at is null, a.created_at, a.id limit 1)
   order by 1 limit 1`,
);

/** Accounts by id, in no particular order. */
export function findAccounts(reader: Reader, ids: readonly AccountId[]): Promise<AccountRow[]> {
  return reader.rows<AccountRow>(BY_IDS, [ids]);
}

/** One account; null when there is none. */
export async function findAccount(reader: Reader, id: AccountId): Promise<AccountRow | null> {
  return (await findAccounts(reader, [id]))[0] ?? null;
}

/** The account behind a local actor; null for remote actors. */
export function findAccountOfActor(reader: Reader, actorId: ActorId): Promise<AccountRow | null> {
  return reader.row<AccountRow>(BY_ACTOR, [actorId]);
}

/** People who wait for the staff's decision, first come first; one more than the page shows. */
export function listPendingAccounts(reader: Reader, page: PageRequest): Promise<AccountRow[]> {
  const from = page.from?.[0] ?? null;
  return reader.rows<AccountRow>(page.isBackward ? PENDING_BACKWARD : PENDING_FORWARD, [
    from,
    page.size + 1,
  ]);
}

/** Credentials by account. */
export function findCredential(reader: Reader, id: AccountId): Promise<CredentialRow | null> {
  return reader.row<CredentialRow>(CREDENTIAL, [id]);
}

/** What somebody typed to say who they are: a name, a handle of this server, or an e-mail address. */
export interface Login {
  /** Lower case; empty when it can only be an address. */
  readonly username: string;
  /** Lower case; empty when it can only be a name. */
  readonly email: string;
}

/** Reads a login; anything can be typed, so this never fails. */
export function readLogin(text: string, host: string): Login {
  const plain = text.trim().toLowerCase().slice(0, 320);
  const bare = plain.replace(/^@/, '');
  const [name = '', domain, ...rest] = bare.split('@');
  const isName = rest.length === 0 && (domain === undefined || domain === host);
  return { username: isName ? name : '', email: parseEmail(plain)?.address.toLowerCase() ?? '' };
}

/** Whom a login means; null when nobody. The same statement runs in every case. */
export function findByLogin(reader: Reader, login: Login): Promise<CredentialRow | null> {
  return reader.row<CredentialRow>(BY_LOGIN, [login.username, login.email]);
}
