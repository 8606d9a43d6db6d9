/** Which followers are of this server: only they have home timelines, and may be few among many. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0065FollowersHere extends Migration {
  override up(): void {
    this.addSql('alter table follows add column is_remote boolean not null default false');
    this.addSql(`update follows set is_remote = true from actors follower
      where follower.id = follows.follower_id and follower.domain is not null`);
    this.addSql(
      `create index follows_here on follows (followee_id, id desc) where state = 'ACCEPTED' and not is_remote`,
    );
  }
}
