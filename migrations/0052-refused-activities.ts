/** What other servers sent to no effect is found by its age: it goes long before the rest. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0052RefusedActivities extends Migration {
  override up(): void {
    this.addSql(
      `create index received_activities_refused on received_activities (received_at) where refusal is not null`,
    );
  }
}
