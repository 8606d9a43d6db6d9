/** Emoji of other servers are counted by registered domain. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0066EmojiSites extends Migration {
  override up(): void {
    this.addSql('alter table remote_emojis add column site text collate "C"');
    // By the domain itself: what is kept from now on is counted by what it lies under.
    this.addSql('update remote_emojis set site = domain');
    this.addSql('alter table remote_emojis alter column site set not null');
    this.addSql('create index remote_emojis_site on remote_emojis (site)');
  }
}
