/** Other names of an actor, where it has moved, and when it did. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0042Moves extends Migration {
  override up(): void {
    // What an actor says of itself: other accounts of the same person, by their identity.
    this.addSql(`alter table actors add column also_known_as text[] not null default '{}'`);
    this.addSql(
      `alter table actors add column moved_to_id uuid references actors (id) on delete set null`,
    );
    this.addSql(
      `create index actors_moved_to on actors (moved_to_id) where moved_to_id is not null`,
    );
    // What the document of a remote actor says, whether or not anything there agrees.
    this.addSql(`alter table remote_actors add column moved_to_uri text`);
    // Moves that took followers along; they say when the next one may be.
    this.addSql(`create table moves (
      id uuid primary key,
      actor_id uuid not null references actors (id) on delete cascade,
      target_id uuid not null references actors (id) on delete cascade,
      moved_at timestamptz not null,
      check (actor_id <> target_id)
    )`);
    this.addSql(`create index moves_actor on moves (actor_id, moved_at desc)`);
    this.addSql(`create index moves_target on moves (target_id)`);
  }
}
