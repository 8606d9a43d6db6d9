/** Watch time that can be told but not invented, numbers of what people did, and what feeds leave out of them. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0068WatchTime extends Migration {
  override up(): void {
    // Constant defaults: no table is rewritten.
    this.addSql(`alter table viewings add column told_at timestamptz not null default now()`);
    this.addSql(
      `alter table playback_history add column watched_ms integer not null default 0 check (watched_ms >= 0)`,
    );
    this.addSql(`drop index playback_history_latest`);
    this.addSql(
      `create index playback_history_latest on playback_history (actor_id, last_seen_at desc, post_id desc)`,
    );
    this.addSql(`alter table post_days add column likes integer not null default 0,
      add column comments integer not null default 0, add column reposts integer not null default 0`);
    this.addSql(`create table engagement_days (day date primary key)`);
    // What people who are suspended now did with posts; computed by the clock.
    this.addSql(`create table feed_withheld_counts (
      post_id uuid primary key references posts (id) on delete cascade,
      positives integer not null
    )`);
    this.addSql(
      `alter table feed_preferences add column daily_limit_minutes smallint check (daily_limit_minutes > 0)`,
    );
  }
}
