/** Collections: posts that their author put in an order under a title. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0016Collections extends Migration {
  override up(): void {
    this.addSql(`create table collections (
      id uuid primary key,
      owner_id uuid not null references actors (id) on delete cascade,
      title text not null,
      description_html text not null default '',
      description_source text not null default '',
      visibility text not null check (visibility in ('PUBLIC', 'UNLISTED', 'FOLLOWERS', 'MENTIONED', 'LOCAL')),
      is_highlighted boolean not null default false,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    this.addSql(`create index collections_owner on collections (owner_id, id desc)`);
    this.addSql(`create table collection_items (
      collection_id uuid not null references collections (id) on delete cascade,
      post_id uuid not null references posts (id) on delete cascade,
      position integer not null,
      primary key (collection_id, post_id),
      unique (collection_id, position) deferrable initially deferred
    )`);
    this.addSql(`create index collection_items_post on collection_items (post_id)`);
  }
}
