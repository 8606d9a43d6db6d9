/** Captions of own videos. Their files are renditions. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0058Captions extends Migration {
  override up(): void {
    this.addSql(`create table caption_tracks (
      media_id uuid not null references media (id) on delete cascade,
      kind text not null check (kind in ('CAPTIONS', 'SUBTITLES', 'DESCRIPTIONS', 'CHAPTERS')),
      language text not null,
      label text,
      is_automatic boolean not null,
      rendition_name text not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (media_id, kind, language)
    )`);
  }
}
