/** Archives that people ask for of what is theirs. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0022DataExports extends Migration {
  override up(): void {
    // The key is there before its object, so that none is ever forgotten.
    this.addSql(`create table data_exports (
      id uuid primary key,
      account_id uuid not null references accounts (id) on delete cascade,
      format text not null check (format in ('ACTIVITYPUB_ARCHIVE', 'CSV_LISTS')),
      includes_media boolean not null,
      state text not null check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED')),
      progress_percent smallint not null default 0 check (progress_percent between 0 and 100),
      storage_key text not null unique,
      size_bytes bigint,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      expires_at timestamptz,
      removed_at timestamptz,
      check ((state = 'SUCCEEDED') = (expires_at is not null and size_bytes is not null))
    )`);
    this.addSql(`create index data_exports_account on data_exports (account_id, id desc)`);
    this.addSql(
      `create unique index data_exports_running on data_exports (account_id) where state in ('QUEUED', 'RUNNING')`,
    );
    this.addSql(
      `create index data_exports_expiring on data_exports (expires_at) where removed_at is null`,
    );
  }
}
