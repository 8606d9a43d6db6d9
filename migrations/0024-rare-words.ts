/** Documents by their words, always through the index. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0024RareWords extends Migration {
  override up(): void {
    // Of words that are not among the frequent ones the planner believes that there are thousands, and reads everything.
    this
      .addSql(`create function documents_with(words tsquery) returns table (post_id uuid, is_open boolean)
      language sql stable rows 1000 set enable_seqscan = off
      as 'select d.post_id, d.is_open from post_documents d where d.document @@ words'`);
  }
}
