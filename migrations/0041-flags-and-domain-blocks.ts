/** Reports that travel between servers, and whole servers that single people do not want to meet. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0041FlagsAndDomainBlocks extends Migration {
  override up(): void {
    // Of a report from another server: the activity, and whose it is where no person is named.
    this.addSql(`alter table reports
      add column activity_uri text,
      add column reporter_host text,
      add column is_forwarded boolean not null default false`);
    this.addSql(
      `create unique index reports_activity on reports (activity_uri, target_id) where activity_uri is not null`,
    );
    this.addSql(`create table domain_blocks (
      actor_id uuid not null references actors (id) on delete cascade,
      domain text collate "C" not null,
      created_at timestamptz not null,
      primary key (actor_id, domain)
    )`);
  }
}
