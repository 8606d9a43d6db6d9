/** Lists that people bring along, and what became of each line. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0023DataImports extends Migration {
  override up(): void {
    this.addSql(`create table data_imports (
      id uuid primary key,
      account_id uuid not null references accounts (id) on delete cascade,
      source text not null check (source in
        ('CSV_FOLLOWING', 'CSV_BLOCKS', 'CSV_MUTES', 'CSV_BOOKMARKS', 'CSV_LISTS', 'CSV_HASHTAGS')),
      mode text not null check (mode in ('MERGE', 'OVERWRITE', 'DRY_RUN')),
      state text not null check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED')),
      removed integer not null default 0,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      finished_at timestamptz
    )`);
    this.addSql(`create index data_imports_account on data_imports (account_id, id desc)`);
    this.addSql(
      `create unique index data_imports_running on data_imports (account_id) where state in ('QUEUED', 'RUNNING')`,
    );
    // `item` is what the line means; null when it means nothing.
    this.addSql(`create table data_import_rows (
      import_id uuid not null references data_imports (id) on delete cascade,
      line integer not null,
      text text not null,
      item jsonb,
      outcome text not null check (outcome in ('WAITING', 'IMPORTED', 'UNCHANGED', 'PENDING', 'FAILED')),
      reason text,
      primary key (import_id, line),
      check ((reason is null) = (outcome in ('WAITING', 'IMPORTED', 'UNCHANGED')))
    )`);
    this.addSql(
      `create index data_import_rows_waiting on data_import_rows (import_id, line) where outcome = 'WAITING'`,
    );
    this.addSql(
      `create index data_import_rows_pending on data_import_rows (import_id) where outcome = 'PENDING'`,
    );
  }
}
