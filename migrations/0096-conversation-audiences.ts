/** For whom what is written in an encrypted conversation is: kept for all of them together, beside its rows. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0096ConversationAudiences extends Migration {
  override up(): void {
    // Made of conversation_devices by whoever misses it, so that losing it costs nothing: after a crash it is empty.
    this.addSql(`create unlogged table conversation_audiences (
      conversation_id uuid primary key,
      actor_ids uuid[] not null,
      device_ids uuid[] not null,
      topics text[] not null,
      is_outside boolean not null,
      has_no_hub boolean not null
    )`);
    // Ids of hundreds are read with every message, and gain nothing by being packed.
    for (const column of ['actor_ids', 'device_ids', 'topics'])
      this.addSql(`alter table conversation_audiences alter column ${column} set storage external`);
    // Who makes one holds the lock of the conversation; so does, at the latest by this, who changes what it is made of.
    this
      .addSql(`create function forget_conversation_audiences() returns trigger language plpgsql as $$ begin
      perform from conversations where id in (select conversation_id from changed) order by id for update;
      delete from conversation_audiences where conversation_id in (select conversation_id from changed);
      return null;
    end $$`);
    for (const [event, rows] of [
      ['insert', 'new'],
      ['update', 'new'],
      ['delete', 'old'],
    ])
      this
        .addSql(`create trigger conversation_devices_${event} after ${event} on conversation_devices
        referencing ${rows} table as changed for each statement execute function forget_conversation_audiences()`);
  }
}
