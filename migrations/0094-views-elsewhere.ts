/** Views of videos that other servers tell of, beside those of people here. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0094ViewsElsewhere extends Migration {
  override up(): void {
    this.addSql(`alter table post_days add column views_elsewhere integer not null default 0`);
  }
}
