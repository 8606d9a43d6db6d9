/** Who follows the channel of somebody who publishes videos, and the videos of one person in their order. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0056ChannelFollowers extends Migration {
  override up(): void {
    this.addSql(`create table channel_followers (
      owner_id uuid not null references actors (id) on delete cascade,
      follower_id uuid not null references actors (id) on delete cascade,
      followed_at timestamptz not null,
      primary key (owner_id, follower_id)
    )`);
    this.addSql(`create index channel_followers_follower on channel_followers (follower_id)`);
    this.addSql(`create index posts_videos on posts (author_id, id desc) where kind = 'video'`);
  }
}
