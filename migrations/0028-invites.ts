/** Invites of everybody: who made them in which capacity, when they were revoked, and whom the invited follow. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0028Invites extends Migration {
  override up(): void {
    this.addSql(`alter table invites
      add column is_by_staff boolean not null default true,
      add column follows_inviter boolean not null default false,
      add column revoked_at timestamptz`);
    this.addSql(`alter table invites alter column is_by_staff drop default`);
    this.addSql(`create index invites_creator on invites (created_by, id desc)`);
    this.addSql(
      `create index accounts_invite on accounts (invite_id, id desc) where invite_id is not null`,
    );
  }
}
