/** Which other servers understand signatures as RFC 9421 has them. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0036MessageSignatures extends Migration {
  override up(): void {
    // A host is here once it has shown that it does; one that refused such a signature gets the older form for a while.
    this.addSql(`create table message_signature_hosts (
      host text primary key,
      shown_at timestamptz not null,
      refused_at timestamptz
    )`);
  }
}
