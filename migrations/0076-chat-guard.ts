/** What guards encrypted chats: what the server says of messages, reports that prove themselves, and where devices are woken. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0076ChatGuard extends Migration {
  override up(): void {
    this.addSql('alter table chat_messages add column frank bytea');
    this.addSql(`alter table reports add column messages jsonb not null default '[]'`);
    this.addSql(`create table chat_push_subscriptions (
      device_id uuid primary key references chat_devices (id) on delete cascade,
      session_id uuid not null references sessions (id) on delete cascade,
      endpoint text not null,
      p256dh text not null,
      auth text not null,
      topic text not null,
      woken_at timestamptz,
      woken_position bigint,
      created_at timestamptz not null
    )`);
    this.addSql(
      'create index chat_push_subscriptions_session on chat_push_subscriptions (session_id)',
    );
  }
}
