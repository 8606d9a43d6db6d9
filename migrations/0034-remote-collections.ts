/** Where another server tells what one of its actors pinned, and when we asked. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0034RemoteCollections extends Migration {
  override up(): void {
    this.addSql(`alter table remote_actors
      add column featured_uri text,
      add column featured_fetched_at timestamptz`);
  }
}
