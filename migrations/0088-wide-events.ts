/** Events that hundreds of people hear of: one entry in an index, not hundreds, and topics that are not packed and unpacked. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0088WideEvents extends Migration {
  override up(): void {
    this.addSql('drop index events_topics');
    this.addSql(
      'create index events_topics on events using gin (topics) where cardinality(topics) <= 32',
    );
    this.addSql('create index events_wide on events (xid, seq) where cardinality(topics) > 32');
    this.addSql('alter table events alter column topics set storage external');
  }
}
