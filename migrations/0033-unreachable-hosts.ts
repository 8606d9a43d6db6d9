/** Hosts that are left alone for a while, the order of what is sent, and tombstones that each actor has for itself. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0033UnreachableHosts extends Migration {
  override up(): void {
    // What is no news about a host that is down; the row goes when it answers.
    this.addSql(`create table unreachable_hosts (
      host text primary key,
      attempts smallint not null,
      next_attempt_at timestamptz not null
    )`);
    // What is sent in one transaction is sent in this order.
    this.addSql(
      `alter table sent_activities add column position bigint generated always as identity`,
    );
    // What an Undo or Delete still needs is kept; all else is only kept for a while.
    this.addSql(`alter table sent_activities add column is_lasting boolean not null default true`);
    this.addSql(`alter table sent_activities alter column is_lasting drop default`);
    this.addSql(
      `create index sent_activities_passing on sent_activities (created_at) where not is_lasting`,
    );
    // Nobody buries what is somebody else's.
    this.addSql(`alter table remote_tombstones drop constraint remote_tombstones_pkey`);
    this.addSql(`alter table remote_tombstones add primary key (uri, actor_uri)`);
  }
}
