/** The gazetteer, and where a post was made. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0011Places extends Migration {
  override up(): void {
    this.addSql(`create extension if not exists unaccent`);
    this.addSql(`create extension if not exists pg_trgm`);
    // unaccent() is only stable, as its dictionary could be replaced; an index needs an immutable function.
    this
      .addSql(`create function fold_text(text) returns text language sql immutable strict parallel safe
      return lower(unaccent('unaccent'::regdictionary, normalize($1, nfkc)))`);
    this.addSql(`create table places (
      id uuid primary key,
      name text not null,
      country_code text not null check (country_code ~ '^[A-Z]{2}$'),
      region_code text,
      latitude double precision not null check (latitude between -90 and 90),
      longitude double precision not null check (longitude between -180 and 180),
      population bigint not null,
      timezone text not null,
      names_folded text not null
    )`);
    this.addSql(`create index places_names on places using gin (names_folded gin_trgm_ops)`);
    this.addSql(`alter table posts add column place_id uuid references places (id)`);
    this.addSql(
      `create index posts_place on posts (place_id, id desc) where place_id is not null and deleted_at is null and kind <> 'comment'`,
    );
  }
}
