/** How far an archive is: kept in its row, which shows that it is being written, and told to its owner live. */
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { exportProgressed } from '../portability.events.js';
import type { ExportOrder } from './begin-export.js';

/** Thrown into a writer whose archive nobody will fetch: another one has begun it anew, or the account is not in use any more. */
export class ExportAbandoned extends Error {
  constructor() {
    super('Nobody waits for what this writer writes.');
  }
}

/** The lists and the storing come after the posts. */
const PERCENT_OF_POSTS = 95;
/** The row is touched at least so often, in ms. */
const PULSE_MS = 60_000;

const PROGRESS = statement(
  'data_exports.progress',
  `update data_exports e set progress_percent = $2, updated_at = $3 from accounts a
   where e.id = $1 and e.storage_key = $4 and e.state = 'RUNNING' and a.id = e.account_id and a.state = 'ACTIVE' returning e.id`,
);

/**
 * Makes a function that is called for each of so many steps.
 *
 * @throws {ExportAbandoned} by that function
 */
export function followExport(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  { id: exportId, key }: Pick<ExportOrder, 'id' | 'key'>,
  steps: number,
): () => Promise<void> {
  let done = 0;
  let told = 0;
  let toldAt = Date.now();
  return async () => {
    done += 1;
    const percent = Math.min(Math.floor((done / steps) * PERCENT_OF_POSTS), PERCENT_OF_POSTS);
    if (percent === told && Date.now() - toldAt < PULSE_MS) return;
    told = percent;
    toldAt = Date.now();
    const isWanted = await database.transaction(async (tx) => {
      if (!(await tx.row(PROGRESS, [exportId, percent, clock.now(), key]))) return false;
      await tx.append(exportProgressed, { exportId, percent });
      return true;
    });
    if (!isWanted) throw new ExportAbandoned();
  };
}
