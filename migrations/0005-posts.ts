/** The core that photo, video and text posts and comments share, and what people do with it. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0005Posts extends Migration {
  override up(): void {
    this.addSql(`create table posts (
      id uuid primary key,
      kind text not null check (kind in ('photo', 'video', 'text', 'comment')),
      author_id uuid not null references actors (id),
      root_id uuid references posts (id),
      parent_id uuid references posts (id),
      is_local boolean not null,
      uri text not null unique,
      url text not null,
      content_html text not null default '',
      content_source text,
      language text,
      visibility text not null check (visibility in ('PUBLIC', 'UNLISTED', 'FOLLOWERS', 'MENTIONED', 'LOCAL')),
      content_warning text,
      is_sensitive boolean not null default false,
      ai_disclosure text not null default 'NONE' check (ai_disclosure in ('NONE', 'ASSISTED', 'GENERATED')),
      license text,
      comment_policy text not null default 'EVERYONE' check (comment_policy in ('EVERYONE', 'FOLLOWERS', 'FOLLOWING', 'MENTIONED', 'NOBODY')),
      published_at timestamptz not null,
      edited_at timestamptz,
      deleted_at timestamptz,
      check ((kind = 'comment') = (root_id is not null)),
      check (kind = 'comment' or parent_id is null)
    )`);
    this.addSql(
      `create index posts_author on posts (author_id, id desc) where deleted_at is null and kind <> 'comment'`,
    );
    this.addSql(
      `create index posts_public on posts (id desc) where deleted_at is null and kind <> 'comment' and visibility = 'PUBLIC'`,
    );
    this.addSql(
      `create index posts_public_local on posts (id desc) where deleted_at is null and kind <> 'comment' and is_local and visibility in ('PUBLIC', 'LOCAL')`,
    );
    this.addSql(
      `create index posts_comments on posts (root_id, id) where kind = 'comment' and parent_id is null and deleted_at is null`,
    );
    this.addSql(
      `create index posts_commenters on posts (root_id, author_id) where kind = 'comment' and deleted_at is null`,
    );
    this.addSql(
      `create index posts_replies on posts (parent_id, id) where kind = 'comment' and deleted_at is null`,
    );
    this.addSql(`create index posts_url on posts (url)`);
    this.addSql(`create index posts_author_published on posts (author_id, published_at)`);
    this.addSql(`create table post_counts (
      post_id uuid primary key references posts (id) on delete cascade,
      root_id uuid,
      top_rank double precision,
      reactions integer not null default 0 check (reactions >= 0),
      likes integer not null default 0 check (likes >= 0),
      comments integer not null default 0 check (comments >= 0),
      replies integer not null default 0 check (replies >= 0),
      reposts integer not null default 0 check (reposts >= 0)
    ) with (fillfactor = 70)`);
    // Only comments are ranked; those of one post, best first.
    this.addSql(
      `create index post_counts_top on post_counts (root_id, top_rank desc, post_id desc) where root_id is not null`,
    );
    this.addSql(`create table post_media (
      post_id uuid not null references posts (id) on delete cascade,
      media_id uuid not null references media (id),
      position smallint not null,
      primary key (post_id, position)
    )`);
    this.addSql(`create unique index post_media_media on post_media (media_id)`);
    this.addSql(`create table post_mentions (
      post_id uuid not null references posts (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      primary key (post_id, actor_id)
    )`);
    this.addSql(`create index post_mentions_actor on post_mentions (actor_id, post_id desc)`);
    this.addSql(`create table hashtags (
      id uuid primary key,
      name text not null unique,
      display_name text not null,
      created_at timestamptz not null
    )`);
    this.addSql(`create table post_hashtags (
      hashtag_id uuid not null references hashtags (id) on delete cascade,
      post_id uuid not null references posts (id) on delete cascade,
      primary key (hashtag_id, post_id)
    )`);
    this.addSql(`create index post_hashtags_post on post_hashtags (post_id)`);
    this.addSql(`create table post_revisions (
      id uuid primary key,
      post_id uuid not null references posts (id) on delete cascade,
      content_html text not null,
      content_source text,
      content_warning text,
      media jsonb not null default '[]',
      edited_at timestamptz not null
    )`);
    this.addSql(`create index post_revisions_post on post_revisions (post_id, id desc)`);
    this.addSql(`create table reactions (
      post_id uuid not null references posts (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      id uuid not null unique,
      content text not null,
      created_at timestamptz not null,
      primary key (post_id, actor_id)
    )`);
    this.addSql(`create index reactions_groups on reactions (post_id, content, id desc)`);
    this.addSql(`create index reactions_actor on reactions (actor_id, id desc)`);
    this.addSql(`create table reaction_groups (
      post_id uuid not null references posts (id) on delete cascade,
      content text not null,
      count integer not null check (count > 0),
      primary key (post_id, content)
    ) with (fillfactor = 70)`);
  }
}
