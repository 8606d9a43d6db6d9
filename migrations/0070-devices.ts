/** Devices that chat encrypted, their key packages, the log of all keys, and the encrypted backups of keys. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0070Devices extends Migration {
  override up(): void {
    this.addSql(`create table chat_identities (
      actor_id uuid primary key references actors (id) on delete cascade,
      public_key bytea not null,
      version integer not null,
      since timestamptz not null
    )`);
    this.addSql(`create table chat_devices (
      id uuid primary key,
      actor_id uuid not null references actors (id) on delete cascade,
      name text not null,
      platform text not null,
      signature_key bytea not null unique,
      identity_version integer not null,
      attestation bytea not null,
      attested_at timestamptz not null,
      created_at timestamptz not null,
      last_seen_at timestamptz not null,
      revoked_at timestamptz
    )`);
    this.addSql(`create index chat_devices_owner on chat_devices (actor_id, id)`);
    this.addSql(`create table chat_key_packages (
      id uuid primary key,
      position bigint generated always as identity,
      device_id uuid not null references chat_devices (id) on delete cascade,
      ref bytea not null unique,
      data bytea not null,
      ciphersuite integer not null,
      is_last_resort boolean not null,
      expires_at timestamptz not null,
      created_at timestamptz not null,
      claimed_at timestamptz,
      consumed_at timestamptz,
      superseded_at timestamptz
    )`);
    this.addSql(
      `create index chat_key_packages_available on chat_key_packages (device_id, position) where claimed_at is null and not is_last_resort`,
    );
    this.addSql(
      `create unique index chat_key_packages_last_resort on chat_key_packages (device_id) where is_last_resort and superseded_at is null`,
    );
    this.addSql(`create index chat_key_packages_device on chat_key_packages (device_id)`);
    this.addSql(`create index chat_key_packages_expiry on chat_key_packages (expires_at)`);
    this.addSql(`create table key_claim_allowances (
      requester_id uuid not null references actors (id) on delete cascade,
      target_id uuid not null references actors (id) on delete cascade,
      used_until timestamptz not null,
      primary key (requester_id, target_id)
    )`);
    this.addSql(`create index key_claim_allowances_target on key_claim_allowances (target_id)`);
    this.addSql(`create index key_claim_allowances_over on key_claim_allowances (used_until)`);
    this.addSql(`create table key_log_size (
      is_only boolean primary key default true check (is_only),
      entries integer not null
    )`);
    this.addSql(`create table key_log_entries (
      index integer primary key,
      kind text not null,
      leaf_hash bytea not null,
      key_digest bytea,
      created_at timestamptz not null
    )`);
    this.addSql(
      `create unique index key_log_devices on key_log_entries (key_digest) where kind = 'DEVICE_ADDED'`,
    );
    this.addSql(`create table key_log_payloads (
      index integer primary key references key_log_entries (index),
      actor_id uuid not null references actors (id) on delete cascade,
      payload bytea not null
    )`);
    this.addSql(`create index key_log_payloads_actor on key_log_payloads (actor_id, index)`);
    this.addSql(`create table key_log_nodes (
      level integer not null,
      position integer not null,
      hash bytea not null,
      primary key (level, position)
    )`);
    this.addSql(`create table chat_key_backups (
      actor_id uuid primary key references actors (id) on delete cascade,
      version integer not null,
      data bytea not null,
      updated_at timestamptz not null
    )`);
  }
}
