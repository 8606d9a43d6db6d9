/** The few who are suspended are found among all, so that nobody looks at each follower's standing. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0051SuspendedActors extends Migration {
  override up(): void {
    this.addSql(`create index actors_suspended on actors (id) where status = 'SUSPENDED'`);
  }
}
