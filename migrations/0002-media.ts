/** Bytes coming in (uploads), assets (media) and the files derived from them (renditions). */
import { Migration } from '@mikro-orm/migrations';

export class Migration0002Media extends Migration {
  override up(): void {
    this.addSql(`create table media (
      id uuid primary key,
      owner_id uuid not null,
      kind text not null check (kind in ('image', 'video', 'audio')),
      purpose text not null,
      access text not null default 'PRIVATE' check (access in ('PRIVATE', 'PUBLIC')),
      state text not null check (state in ('AWAITING_UPLOAD', 'PROCESSING', 'READY', 'FAILED', 'REJECTED')),
      failure text,
      file_name text not null default '',
      mime_type text not null,
      size_bytes bigint not null default 0,
      stored_bytes bigint not null default 0,
      sha256 bytea,
      original_key text,
      width integer,
      height integer,
      is_animated boolean not null default false,
      blurhash text,
      dominant_color text,
      alt_text text,
      focal_x real not null default 0,
      focal_y real not null default 0,
      remote_url text,
      attached_at timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      deleted_at timestamptz
    )`);
    this.addSql(`create index media_owner on media (owner_id, id desc)`);
    this.addSql(
      `create index media_unattached on media (created_at) where attached_at is null and deleted_at is null`,
    );
    this.addSql(`create index media_deleted on media (deleted_at) where deleted_at is not null`);
    this.addSql(`create table renditions (
      media_id uuid not null references media (id) on delete cascade,
      name text not null,
      storage_key text not null unique,
      mime_type text not null,
      width integer not null,
      height integer not null,
      size_bytes bigint not null,
      primary key (media_id, name)
    )`);
    this.addSql(`create table uploads (
      id uuid primary key,
      media_id uuid not null references media (id) on delete cascade,
      owner_id uuid not null,
      token_digest bytea not null unique,
      protocol text not null check (protocol in ('PUT', 'TUS')),
      declared_bytes bigint not null,
      received_bytes bigint not null default 0,
      declared_sha256 bytea,
      state text not null check (state in ('OPEN', 'RECEIVED', 'EXPIRED', 'CANCELLED')),
      created_at timestamptz not null,
      expires_at timestamptz not null
    )`);
    this.addSql(`create index uploads_media on uploads (media_id)`);
    this.addSql(`create index uploads_open on uploads (expires_at) where state = 'OPEN'`);
  }
}
