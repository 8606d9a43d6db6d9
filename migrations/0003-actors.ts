/** Anyone who acts, and how they relate: follows, blocks, mutes. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0003Actors extends Migration {
  override up(): void {
    this.addSql(`create table actors (
      id uuid primary key,
      kind text not null default 'PERSON' check (kind in ('PERSON', 'ORGANIZATION', 'GROUP', 'BOT', 'SERVICE')),
      username text not null,
      domain text,
      uri text not null unique,
      url text not null,
      display_name text not null default '',
      bio_html text not null default '',
      bio_source text,
      pronouns text,
      fields jsonb not null default '[]',
      avatar_media_id uuid references media (id) on delete set null,
      header_media_id uuid references media (id) on delete set null,
      is_locked boolean not null default false,
      is_discoverable boolean not null default false,
      is_indexable boolean not null default false,
      hides_follow_lists boolean not null default false,
      status text not null default 'ACTIVE' check (status in ('PENDING', 'ACTIVE', 'LIMITED', 'SUSPENDED', 'MOVED', 'MEMORIAL', 'DELETED')),
      joined_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    // A local username is taken for good, whatever its case; remote ones are unique per domain.
    this.addSql(
      `create unique index actors_handle on actors (lower(username), coalesce(domain, ''))`,
    );
    this.addSql(`create table actor_counts (
      actor_id uuid primary key references actors (id) on delete cascade,
      posts integer not null default 0 check (posts >= 0),
      followers integer not null default 0 check (followers >= 0),
      following integer not null default 0 check (following >= 0)
    ) with (fillfactor = 70)`);
    this.addSql(`create table follows (
      follower_id uuid not null references actors (id) on delete cascade,
      followee_id uuid not null references actors (id) on delete cascade,
      id uuid not null unique,
      state text not null check (state in ('REQUESTED', 'ACCEPTED')),
      notifies_on_post boolean not null default false,
      shows_reposts boolean not null default true,
      requested_at timestamptz not null,
      accepted_at timestamptz,
      primary key (follower_id, followee_id),
      check (follower_id <> followee_id),
      check ((state = 'ACCEPTED') = (accepted_at is not null))
    )`);
    this.addSql(`create index follows_followers on follows (followee_id, state, id desc)`);
    this.addSql(`create index follows_following on follows (follower_id, state, id desc)`);
    this.addSql(`create table blocks (
      blocker_id uuid not null references actors (id) on delete cascade,
      blocked_id uuid not null references actors (id) on delete cascade,
      id uuid not null unique,
      created_at timestamptz not null,
      primary key (blocker_id, blocked_id),
      check (blocker_id <> blocked_id)
    )`);
    this.addSql(`create index blocks_blocked on blocks (blocked_id, blocker_id)`);
    this.addSql(`create table mutes (
      muter_id uuid not null references actors (id) on delete cascade,
      muted_id uuid not null references actors (id) on delete cascade,
      id uuid not null unique,
      mutes_notifications boolean not null default true,
      created_at timestamptz not null,
      expires_at timestamptz,
      primary key (muter_id, muted_id),
      check (muter_id <> muted_id)
    )`);
    this.addSql(`create index mutes_expiring on mutes (expires_at) where expires_at is not null`);
  }
}
