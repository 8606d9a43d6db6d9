/** What federation knows of other servers, what they sent, and what is on its way to them. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0031Federation extends Migration {
  override up(): void {
    // The server itself signs as well; it is no actor that anybody follows.
    this.addSql(`create table signing_keys (
      owner_uri text primary key,
      actor_id uuid unique references actors (id) on delete cascade,
      public_key_pem text not null,
      sealed_private_key text not null,
      created_at timestamptz not null
    )`);
    this.addSql(`create table remote_actors (
      actor_id uuid primary key references actors (id) on delete cascade,
      host text not null,
      inbox_url text not null,
      shared_inbox_url text,
      followers_uri text,
      outbox_uri text,
      key_id text not null,
      public_key_pem text not null,
      fetched_at timestamptz not null
    )`);
    this.addSql(`create unique index remote_actors_key on remote_actors (key_id)`);
    this.addSql(`create index remote_actors_host on remote_actors (host)`);
    this.addSql(`create table received_activities (
      id uuid primary key,
      actor_uri text not null,
      activity_uri text not null,
      body jsonb not null,
      received_at timestamptz not null,
      handled_at timestamptz,
      refusal text,
      unique (actor_uri, activity_uri)
    )`);
    this.addSql(`create index received_activities_age on received_activities (received_at)`);
    // What is gone stays gone, also when its Create comes afterwards.
    this.addSql(`create table remote_tombstones (
      uri text primary key,
      actor_uri text not null,
      created_at timestamptz not null
    )`);
    this.addSql(`create table sent_activities (
      id uuid primary key,
      uri text not null unique,
      actor_id uuid not null references actors (id) on delete cascade,
      subject_id uuid,
      body text not null,
      created_at timestamptz not null
    )`);
    this.addSql(
      `create index sent_activities_subject on sent_activities (subject_id) where subject_id is not null`,
    );
    this.addSql(`create table deliveries (
      activity_id uuid not null references sent_activities (id) on delete cascade,
      inbox_url text not null,
      host text not null,
      state text not null default 'PENDING' check (state in ('PENDING', 'DELIVERED', 'FAILED')),
      attempts smallint not null default 0,
      next_attempt_at timestamptz not null,
      last_failure text,
      primary key (activity_id, inbox_url)
    )`);
    this.addSql(
      `create index deliveries_due on deliveries (host, next_attempt_at) where state = 'PENDING'`,
    );
  }
}
