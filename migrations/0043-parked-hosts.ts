/** Since when a host does not answer, on how many days, and that nothing is tried there any more until it is back. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0043ParkedHosts extends Migration {
  override up(): void {
    this.addSql(`alter table unreachable_hosts
      add column id uuid not null unique default gen_random_uuid(),
      add column since timestamptz not null default now(),
      add column last_failure text,
      add column failing_days smallint not null default 1,
      add column last_failed_on date,
      add column parked_at timestamptz`);
    this.addSql(
      `alter table unreachable_hosts alter column since drop default, alter column id drop default`,
    );
    this.addSql(
      `create index unreachable_hosts_parked on unreachable_hosts (next_attempt_at) where parked_at is not null`,
    );
    this.addSql(`alter table deliveries drop constraint deliveries_state_check`);
    this.addSql(`alter table deliveries add constraint deliveries_state_check
      check (state in ('PENDING', 'DELIVERED', 'FAILED', 'PARKED'))`);
    this.addSql(`create index deliveries_parked on deliveries (host) where state = 'PARKED'`);
  }
}
