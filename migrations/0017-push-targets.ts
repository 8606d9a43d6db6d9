/** Where notifications are pushed to. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0017PushTargets extends Migration {
  override up(): void {
    this.addSql(`create table push_targets (
      id uuid primary key,
      account_id uuid not null references accounts (id) on delete cascade,
      session_id uuid not null references sessions (id) on delete cascade,
      endpoint text not null,
      p256dh text not null,
      auth text not null,
      kinds text[],
      created_at timestamptz not null,
      unique (account_id, endpoint)
    )`);
    this.addSql(`create index push_targets_session on push_targets (session_id)`);
  }
}
