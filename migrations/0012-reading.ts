/** How people arrange what they read: lists of actors, followed hashtags, how far they have come, and keyword filters. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0012Reading extends Migration {
  override up(): void {
    this.addSql(`create table actor_lists (
      id uuid primary key,
      owner_id uuid not null references actors (id) on delete cascade,
      title text not null,
      is_exclusive boolean not null default false,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    this.addSql(`create index actor_lists_owner on actor_lists (owner_id, id)`);
    // Home timelines ask this for every entry; hardly anybody has one.
    this.addSql(`create index actor_lists_exclusive on actor_lists (owner_id) where is_exclusive`);
    this.addSql(`create table actor_list_members (
      list_id uuid not null references actor_lists (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      id uuid not null unique,
      added_at timestamptz not null,
      primary key (list_id, actor_id)
    )`);
    this.addSql(`create index actor_list_members_order on actor_list_members (list_id, id desc)`);
    this.addSql(`create index actor_list_members_actor on actor_list_members (actor_id)`);
    this.addSql(`create table followed_hashtags (
      follower_id uuid not null references actors (id) on delete cascade,
      hashtag_id uuid not null references hashtags (id) on delete cascade,
      id uuid not null unique,
      display_name text not null,
      followed_at timestamptz not null,
      primary key (follower_id, hashtag_id)
    )`);
    this.addSql(
      `create index followed_hashtags_followers on followed_hashtags (hashtag_id, id desc)`,
    );
    this.addSql(`create index followed_hashtags_order on followed_hashtags (follower_id, id desc)`);
    this.addSql(`create table timeline_markers (
      owner_id uuid not null references actors (id) on delete cascade,
      timeline text not null check (timeline in ('HOME', 'PUBLIC', 'LOCAL', 'LIST', 'HASHTAG', 'PLACE')),
      list_id uuid references actor_lists (id) on delete cascade,
      hashtag_id uuid references hashtags (id) on delete cascade,
      place_id uuid references places (id) on delete cascade,
      subject_id uuid not null generated always as (coalesce(list_id, hashtag_id, place_id, owner_id)) stored,
      position uuid not null,
      updated_at timestamptz not null,
      primary key (owner_id, timeline, subject_id),
      check ((timeline = 'LIST') = (list_id is not null)),
      check ((timeline = 'HASHTAG') = (hashtag_id is not null)),
      check ((timeline = 'PLACE') = (place_id is not null))
    )`);
    for (const kind of ['list', 'hashtag', 'place'])
      this.addSql(
        `create index timeline_markers_${kind} on timeline_markers (${kind}_id) where ${kind}_id is not null`,
      );
    this.addSql(`create table content_filters (
      id uuid primary key,
      owner_id uuid not null references actors (id) on delete cascade,
      title text not null,
      action text not null check (action in ('WARN', 'HIDE', 'BLUR')),
      contexts text[] not null check (cardinality(contexts) > 0
        and contexts <@ array['HOME', 'PUBLIC', 'NOTIFICATIONS', 'COMMENTS', 'PROFILE']),
      expires_at timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    this.addSql(`create index content_filters_owner on content_filters (owner_id, id)`);
    this.addSql(`create table content_filter_keywords (
      filter_id uuid not null references content_filters (id) on delete cascade,
      place integer not null,
      keyword text not null,
      is_whole_word boolean not null,
      needle text not null check (needle <> ''),
      primary key (filter_id, place)
    )`);
    // What a clean text says, without its tags. Blocks end a line; what is inside one goes on.
    this
      .addSql(`create function html_text(html text) returns text language sql immutable parallel safe as $$
      select replace(replace(replace(replace(replace(regexp_replace(regexp_replace(html,
        '</?(p|br|li|ul|ol|blockquote|pre|h[1-6]|hr|div)( [^>]*)?/?>', E'\\n', 'gi'), '<[^>]*>', '', 'g'),
        '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&#39;', ''''), '&amp;', '&')
    $$`);
    // A text without what does not matter to filters: case, forms of the same letter, the width of gaps.
    this
      .addSql(`create function filter_plain(said text) returns text language sql immutable parallel safe as $$
      select regexp_replace(lower(normalize(said, NFKC)), '\\s+', ' ', 'g')
    $$`);
    // The same with a gap on both sides of every word, so that a whole word is found as a part of the text.
    this
      .addSql(`create function filter_words(said text) returns text language sql immutable parallel safe as $$
      select regexp_replace(regexp_replace(lower(normalize(said, NFKC)), '([[:alnum:]_]+)', ' \\1 ', 'g'), '\\s+', ' ', 'g')
    $$`);
    // True for an entry that came by a hashtag; it may have other reasons by now.
    this.addSql(
      `alter table home_timeline_entries add column is_by_hashtag boolean not null default false`,
    );
    this.addSql(
      `create index home_timeline_entries_by_hashtag on home_timeline_entries (owner_id, post_id) where is_by_hashtag`,
    );
  }
}
