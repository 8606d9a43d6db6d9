/** Lists of blocked servers can be brought along. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0041DomainBlockImports extends Migration {
  override up(): void {
    this.addSql('alter table data_imports drop constraint data_imports_source_check');
    this
      .addSql(`alter table data_imports add constraint data_imports_source_check check (source in ('CSV_FOLLOWING',
      'CSV_BLOCKS', 'CSV_MUTES', 'CSV_BOOKMARKS', 'CSV_LISTS', 'CSV_HASHTAGS', 'CSV_DOMAINS'))`);
  }
}
