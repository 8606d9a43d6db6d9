/** What other servers sent is carried out many at a time, in the order in which it came; some of it apart. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0051ReceivedInOrder extends Migration {
  override up(): void {
    this.addSql(
      `alter table received_activities add column is_apart boolean not null default false`,
    );
    // A job of its own waits for each of those that are here already.
    this.addSql(`update received_activities set is_apart = true where handled_at is null`);
    this.addSql(
      `create index received_activities_next on received_activities (id) where handled_at is null and not is_apart`,
    );
    this.addSql(
      `create index received_activities_apart on received_activities (actor_uri) where handled_at is null and is_apart`,
    );
  }
}
