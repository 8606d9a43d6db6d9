/** Whom posts and comments for fewer people name before anybody here knows them. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0095AwaitedMentions extends Migration {
  override up(): void {
    this.addSql(`create table awaited_mentions (
      uri text not null,
      post_id uuid not null references posts (id) on delete cascade,
      primary key (uri, post_id)
    )`);
    this.addSql(`create index awaited_mentions_post on awaited_mentions (post_id)`);
  }
}
