/** Titles of what is longer than a note on other servers. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0038TextPosts extends Migration {
  override up(): void {
    this.addSql(`alter table posts add column title text`);
  }
}
