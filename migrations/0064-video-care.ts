/** Still pictures of videos that are replaced, and tries of what failed. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0064VideoCare extends Migration {
  override up(): void {
    // Constant defaults: no table is rewritten.
    this.addSql(`alter table media add column poster_version integer not null default 0,
      add column retries smallint not null default 0`);
    this.addSql('alter table renditions add column version integer not null default 0');
  }
}
