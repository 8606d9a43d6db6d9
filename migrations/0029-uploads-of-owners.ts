/** Each upload asks how many its owner has begun and has open: by an index, however many there are of others. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0029UploadsOfOwners extends Migration {
  override up(): void {
    this.addSql(`create index uploads_owner on uploads (owner_id, created_at)`);
    this.addSql(`create index uploads_open_of_owner on uploads (owner_id) where state = 'OPEN'`);
  }
}
