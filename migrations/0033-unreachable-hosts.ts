/** Hosts that are left alone for a while, and tombstones that each actor has for itself. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0033UnreachableHosts extends Migration {
  override up(): void {
    // What is no news about a host that is down; the row goes when it answers.
    this.addSql(`create table unreachable_hosts (
      host text primary key,
      attempts smallint not null,
      next_attempt_at timestamptz not null
    )`);
    // Nobody buries what is somebody else's.
    this.addSql(`alter table remote_tombstones drop constraint remote_tombstones_pkey`);
    this.addSql(`alter table remote_tombstones add primary key (uri, actor_uri)`);
  }
}
