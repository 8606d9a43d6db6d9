/** Comments that are for fewer people than the post that they stand under. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0082NarrowedComments extends Migration {
  override up(): void {
    this.addSql(`alter table posts
      add column narrowed_to text check (narrowed_to in ('FOLLOWERS', 'MENTIONED')),
      add column narrowed_through uuid[],
      add check (kind = 'comment' or narrowed_through is null),
      add check (narrowed_to is null or (narrowed_through is not null and id = any(narrowed_through)))`);
  }
}
