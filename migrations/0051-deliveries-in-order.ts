/** Deliveries carry their own order: the oldest of a host are found without looking at all that waits for it. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0051DeliveriesInOrder extends Migration {
  override up(): void {
    this.addSql(`alter table deliveries add column position bigint`);
    this.addSql(
      `update deliveries d set position = s.position from sent_activities s where s.id = d.activity_id`,
    );
    this.addSql(`alter table deliveries alter column position set not null`);
    this.addSql(
      `create index deliveries_order on deliveries (host, position) where state = 'PENDING'`,
    );
  }
}
