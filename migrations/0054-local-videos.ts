/** Videos that are made here: whether more renditions are to come, which moment is the still picture, and why one failed. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0054LocalVideos extends Migration {
  override up(): void {
    this.addSql(`alter table media add column is_growing boolean not null default false,
      add column poster_at_ms integer, add column failure_code text`);
  }
}
