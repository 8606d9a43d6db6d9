/** What people are told: grouped notifications, who is behind each, what is kept back, and what each person chose. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0009Notifications extends Migration {
  override up(): void {
    // A row is a group: one recipient, one kind, one thing. `position` moves it to the top when somebody joins it.
    this.addSql(`create table notifications (
      id uuid primary key,
      recipient_id uuid not null references actors (id) on delete cascade,
      kind text not null,
      group_key text not null,
      post_id uuid references posts (id) on delete cascade,
      detail jsonb not null default '{}',
      has_actors boolean not null,
      actor_count integer not null default 0 check (actor_count >= 0),
      position uuid not null,
      happened_at timestamptz not null,
      read_position uuid,
      told_position uuid,
      told_at timestamptz,
      unique (recipient_id, kind, group_key)
    ) with (fillfactor = 70)`);
    this.addSql(`create index notifications_list on notifications (recipient_id, position desc)`);
    this.addSql(
      `create index notifications_post on notifications (post_id) where post_id is not null`,
    );
    this.addSql(`create table notification_actors (
      notification_id uuid not null references notifications (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      id uuid not null,
      state text not null check (state in ('SHOWN', 'HELD', 'GONE')),
      primary key (notification_id, actor_id)
    )`);
    this.addSql(
      `create index notification_actors_latest on notification_actors (notification_id, id desc) where state = 'SHOWN'`,
    );
    this.addSql(
      `create index notification_actors_actor on notification_actors (actor_id, notification_id)`,
    );
    this.addSql(`create table notification_gatherings (
      recipient_id uuid not null references actors (id) on delete cascade,
      source text not null,
      subject_id uuid not null,
      gathered_at timestamptz not null,
      primary key (recipient_id, source, subject_id)
    )`);
    this.addSql(`create table notification_preferences (
      actor_id uuid primary key references actors (id) on delete cascade,
      read_position uuid,
      silent_kinds text[] not null default '{}',
      from_not_followed text not null default 'ACCEPT' check (from_not_followed in ('ACCEPT', 'REQUEST', 'DROP')),
      from_strangers text not null default 'ACCEPT' check (from_strangers in ('ACCEPT', 'REQUEST', 'DROP')),
      from_new_accounts text not null default 'ACCEPT' check (from_new_accounts in ('ACCEPT', 'REQUEST', 'DROP'))
    )`);
    this.addSql(`create table notification_requests (
      recipient_id uuid not null references actors (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      id uuid not null unique,
      state text not null check (state in ('PENDING', 'ACCEPTED')),
      created_at timestamptz not null,
      primary key (recipient_id, actor_id)
    )`);
    this.addSql(
      `create index notification_requests_list on notification_requests (recipient_id, id desc) where state = 'PENDING'`,
    );
    this.addSql(`create index notification_requests_actor on notification_requests (actor_id)`);
    this.addSql(
      `create index follows_notified on follows (followee_id, id desc) where state = 'ACCEPTED' and notifies_on_post`,
    );
  }
}
