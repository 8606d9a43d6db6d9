/** Sounds of videos, who uses them, what they are recognised by, and videos made of others. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0057Sounds extends Migration {
  override up(): void {
    this.addSql(`create table sounds (
      id uuid primary key,
      origin_id uuid not null unique references posts (id) on delete cascade,
      title text,
      duration_ms integer not null,
      waveform smallint[] not null default '{}',
      created_at timestamptz not null
    )`);
    this.addSql(`create table sound_uses (
      post_id uuid primary key references posts (id) on delete cascade,
      sound_id uuid not null references sounds (id) on delete cascade,
      source text not null check (source in ('OWN', 'REUSED', 'RECOGNISED')),
      is_disputed boolean not null default false
    )`);
    this.addSql(`create index sound_uses_sound on sound_uses (sound_id, post_id desc)`);
    this.addSql(`create table sound_fingerprints (
      sound_id uuid primary key references sounds (id) on delete cascade,
      words bytea not null
    )`);
    // Apart from the fingerprints: only of sounds that later ones may be attributed to.
    this.addSql(`create table sound_fingerprint_keys (
      key integer not null,
      sound_id uuid not null references sounds (id) on delete cascade,
      primary key (key, sound_id)
    )`);
    this.addSql(`create index sound_fingerprint_keys_sound on sound_fingerprint_keys (sound_id)`);
    this.addSql(`create table remix_policies (
      post_id uuid primary key references posts (id) on delete cascade,
      duet text check (duet in ('EVERYONE', 'FOLLOWERS', 'NOBODY')),
      stitch text check (stitch in ('EVERYONE', 'FOLLOWERS', 'NOBODY')),
      sound text check (sound in ('EVERYONE', 'FOLLOWERS', 'NOBODY'))
    )`);
    this.addSql(`create table remixes (
      media_id uuid primary key references media (id) on delete cascade,
      author_id uuid not null references actors (id) on delete cascade,
      kind text not null check (kind in ('DUET', 'STITCH', 'SOUND')),
      original_id uuid not null references posts (id) on delete cascade,
      sound_id uuid references sounds (id) on delete set null,
      clip_id uuid references media (id) on delete set null,
      mixing jsonb not null,
      post_id uuid unique references posts (id) on delete cascade,
      detached_at timestamptz,
      created_at timestamptz not null
    )`);
    this.addSql(
      `create index remixes_original on remixes (original_id, post_id desc) where post_id is not null and detached_at is null`,
    );
    this.addSql(`create index remixes_unpublished on remixes (original_id) where post_id is null`);
    this.addSql(`create index remixes_author on remixes (author_id, created_at desc)`);
    this.addSql(`create index remixes_sound on remixes (sound_id) where sound_id is not null`);
    this.addSql(`create index remixes_clip on remixes (clip_id) where clip_id is not null`);
  }
}
