/** What people have watched and where they stopped, and the numbers that are counted from it. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0060Playback extends Migration {
  override up(): void {
    this.addSql(`create table playback_history (
      actor_id uuid not null references actors (id) on delete cascade,
      post_id uuid not null references posts (id) on delete cascade,
      first_seen_at timestamptz not null,
      last_seen_at timestamptz not null,
      position_ms integer,
      is_completed boolean not null default false,
      primary key (actor_id, post_id)
    )`);
    this.addSql(
      `create index playback_history_latest on playback_history (actor_id, last_seen_at desc)`,
    );
    this.addSql(`create index playback_history_age on playback_history (last_seen_at)`);
    this.addSql(`create index playback_history_post on playback_history (post_id)`);
    // One row for each viewer, post and day, for as long as repeats have to be recognised.
    this.addSql(`create table viewings (
      actor_id uuid not null references actors (id) on delete cascade,
      post_id uuid not null references posts (id) on delete cascade,
      day date not null,
      plays jsonb not null,
      watched_ms integer not null,
      is_completed boolean not null,
      is_follower boolean not null,
      counted_ms integer not null default 0,
      counted_view boolean not null default false,
      counted_completion boolean not null default false,
      is_counted boolean not null default false,
      primary key (actor_id, post_id, day)
    )`);
    this.addSql(
      `create index viewings_uncounted on viewings (post_id, day, actor_id) where not is_counted`,
    );
    this.addSql(`create index viewings_day on viewings (day)`);
    this.addSql(`create index viewings_post on viewings (post_id)`);
    this.addSql(`create table post_days (
      post_id uuid not null references posts (id) on delete cascade,
      day date not null,
      views integer not null default 0,
      follower_views integer not null default 0,
      watched_ms bigint not null default 0,
      completions integer not null default 0,
      primary key (post_id, day)
    )`);
    this.addSql(`create index post_days_day on post_days (day)`);
  }
}
