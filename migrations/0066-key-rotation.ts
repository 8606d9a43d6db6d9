/** Keys of local actors and of the server that are replaced, and what is kept of those before. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0066KeyRotation extends Migration {
  override up(): void {
    // Constant defaults: no table is rewritten.
    this.addSql(`alter table signing_keys add column rotation bigint,
      add column proof_key_name text not null default 'ed25519-key'`);
    // By its greatest value every process sees that some key was replaced.
    this.addSql('create sequence signing_key_rotations');
    this.addSql(
      'create index signing_keys_rotation on signing_keys (rotation) where rotation is not null',
    );
    this.addSql(`create table former_signing_keys (
      owner_uri text not null references signing_keys (owner_uri) on delete cascade,
      rotation bigint not null,
      sealed_private_key text,
      proof_key_name text,
      public_proof_key text,
      replaced_at timestamptz not null,
      primary key (owner_uri, rotation)
    )`);
    this.addSql('create index former_signing_keys_age on former_signing_keys (replaced_at)');
  }
}
