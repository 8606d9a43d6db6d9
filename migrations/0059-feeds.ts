/** Ranked feeds: choices of the viewer, pages as they were computed, picks of the staff, and what is to be forgotten. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0059Feeds extends Migration {
  override up(): void {
    this.addSql(`create table feed_preferences (
      owner_id uuid primary key references actors (id) on delete cascade,
      algorithm text not null default 'chronological',
      is_profiled boolean not null default false,
      weights jsonb not null default '{}',
      muted_hashtags text[] not null default '{}',
      hides_ai boolean not null default false,
      forgotten_before timestamptz,
      updated_at timestamptz not null
    )`);
    this.addSql(`create table feed_snapshots (
      id uuid primary key,
      owner_id uuid references actors (id) on delete cascade,
      shared_key text unique,
      continues_id uuid unique,
      algorithm text not null,
      version text not null,
      choice jsonb not null,
      weights jsonb not null,
      seed text not null,
      input jsonb not null,
      input_digest text not null,
      entries jsonb not null,
      rejected jsonb not null,
      placed_ids uuid[] not null,
      computed_at timestamptz not null,
      expires_at timestamptz not null,
      check ((owner_id is null) or (shared_key is null))
    )`);
    this.addSql(`create index feed_snapshots_owner on feed_snapshots (owner_id, id desc)`);
    this.addSql(`create index feed_snapshots_expiry on feed_snapshots (expires_at)`);
    this.addSql(`create table editorial_picks (
      id uuid primary key,
      post_id uuid not null references posts (id) on delete cascade,
      curator_id uuid references actors (id) on delete set null,
      criterion text not null,
      reason_html text not null,
      reason_source text not null,
      picked_at timestamptz not null,
      expires_at timestamptz not null,
      withdrawn_at timestamptz
    )`);
    this.addSql(
      `create unique index editorial_picks_post on editorial_picks (post_id) where withdrawn_at is null`,
    );
    this.addSql(
      `create index editorial_picks_newest on editorial_picks (id desc) where withdrawn_at is null`,
    );
    this.addSql(`create index editorial_picks_curator on editorial_picks (curator_id)`);
    this.addSql(`create table interest_resets (
      owner_id uuid not null references actors (id) on delete cascade,
      actor_id uuid references actors (id) on delete cascade,
      hashtag_id uuid references hashtags (id) on delete cascade,
      reset_at timestamptz not null,
      check ((actor_id is null) <> (hashtag_id is null)),
      unique nulls not distinct (owner_id, actor_id, hashtag_id)
    )`);
    this.addSql(`create index interest_resets_actor on interest_resets (actor_id)`);
    this.addSql(`create index interest_resets_hashtag on interest_resets (hashtag_id)`);
    this.addSql(`create table feed_feedback (
      owner_id uuid not null references actors (id) on delete cascade,
      post_id uuid not null references posts (id) on delete cascade,
      given_at timestamptz not null,
      primary key (owner_id, post_id)
    )`);
    this.addSql(`create index feed_feedback_post on feed_feedback (post_id)`);
    this.addSql(`create table hidden_feed_authors (
      owner_id uuid not null references actors (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      hidden_at timestamptz not null,
      primary key (owner_id, actor_id)
    )`);
    this.addSql(`create index hidden_feed_authors_actor on hidden_feed_authors (actor_id)`);
    this.addSql(
      `create index posts_author_comments on posts (author_id, id desc) where kind = 'comment' and deleted_at is null`,
    );
  }
}
