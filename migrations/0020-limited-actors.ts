/** A limit outlives a suspension. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0020LimitedActors extends Migration {
  override up(): void {
    this.addSql('alter table actors add column is_limited boolean not null default false');
    this.addSql(`update actors set is_limited = true where status = 'LIMITED'`);
  }
}
