/** What is known of a video beside its still picture, and the category under which its author put it. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0047Videos extends Migration {
  override up(): void {
    this.addSql(`alter table media add column video jsonb`);
    this.addSql(`alter table posts add column category text`);
  }
}
