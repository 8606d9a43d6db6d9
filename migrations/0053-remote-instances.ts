/** Other servers: what they say that they run. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0053RemoteInstances extends Migration {
  override up(): void {
    this.addSql(`create table remote_instances (
      id uuid primary key,
      host text not null unique,
      software text,
      version text,
      asked_at timestamptz
    )`);
    this.addSql(`create index remote_instances_asked on remote_instances (asked_at nulls first)`);
    this.addSql(`insert into remote_instances (id, host)
      select gen_random_uuid(), host from (select distinct host from remote_actors) known`);
  }
}
