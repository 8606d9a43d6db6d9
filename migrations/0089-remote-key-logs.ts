/** Logs of keys of other servers: where they are, the head that was found right last, and what does not fit to it. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0089RemoteKeyLogs extends Migration {
  override up(): void {
    this.addSql('alter table remote_actors add column key_log_uri text');
    // Heads are kept as they were shown: what is signed is their text.
    this.addSql(`create table remote_key_logs (
      origin text primary key,
      head jsonb not null,
      consistency_url text not null,
      first_seen_at timestamptz not null,
      seen_at timestamptz not null
    )`);
    this.addSql(`create table remote_key_log_reads (
      actor_id uuid primary key references actors (id) on delete cascade,
      origin text not null,
      tried_at timestamptz not null,
      is_stale boolean not null default false,
      state text not null,
      read_at timestamptz,
      head jsonb,
      entries jsonb
    )`);
    this.addSql('create index remote_key_log_reads_oldest on remote_key_log_reads (tried_at)');
    this.addSql(`create table remote_key_log_contradictions (
      origin text not null,
      digest bytea not null,
      kind text not null,
      actor_id uuid references actors (id) on delete cascade,
      kept_head jsonb,
      shown_head jsonb,
      public_key bytea,
      found_at timestamptz not null,
      primary key (origin, digest)
    )`);
    this.addSql(
      'create index remote_key_log_contradictions_actor on remote_key_log_contradictions (actor_id) where actor_id is not null',
    );
  }
}
