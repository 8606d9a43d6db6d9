/** Home timelines, written when a post is published so that reading one costs the same for everybody. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0006Timelines extends Migration {
  override up(): void {
    this.addSql(`create table home_timeline_entries (
      owner_id uuid not null references actors (id) on delete cascade,
      post_id uuid not null references posts (id) on delete cascade,
      author_id uuid not null,
      primary key (owner_id, post_id)
    )`);
    this.addSql(
      `create index home_timeline_entries_author on home_timeline_entries (owner_id, author_id)`,
    );
    this.addSql(`create index home_timeline_entries_post on home_timeline_entries (post_id)`);
    this.addSql(`create table home_fan_outs (
      post_id uuid primary key references posts (id) on delete cascade,
      finished_at timestamptz not null
    )`);
  }
}
