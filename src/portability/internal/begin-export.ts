/** Who writes which archive: few at a time, and each try under a key of its own. */
import { randomBytes } from 'node:crypto';
import type { AccountId } from '../../accounts/account.entity.js';
import { addSeconds } from '../../platform/clock.js';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import type { ExportFormat, ExportId } from '../export-row.js';

/** An archive that is this writer's until somebody else begins it anew. */
export interface ExportOrder {
  readonly id: ExportId;
  readonly accountId: AccountId;
  readonly format: ExportFormat;
  readonly includesMedia: boolean;
  readonly key: string;
  /** For the progress. */
  readonly posts: number;
  /** Bytes of the files that can stand in it. */
  readonly mediaBytes: number;
}

/** Whoever writes says so more often than this. */
export const SILENCE_SECONDS = 1_800;

const KEY = statement(
  'data_exports.key',
  `select e.storage_key as key from data_exports e join accounts a on a.id = e.account_id
   where e.id = $1 and e.state in ('QUEUED', 'RUNNING') and a.state = 'ACTIVE'`,
);
const LOCK = statement(
  'data_exports.lock_writers',
  `select pg_advisory_xact_lock(hashtextextended('data_exports.writers', 0))`,
);
const OTHERS = statement(
  'data_exports.others',
  `select count(*)::int as count from data_exports where state = 'RUNNING' and id <> $1 and updated_at > $2`,
);
const BEGIN = statement(
  'data_exports.begin',
  `update data_exports e set state = 'RUNNING', updated_at = $4, storage_key = $3 from accounts a
   where e.id = $1 and e.storage_key = $2 and e.state in ('QUEUED', 'RUNNING') and a.id = e.account_id and a.state = 'ACTIVE'
   returning e.id, e.account_id as "accountId", e.format, e.includes_media as "includesMedia", e.storage_key as key,
     (select count(*)::int from posts p where p.author_id = a.actor_id and p.deleted_at is null) as posts,
     case when e.includes_media and e.format <> 'CSV_LISTS' then (select coalesce(sum(size_bytes), 0)::float8 from media m
       where m.owner_id = a.actor_id and m.original_key is not null and m.deleted_at is null) else 0 end as "mediaBytes"`,
);
const WAIT = statement(
  'data_exports.wait',
  `update data_exports set updated_at = $2 where id = $1 and state = 'QUEUED'`,
);

/** Key of an archive; it is there before its object, so that none is ever forgotten. */
export function newExportKey(): string {
  return `exports/${randomBytes(16).toString('hex')}`;
}

/**
 * Takes an archive over from whoever has begun it, if anybody. That one can't end it any more, and what it has stored goes.
 *
 * @returns null when there is nothing to write; 'BUSY' when enough others write already
 */
export async function beginExport(
  { database, storage, clock, config }: JobContext,
  exportId: ExportId,
): Promise<ExportOrder | 'BUSY' | null> {
  const former = await database.row<{ key: string }>(KEY, [exportId]);
  if (!former) return null;
  // Before the key is forgotten. A writer that stores it after all removes it itself.
  await storage.remove(former.key);
  const mostOthers = Math.max(1, Math.floor(config.workerConcurrency / 2)) - 1;
  return database.transaction(async (tx) => {
    await tx.rows(LOCK);
    const now = clock.now();
    const since = addSeconds(now, -SILENCE_SECONDS);
    const others = await tx.row<{ count: number }>(OTHERS, [exportId, since]);
    if (others!.count <= mostOthers)
      return tx.row<ExportOrder>(BEGIN, [exportId, former.key, newExportKey(), now]);
    await tx.rows(WAIT, [exportId, now]);
    return 'BUSY';
  });
}
