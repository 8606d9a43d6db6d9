/** Devices and key packages of people of other servers, and who was given which key package. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0074RemoteKeys extends Migration {
  override up(): void {
    this.addSql(`alter table chat_devices
      alter column identity_version drop not null,
      alter column attestation drop not null,
      alter column attested_at drop not null,
      add column is_proven boolean not null default true,
      drop constraint chat_devices_signature_key_key`);
    // What is only said of somebody stands in nobody's way: the key belongs to whoever has shown to have it.
    this.addSql(
      'create unique index chat_devices_proven_key on chat_devices (signature_key) where is_proven',
    );
    this.addSql(
      'create unique index chat_devices_named_key on chat_devices (actor_id, signature_key)',
    );
    this.addSql(`alter table chat_key_packages
      add column claimed_by uuid references actors (id) on delete set null`);
    this.addSql(
      'create index chat_key_packages_claimer on chat_key_packages (claimed_by, claimed_at) where claimed_by is not null',
    );
    this.addSql('alter table remote_actors add column key_packages_uri text');
    this.addSql(`create table remote_key_lists (
      actor_id uuid primary key references actors (id) on delete cascade,
      tried_at timestamptz not null,
      asked_at timestamptz
    )`);
  }
}
