/** What lists show of the renditions of an asset, kept with the asset: lists read it far more often than it changes. */
import { Migration } from '@mikro-orm/migrations';

// Largest first. One word each, without spaces: PostgreSQL and Node build JSON of them at twice the cost.
const WORDS = `(select string_agg(
    r.name || ' ' || r.mime_type || ' ' || r.width || ' ' || r.height || ' ' || r.size_bytes || case when r.version > 0 then ' ' || r.version else '' end,
    ',' order by r.width * r.height desc, r.name)
  from renditions r where r.media_id = m.id)`;

// Two that write renditions of one asset wait for each other; who comes second sees what the first wrote.
const WRITE = (id: string): string => `begin
  perform from media m where ${id} order by m.id for no key update;
  update media m set rendition_words = ${WORDS} where ${id};
  return null;
end`;

const OF_SEVERAL = 'm.id in (select media_id from changed)';

export class Migration0079RenditionWords extends Migration {
  override up(): void {
    this.addSql('alter table media add column rendition_words text');
    this.addSql(
      `update media m set rendition_words = ${WORDS} where exists (select from renditions r where r.media_id = m.id)`,
    );
    this.addSql(
      `create function keep_words_of_renditions() returns trigger language plpgsql as $$ ${WRITE(OF_SEVERAL)} $$`,
    );
    this.addSql(
      `create function keep_words_of_rendition() returns trigger language plpgsql as $$ ${WRITE('m.id = new.media_id')} $$`,
    );
    this.addSql(`create trigger renditions_inserted after insert on renditions
      referencing new table as changed for each statement execute function keep_words_of_renditions()`);
    this.addSql(`create trigger renditions_deleted after delete on renditions
      referencing old table as changed for each statement execute function keep_words_of_renditions()`);
    // Where the bytes lie changes often, and is not among the words.
    this
      .addSql(`create trigger rendition_updated after update of name, mime_type, width, height, size_bytes, version on renditions
      for each row execute function keep_words_of_rendition()`);
  }
}
