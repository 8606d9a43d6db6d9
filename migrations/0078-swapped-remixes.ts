/** A post may have shown several remixes, one after the other. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0078SwappedRemixes extends Migration {
  override up(): void {
    this.addSql(`alter table remixes drop constraint remixes_post_id_key`);
    this.addSql(`create index remixes_post on remixes (post_id) where post_id is not null`);
  }
}
