/** Leaving: accounts that are about to be erased. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0014Portability extends Migration {
  override up(): void {
    this.addSql(`alter table accounts drop constraint accounts_state_check`);
    this.addSql(`alter table accounts add constraint accounts_state_check check (state in
      ('AWAITING_EMAIL', 'AWAITING_APPROVAL', 'ACTIVE', 'REJECTED', 'SUSPENDED', 'CLOSING', 'DELETED'))`);
    // The state that an actor gets back when its owner changes their mind; null = it is not about to be deleted.
    this.addSql(`alter table actors add column reopens_as text
      check (reopens_as is null or reopens_as in ('ACTIVE', 'LIMITED', 'MOVED', 'MEMORIAL'))`);
    // It outlives what it tells of: that an account was deleted, and when, has to be told for as long as its name is taken.
    this.addSql(`create table account_deletions (
      account_id uuid primary key references accounts (id),
      requested_at timestamptz not null,
      due_at timestamptz not null,
      finished_at timestamptz
    )`);
    this.addSql(
      `create index account_deletions_due on account_deletions (due_at) where finished_at is null`,
    );
  }
}
