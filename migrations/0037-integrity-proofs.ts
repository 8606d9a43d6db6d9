/** The keys with which actors prove what they say, whoever brings it: ours with their secret, those of others as named. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0037IntegrityProofs extends Migration {
  override up(): void {
    // Made when first needed, like the keys beside them.
    this.addSql(`alter table signing_keys add column public_proof_key text`);
    this.addSql(`alter table signing_keys add column sealed_proof_key text`);
    this.addSql(`alter table remote_actors add column proof_keys jsonb not null default '[]'`);
  }
}
