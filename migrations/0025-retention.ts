/** What people have deleted by itself once it is old. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0025Retention extends Migration {
  override up(): void {
    const days = (name: string): string =>
      `${name} integer check (${name} between 7 and 3650), check (due_at is not null or ${name} is null)`;
    // Ages are in days; null = kept. `due_at` is when to look next, null while everything is kept.
    this.addSql(`create table retention_rules (
      account_id uuid primary key references accounts (id) on delete cascade,
      ${days('post_days')},
      ${days('comment_days')},
      ${days('story_days')},
      keep_pinned boolean not null,
      keep_archived boolean not null,
      keep_mentioned boolean not null,
      keep_collected boolean not null,
      keep_bookmarked boolean not null,
      keep_liked boolean not null,
      keep_highlighted boolean not null,
      keep_from_likes integer check (keep_from_likes > 0),
      keep_from_reposts integer check (keep_from_reposts > 0),
      due_at timestamptz,
      updated_at timestamptz not null
    )`);
    this.addSql(
      `create index retention_rules_due on retention_rules (due_at) where due_at is not null`,
    );
  }
}
