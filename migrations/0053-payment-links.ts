/** Where people may be supported. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0053PaymentLinks extends Migration {
  override up(): void {
    this.addSql(`alter table actors add column payment_links jsonb not null default '[]'`);
  }
}
