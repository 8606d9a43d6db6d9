/** Encrypted conversations of several servers: group ids of each hub, and what only this server knows of what it asked hubs. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0085ChatRepairs extends Migration {
  override up(): void {
    // A group has its name on the server that orders it: what another one calls its own stands in nobody's way.
    this.addSql('alter table conversations drop constraint conversations_mls_group_id_key');
    this.addSql(
      `create unique index conversations_group_of_hub on conversations (mls_group_id, coalesce(hub_origin, ''))`,
    );
    // Which device here makes a group anew, kept before the hub is asked: it comes in without a Welcome.
    this.addSql(`create table mirror_founders (
      conversation_id uuid not null references conversations (id) on delete cascade,
      group_id bytea not null,
      device_id uuid not null,
      asked_at timestamptz not null,
      primary key (conversation_id, group_id)
    )`);
    this.addSql('create index mirror_founders_oldest on mirror_founders (asked_at)');
    // What devices here have written through hubs: nothing else is theirs, whatever a hub says.
    this.addSql(`create table hub_submissions (
      conversation_id uuid not null references conversations (id) on delete cascade,
      digest bytea not null,
      device_id uuid not null,
      submitted_at timestamptz not null,
      primary key (conversation_id, digest)
    )`);
    this.addSql('create index hub_submissions_oldest on hub_submissions (submitted_at)');
    // Servers that did not answer as hubs, and until when they are left alone.
    this.addSql(`create table silent_hubs (
      origin text primary key,
      failures integer not null,
      ask_at timestamptz not null
    )`);
  }
}
