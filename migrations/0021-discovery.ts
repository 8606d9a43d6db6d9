/** What is shown to people who look around: the directory, suggestions, and what trends. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0021Discovery extends Migration {
  override up(): void {
    this.addSql(
      `create index actors_directory on actors (id desc) where domain is null and is_discoverable`,
    );
    this.addSql(`create table dismissed_suggestions (
      owner_id uuid not null references actors (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      dismissed_at timestamptz not null,
      primary key (owner_id, actor_id)
    )`);
    this.addSql(`create index dismissed_suggestions_actor on dismissed_suggestions (actor_id)`);
    this.addSql(`create table trending_hashtags (
      hashtag_id uuid primary key references hashtags (id) on delete cascade,
      score double precision not null,
      uses integer not null,
      people integer not null,
      history jsonb not null,
      computed_at timestamptz not null
    )`);
    this.addSql(`create table trending_posts (
      post_id uuid primary key references posts (id) on delete cascade,
      score double precision not null,
      reactions integer not null,
      comments integer not null,
      reposts integer not null,
      computed_at timestamptz not null
    )`);
    this.addSql(`create table trend_decisions (
      hashtag_id uuid unique references hashtags (id) on delete cascade,
      post_id uuid unique references posts (id) on delete cascade,
      is_allowed boolean not null,
      decided_at timestamptz not null,
      check ((hashtag_id is null) <> (post_id is null))
    )`);
  }
}
