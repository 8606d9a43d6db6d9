/** Stories: pictures for a day, what is on them, and what others do with them; and for whom the closest ones are. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0010Stories extends Migration {
  override up(): void {
    this.addSql(`create table close_friends (
      owner_id uuid not null references actors (id) on delete cascade,
      friend_id uuid not null references actors (id) on delete cascade,
      id uuid not null unique,
      created_at timestamptz not null,
      primary key (owner_id, friend_id),
      check (owner_id <> friend_id)
    )`);
    this.addSql(`create index close_friends_list on close_friends (owner_id, id desc)`);
    this.addSql(`create index close_friends_friend on close_friends (friend_id)`);
    this.addSql(`create table stories (
      id uuid primary key,
      author_id uuid not null references actors (id) on delete cascade,
      media_id uuid not null unique references media (id),
      visibility text not null check (visibility in ('PUBLIC', 'FOLLOWERS', 'CLOSE_FRIENDS')),
      caption_html text not null default '',
      caption_source text not null default '',
      allows_answers boolean not null default true,
      is_kept boolean not null default true,
      published_at timestamptz not null,
      expires_at timestamptz not null,
      removed_at timestamptz
    )`);
    this.addSql(`create index stories_author on stories (author_id, id desc)`);
    this.addSql(`create index stories_expiry on stories (expires_at) where not is_kept`);
    this.addSql(`create table story_views (
      story_id uuid not null references stories (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      id uuid not null unique,
      seen_at timestamptz not null,
      primary key (story_id, actor_id)
    )`);
    this.addSql(`create index story_views_list on story_views (story_id, id desc)`);
    this.addSql(`create index story_views_actor on story_views (actor_id)`);
    this.addSql(`create table story_stickers (
      story_id uuid not null references stories (id) on delete cascade,
      position smallint not null,
      kind text not null check (kind in ('MENTION', 'HASHTAG', 'PLACE', 'LINK', 'POLL', 'QUESTION', 'COUNTDOWN')),
      x real not null,
      y real not null,
      rotation real not null,
      label text,
      options text[] not null,
      url text,
      actor_id uuid references actors (id) on delete cascade,
      place_id uuid references places (id),
      ends_at timestamptz,
      primary key (story_id, position)
    )`);
    this.addSql(
      `create index story_stickers_actor on story_stickers (actor_id) where actor_id is not null`,
    );
    this.addSql(
      `create index story_stickers_place on story_stickers (place_id) where place_id is not null`,
    );
    this.addSql(`create table story_mentions (
      story_id uuid not null references stories (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      primary key (story_id, actor_id)
    )`);
    this.addSql(`create index story_mentions_actor on story_mentions (actor_id)`);
    this.addSql(`create table story_votes (
      story_id uuid not null,
      position smallint not null,
      actor_id uuid not null references actors (id) on delete cascade,
      id uuid not null unique,
      option_index smallint not null,
      created_at timestamptz not null,
      primary key (story_id, position, actor_id),
      foreign key (story_id, position) references story_stickers (story_id, position) on delete cascade
    )`);
    this.addSql(
      `create index story_votes_options on story_votes (story_id, position, option_index, id desc)`,
    );
    this.addSql(`create index story_votes_actor on story_votes (actor_id)`);
    this.addSql(`create table story_reactions (
      story_id uuid not null references stories (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      id uuid not null unique,
      content text not null,
      created_at timestamptz not null,
      primary key (story_id, actor_id)
    )`);
    this.addSql(`create index story_reactions_list on story_reactions (story_id, id desc)`);
    this.addSql(`create index story_reactions_actor on story_reactions (actor_id, id desc)`);
    this.addSql(`create table story_answers (
      id uuid primary key,
      story_id uuid not null references stories (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      position smallint,
      content text not null,
      created_at timestamptz not null,
      foreign key (story_id, position) references story_stickers (story_id, position) on delete cascade
    )`);
    this.addSql(`create index story_answers_list on story_answers (story_id, id desc)`);
    this.addSql(`create index story_answers_actor on story_answers (actor_id)`);
    this.addSql(`create table highlights (
      id uuid primary key,
      owner_id uuid not null references actors (id) on delete cascade,
      title text not null,
      cover_story_id uuid references stories (id) on delete set null,
      position integer not null,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    this.addSql(`create index highlights_owner on highlights (owner_id, position)`);
    this.addSql(
      `create index highlights_cover on highlights (cover_story_id) where cover_story_id is not null`,
    );
    this.addSql(`create table highlight_items (
      highlight_id uuid not null references highlights (id) on delete cascade,
      story_id uuid not null references stories (id) on delete cascade,
      position integer not null,
      primary key (highlight_id, story_id),
      unique (highlight_id, position)
    )`);
    this.addSql(`create index highlight_items_story on highlight_items (story_id)`);
    this.addSql(
      `alter table notifications add column story_id uuid references stories (id) on delete cascade`,
    );
    this.addSql(
      `create index notifications_story on notifications (story_id) where story_id is not null`,
    );
  }
}
