/** Reports, what the staff did about them, and the record of every act of the staff. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0015Moderation extends Migration {
  override up(): void {
    this.addSql(`create table audit_entries (
      number bigint primary key,
      id uuid not null unique,
      actor_id uuid,
      action text not null,
      subject_id text,
      details jsonb not null,
      created_at timestamptz not null,
      digest bytea not null
    )`);
    // Nobody rewrites the record, whatever a program of this server may try.
    this.addSql(`create function refuse_rewriting() returns trigger language plpgsql as $$
      begin raise exception 'the record of the staff is append-only'; end $$`);
    this.addSql(`create trigger audit_entries_append_only before update or delete on audit_entries
      for each row execute function refuse_rewriting()`);
    this.addSql(`create trigger audit_entries_no_truncate before truncate on audit_entries
      for each statement execute function refuse_rewriting()`);
    this.addSql(`create table reports (
      id uuid primary key,
      reporter_id uuid references actors (id) on delete set null,
      target_id uuid not null references actors (id) on delete cascade,
      category text not null,
      comment text not null default '',
      rule_ids uuid[] not null default '{}',
      subjects jsonb not null default '[]',
      subject_ids uuid[] not null default '{}',
      status text not null check (status in ('OPEN', 'ASSIGNED', 'RESOLVED', 'DISMISSED')),
      assignee_id uuid references actors (id) on delete set null,
      staff_note text not null default '',
      created_at timestamptz not null,
      resolved_at timestamptz
    )`);
    this.addSql(`create index reports_status on reports (status, id)`);
    this.addSql(`create index reports_target on reports (target_id, id)`);
    this.addSql(
      `create unique index reports_open on reports (reporter_id, target_id, category, subject_ids) where status in ('OPEN', 'ASSIGNED')`,
    );
    this.addSql(`create table moderation_actions (
      id uuid primary key,
      kind text not null,
      target_id uuid not null references actors (id) on delete cascade,
      moderator_id uuid references actors (id) on delete set null,
      reason text not null,
      rule_ids uuid[] not null default '{}',
      subject_ids uuid[] not null default '{}',
      report_ids uuid[] not null default '{}',
      created_at timestamptz not null
    )`);
    this.addSql(
      `create index moderation_actions_target on moderation_actions (target_id, id desc)`,
    );
    this.addSql(`alter table posts add column removed_at timestamptz`);
  }
}
