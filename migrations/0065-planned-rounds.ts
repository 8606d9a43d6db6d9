/** For when the next round of a gathering, and the next word of a notification, is planned: one job for many waits for it. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0065PlannedRounds extends Migration {
  override up(): void {
    this.addSql('alter table notification_gatherings add column planned_at timestamptz');
    this.addSql('alter table notifications add column planned_at timestamptz');
  }
}
