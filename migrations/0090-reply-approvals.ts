/** PeerTube's approval of a comment is the activity that says so, and is named by another word than a stamp. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0090ReplyApprovals extends Migration {
  override up(): void {
    this.addSql(
      `alter table quote_authorizations add column is_activity boolean not null default false`,
    );
  }
}
