/** When the followers of a remote actor were last compared with what its server says. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0035FollowersComparison extends Migration {
  override up(): void {
    this.addSql(`alter table remote_actors add column followers_compared_at timestamptz`);
  }
}
