/** Archives of custom emoji that come in by upload, and what became of each. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0028EmojiImports extends Migration {
  override up(): void {
    this.addSql(`alter table media drop constraint media_kind_check`);
    this.addSql(
      `alter table media add constraint media_kind_check check (kind in ('image', 'video', 'audio', 'file'))`,
    );
    this.addSql(`create table emoji_imports (
      id uuid primary key,
      account_id uuid not null references accounts (id) on delete cascade,
      media_id uuid not null references media (id) on delete cascade,
      category text,
      replaces boolean not null,
      state text not null check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED')),
      total integer,
      added integer not null default 0,
      replaced integer not null default 0,
      kept integer not null default 0,
      refused integer not null default 0,
      refusals jsonb not null default '[]',
      failure text,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      finished_at timestamptz
    )`);
    this.addSql(`create index emoji_imports_account on emoji_imports (account_id)`);
    this.addSql(`create index emoji_imports_media on emoji_imports (media_id)`);
  }
}
