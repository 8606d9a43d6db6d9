/** Which post of which author may quote which: stamps of authors here, and those of other servers that we have seen. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0045QuoteAuthorizations extends Migration {
  override up(): void {
    this.addSql(`create table quote_authorizations (
      id uuid primary key,
      uri text not null,
      quoting_uri text not null unique,
      quoted_uri text not null,
      quoted_author_id uuid not null references actors (id) on delete cascade,
      created_at timestamptz not null
    )`);
    this.addSql(
      `create index quote_authorizations_author on quote_authorizations (quoted_author_id, uri)`,
    );
  }
}
