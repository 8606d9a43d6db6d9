/** What waits for the post that it answers, what other servers count, and when they were last asked. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0039RemoteThreads extends Migration {
  override up(): void {
    // A note that was sent here and answers something unknown; the row goes when that is known, or cannot be had.
    this.addSql(`create table waiting_notes (
      uri text primary key,
      parent_uri text not null,
      parent_host text not null,
      actor_id uuid not null references actors (id) on delete cascade,
      document jsonb not null,
      created_at timestamptz not null
    )`);
    this.addSql(`create index waiting_notes_parent on waiting_notes (parent_uri)`);
    this.addSql(`create index waiting_notes_host on waiting_notes (parent_host)`);
    this.addSql(`create index waiting_notes_actor on waiting_notes (actor_id)`);
    // What the document of a post or comment of another server says; null where it says nothing.
    this.addSql(`create table remote_posts (
      post_id uuid primary key references posts (id) on delete cascade,
      replies_uri text,
      fetched_at timestamptz not null,
      replies_fetched_at timestamptz
    )`);
    this.addSql(`alter table post_counts add column remote_likes integer not null default 0,
      add column remote_comments integer not null default 0, add column remote_reposts integer not null default 0`);
    this.addSql(`alter table actor_counts add column remote_posts integer not null default 0,
      add column remote_followers integer not null default 0, add column remote_following integer not null default 0`);
    this.addSql(
      `alter table remote_actors add column following_uri text, add column outbox_fetched_at timestamptz`,
    );
  }
}
