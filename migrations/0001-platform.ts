/** Settings of the server, the journal of events, idempotency keys and rate limit counters. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0001Platform extends Migration {
  override up(): void {
    this.addSql(`create table server_settings (
      key text primary key,
      value jsonb not null,
      updated_at timestamptz not null default now()
    )`);
    // (xid, seq) below pg_snapshot_xmin is a prefix that never grows in its middle: see src/decisions.
    this.addSql(`create table events (
      xid xid8 not null default pg_current_xact_id(),
      seq bigint generated always as identity,
      name text not null,
      topics text[] not null default '{}',
      payload jsonb not null,
      created_at timestamptz not null default now(),
      primary key (xid, seq)
    )`);
    this.addSql(`create index events_created_at on events using brin (created_at)`);
    this.addSql(`create index events_topics on events using gin (topics)`);
    this.addSql(`create table idempotency_keys (
      account_id uuid not null,
      key text not null,
      mutation text not null,
      input_digest bytea not null,
      result jsonb,
      created_at timestamptz not null,
      primary key (account_id, key)
    )`);
    this.addSql(`create index idempotency_keys_created_at on idempotency_keys (created_at)`);
    this.addSql(`create unlogged table rate_limits (
      key text primary key,
      points integer not null default 0,
      expire bigint
    )`);
    this.addSql(`create index rate_limits_expire on rate_limits (expire)`);
  }
}
