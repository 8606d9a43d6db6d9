/** Starter packs: people and hashtags to follow at once, and who wants to be in none. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0027StarterPacks extends Migration {
  override up(): void {
    this.addSql(`create table starter_packs (
      id uuid primary key,
      owner_id uuid not null references actors (id) on delete cascade,
      title text not null,
      description_html text not null default '',
      description_source text not null default '',
      hashtags text[] not null default '{}',
      is_listed boolean not null default true,
      use_count integer not null default 0 check (use_count >= 0),
      created_at timestamptz not null,
      updated_at timestamptz not null,
      removed_at timestamptz
    )`);
    this.addSql(`create index starter_packs_owner on starter_packs (owner_id, id desc)`);
    this.addSql(
      `create index starter_packs_newest on starter_packs (id desc) where is_listed and removed_at is null`,
    );
    this.addSql(
      `create index starter_packs_popular on starter_packs (use_count desc, id desc) where is_listed and removed_at is null`,
    );
    this.addSql(`create table starter_pack_members (
      pack_id uuid not null references starter_packs (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      position integer not null,
      added_at timestamptz not null,
      primary key (pack_id, actor_id),
      unique (pack_id, position) deferrable initially deferred
    )`);
    this.addSql(
      `create index starter_pack_members_actor on starter_pack_members (actor_id, pack_id desc)`,
    );
    this.addSql(`create table starter_pack_refusals (
      pack_id uuid not null references starter_packs (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      refused_at timestamptz not null,
      primary key (pack_id, actor_id)
    )`);
    this.addSql(
      `create index starter_pack_refusals_actor on starter_pack_refusals (actor_id, pack_id)`,
    );
    this.addSql(`create table starter_pack_uses (
      pack_id uuid not null references starter_packs (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      used_at timestamptz not null,
      primary key (pack_id, actor_id)
    )`);
    this.addSql(`create index starter_pack_uses_actor on starter_pack_uses (actor_id)`);
    this.addSql(
      `alter table notifications add column starter_pack_id uuid references starter_packs (id) on delete cascade`,
    );
    this.addSql(
      `create index notifications_starter_pack on notifications (starter_pack_id) where starter_pack_id is not null`,
    );
  }
}
