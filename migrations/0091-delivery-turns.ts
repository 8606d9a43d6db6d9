/** Hosts wait for their turn in the order of its time: who is due is found without looking at all for whom something waits. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0091DeliveryTurns extends Migration {
  override up(): void {
    // A host may have several: whoever sends adds one for each, and waits for nobody else who does. What waits already gets
    // its turns at the next start.
    this.addSql(`create table delivery_turns (
      id bigint primary key generated always as identity,
      slice smallint not null,
      host text not null,
      due_at timestamptz not null
    )`);
    this.addSql('create index delivery_turns_due on delivery_turns (slice, due_at, id)');
  }
}
