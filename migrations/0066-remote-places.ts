/** What authors on other servers call the place of a post. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0066RemotePlaces extends Migration {
  override up(): void {
    this.addSql('alter table posts add column place_name text');
  }
}
