/** Credentials, sessions, settings and entitlements of local people. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0004Accounts extends Migration {
  override up(): void {
    this.addSql(`create table invites (
      id uuid primary key,
      code text not null unique,
      created_by uuid,
      uses integer not null default 0,
      max_uses integer,
      created_at timestamptz not null,
      expires_at timestamptz,
      check (max_uses is null or uses <= max_uses)
    )`);
    this.addSql(`create table accounts (
      id uuid primary key,
      actor_id uuid not null unique references actors (id),
      email text not null,
      email_canonical text not null,
      email_verified_at timestamptz,
      pending_email text,
      password_hash text not null,
      password_changed_at timestamptz not null,
      role text not null default 'USER' check (role in ('USER', 'CURATOR', 'MODERATOR', 'ADMIN', 'OWNER')),
      state text not null check (state in ('AWAITING_EMAIL', 'AWAITING_APPROVAL', 'ACTIVE', 'REJECTED', 'SUSPENDED', 'DELETED')),
      language text not null default 'en',
      registration_reason text,
      needs_approval boolean not null default false,
      invite_id uuid references invites (id) on delete set null,
      agreed_to_rules_at timestamptz,
      settings jsonb not null default '{}',
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    this.addSql(
      `alter table invites add foreign key (created_by) references accounts (id) on delete set null`,
    );
    this.addSql(`create index accounts_email on accounts (lower(email))`);
    // A mailbox belongs to whoever proved it: registering with somebody else's address must look like any other.
    this.addSql(`create unique index accounts_mailbox on accounts (email_canonical)
      where email_verified_at is not null and state <> 'DELETED'`);
    this.addSql(
      `create index accounts_awaiting on accounts (created_at) where state in ('AWAITING_EMAIL', 'AWAITING_APPROVAL')`,
    );
    this.addSql(`create table sessions (
      id uuid primary key,
      account_id uuid not null references accounts (id) on delete cascade,
      kind text not null check (kind in ('SESSION', 'PERSONAL')),
      token_digest bytea not null unique,
      name text,
      scopes text[] not null,
      client_name text,
      client_address text,
      created_at timestamptz not null,
      authenticated_at timestamptz,
      last_used_at timestamptz,
      expires_at timestamptz,
      revoked_at timestamptz
    )`);
    this.addSql(
      `create index sessions_account on sessions (account_id, id desc) where revoked_at is null`,
    );
    this.addSql(`create table one_time_tokens (
      token_digest bytea primary key,
      account_id uuid references accounts (id) on delete cascade,
      purpose text not null,
      payload jsonb not null default '{}',
      created_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz
    )`);
    this.addSql(`create index one_time_tokens_account on one_time_tokens (account_id, purpose)`);
    this.addSql(`create index one_time_tokens_expires_at on one_time_tokens (expires_at)`);
    this.addSql(`create table email_changes (
      id uuid primary key,
      account_id uuid not null references accounts (id) on delete cascade,
      from_email text not null,
      to_email text not null,
      requested_at timestamptz not null,
      applied_at timestamptz,
      undone_at timestamptz
    )`);
    this.addSql(`create index email_changes_account on email_changes (account_id, id desc)`);
    this.addSql(`create table entitlement_grants (
      account_id uuid not null references accounts (id) on delete cascade,
      key text not null,
      value bigint,
      source text not null,
      created_at timestamptz not null,
      expires_at timestamptz,
      primary key (account_id, key)
    )`);
  }
}
