/** What authors do with their posts beyond publishing them: pins, the archive, drafts, schedules, people on pictures and camera data. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0007Posting extends Migration {
  override up(): void {
    this.addSql(`alter table posts
      add column pinned_at timestamptz,
      add column archived_at timestamptz,
      add check (kind <> 'comment' or (pinned_at is null and archived_at is null)),
      add check (pinned_at is null or archived_at is null)`);
    this.addSql(
      `create index posts_pinned on posts (author_id, pinned_at desc) where pinned_at is not null and deleted_at is null`,
    );
    this.addSql(
      `create index posts_archived on posts (author_id, id desc) where archived_at is not null and deleted_at is null`,
    );
    this.addSql(`alter table media
      add column camera jsonb,
      add column shows_camera_data boolean not null default false`);
    this.addSql(`create table drafts (
      id uuid primary key,
      author_id uuid not null references actors (id) on delete cascade,
      kind text not null check (kind in ('photo')),
      post jsonb not null,
      tags jsonb not null default '[]',
      scheduled_for timestamptz,
      failure_code text,
      failure_message text,
      failed_at timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      check ((failed_at is null) = (failure_code is null)),
      check (failed_at is null or scheduled_for is null)
    )`);
    this.addSql(`create index drafts_author on drafts (author_id, id desc)`);
    this.addSql(
      `create index drafts_scheduled on drafts (author_id, scheduled_for, id) where scheduled_for is not null`,
    );
    this.addSql(
      `create index drafts_due on drafts (scheduled_for, id) where scheduled_for is not null`,
    );
    this.addSql(`create table draft_media (
      draft_id uuid not null references drafts (id) on delete cascade,
      media_id uuid not null unique references media (id),
      position smallint not null,
      primary key (draft_id, position)
    )`);
    this.addSql(`create table photo_tags (
      id uuid primary key,
      post_id uuid not null references posts (id) on delete cascade,
      media_id uuid not null references media (id),
      actor_id uuid not null references actors (id) on delete cascade,
      x double precision not null check (x between 0 and 1),
      y double precision not null check (y between 0 and 1),
      state text not null check (state in ('PENDING', 'APPROVED', 'DECLINED')),
      created_at timestamptz not null,
      decided_at timestamptz,
      unique (media_id, actor_id)
    )`);
    this.addSql(`create index photo_tags_post on photo_tags (post_id)`);
    this.addSql(`create index photo_tags_actor on photo_tags (actor_id, state, id desc)`);
  }
}
