/** Encrypted conversations that other servers order: what they have said, and what is still to be said to them. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0073MirroredConversations extends Migration {
  override up(): void {
    this.addSql(`create table mirror_checks (
      conversation_id uuid primary key references conversations (id) on delete cascade,
      checked_at timestamptz not null,
      is_behind boolean not null
    )`);
    this.addSql('create index mirror_checks_oldest on mirror_checks (checked_at)');
    this.addSql('create index mirror_checks_behind on mirror_checks (checked_at) where is_behind');
    // What stood at a place is remembered longer than the message: null = nothing for anybody here.
    this.addSql(`create table mirror_places (
      conversation_id uuid not null references conversations (id) on delete cascade,
      sequence integer not null,
      digest bytea,
      placed_at timestamptz not null,
      primary key (conversation_id, sequence)
    )`);
    this.addSql('create index mirror_places_oldest on mirror_places (placed_at)');
    // A commit has let in devices of people of here whose Welcome has not come yet.
    this.addSql(`create table mirror_welcomes_due (
      conversation_id uuid not null references conversations (id) on delete cascade,
      sequence integer not null,
      primary key (conversation_id, sequence)
    )`);
    this.addSql(`create table hub_faults (
      conversation_id uuid not null references conversations (id) on delete cascade,
      sequence integer not null,
      kind text not null,
      digest bytea not null,
      seen_at timestamptz not null,
      primary key (conversation_id, sequence, kind, digest)
    )`);
    this.addSql(`create table hub_errands (
      id uuid primary key,
      conversation_id uuid not null references conversations (id) on delete cascade,
      actor_id uuid not null references actors (id) on delete cascade,
      kind text not null,
      signature_key bytea,
      asked_at timestamptz not null
    )`);
    this.addSql('create index hub_errands_conversation on hub_errands (conversation_id)');
    this.addSql('create index hub_errands_actor on hub_errands (actor_id)');
  }
}
