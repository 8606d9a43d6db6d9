/** What people do with posts beyond reacting: reposts, and their place in home timelines. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0008Interactions extends Migration {
  override up(): void {
    this.addSql(`create table reposts (
      id uuid primary key,
      post_id uuid not null references posts (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      created_at timestamptz not null,
      fanned_out_at timestamptz,
      unique (post_id, actor_id)
    )`);
    this.addSql(`create index reposts_post on reposts (post_id, id desc)`);
    this.addSql(`create index reposts_actor on reposts (actor_id, id desc)`);
    // An entry stands where its post was published, or where it was reposted. No foreign key to the repost: a widely
    // followed one leaves home timelines in batches, and reads ask whether it is still there.
    this.addSql(`alter table home_timeline_entries
      add column repost_id uuid,
      add column reposter_id uuid,
      add column entry_id uuid not null generated always as (coalesce(repost_id, post_id)) stored,
      add check ((repost_id is null) = (reposter_id is null))`);
    this.addSql(
      `create unique index home_timeline_entries_order on home_timeline_entries (owner_id, entry_id)`,
    );
    this.addSql(`drop index home_timeline_entries_author`);
    this.addSql(
      `create index home_timeline_entries_through on home_timeline_entries (owner_id, (coalesce(reposter_id, author_id)))`,
    );
    this.addSql(
      `create index home_timeline_entries_repost on home_timeline_entries (repost_id) where repost_id is not null`,
    );
    // The comment by whose hiding a comment is hidden: itself, or one above it.
    this.addSql(`alter table posts add column hidden_through uuid references posts (id),
      add check (kind = 'comment' or hidden_through is null)`);
    this.addSql(
      `create index posts_hidden on posts (hidden_through) where hidden_through is not null`,
    );
    this.addSql(`alter table posts
      add column quote_policy text not null default 'EVERYONE' check (quote_policy in ('EVERYONE', 'FOLLOWERS', 'NOBODY')),
      add column quoted_id uuid references posts (id),
      add column quote_detached_at timestamptz,
      add check (kind <> 'comment' or quoted_id is null)`);
    this.addSql(
      `create index posts_quotes on posts (quoted_id, id desc) where quoted_id is not null and quote_detached_at is null and deleted_at is null`,
    );
    this.addSql(
      `create index actors_username_beginning on actors (lower(username) text_pattern_ops)`,
    );
    this.addSql(
      `create index actors_display_name_beginning on actors (lower(display_name) text_pattern_ops)`,
    );
    this.addSql(`create table link_previews (
      id uuid primary key,
      url_digest bytea not null unique,
      url text not null,
      title text,
      description text,
      site_name text,
      fetched_at timestamptz,
      claimed_until timestamptz
    )`);
    this.addSql(`create table post_links (
      post_id uuid primary key references posts (id) on delete cascade,
      link_id uuid not null references link_previews (id)
    )`);
    this.addSql(`create index post_links_link on post_links (link_id)`);
    this.addSql(`create table translations (
      text_digest bytea not null,
      language text not null,
      html text not null,
      detected_language text,
      created_at timestamptz not null,
      primary key (text_digest, language)
    )`);
    this.addSql(`create table pinned_comments (
      comment_id uuid primary key references posts (id) on delete cascade,
      post_id uuid not null references posts (id) on delete cascade,
      pinned_at timestamptz not null
    )`);
    this.addSql(`create table bookmark_folders (
      id uuid primary key,
      owner_id uuid not null references actors (id) on delete cascade,
      title text not null,
      created_at timestamptz not null
    )`);
    this.addSql(
      `create unique index bookmark_folders_title on bookmark_folders (owner_id, lower(title))`,
    );
    this.addSql(`create table bookmarks (
      id uuid primary key,
      owner_id uuid not null references actors (id) on delete cascade,
      post_id uuid not null references posts (id) on delete cascade,
      folder_id uuid references bookmark_folders (id) on delete set null,
      created_at timestamptz not null,
      unique (owner_id, post_id)
    )`);
    this.addSql(`create index bookmarks_owner on bookmarks (owner_id, id desc)`);
    this.addSql(
      `create index bookmarks_folder on bookmarks (folder_id, id desc) where folder_id is not null`,
    );
    this.addSql(`create index bookmarks_post on bookmarks (post_id)`);
    this.addSql(
      `create index pinned_comments_post on pinned_comments (post_id, pinned_at desc, comment_id desc)`,
    );
  }
}
