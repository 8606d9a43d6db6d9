/** Letters with what somebody has not read. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0018Digests extends Migration {
  override up(): void {
    this.addSql(`alter table notification_preferences
      add column digest text not null default 'OFF' check (digest in ('OFF', 'DAILY', 'WEEKLY')),
      add column digest_sent_at timestamptz,
      add column digest_position uuid`);
    this.addSql(
      `create index notification_preferences_digest on notification_preferences (actor_id) where digest <> 'OFF'`,
    );
  }
}
