/**
 * Goes on with lines that waited for somebody, or for a post, of another server which is known by now, and with
 * imports that were cut off.
 */
import { addSeconds } from '../../platform/clock.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { visibleTo } from '../../posts/visibility.js';
import type { ImportId } from '../import-row.js';
import { importRequested } from '../portability.events.js';

/** Longer than a limit makes an import wait. */
const SILENCE_SECONDS = 7_200;

// As `applyLine` looks for it: what it would not find is not asked for again and again.
const isKnown = (ownerId: string): string => `case r.item ->> 'kind'
  when 'actor' then exists (select from actors a where lower(a.username) = lower(r.item ->> 'username')
    and coalesce(a.domain, '') = r.item ->> 'domain' and a.status not in ('PENDING', 'SUSPENDED', 'DELETED'))
  else exists (select from posts p where (p.uri = r.item ->> 'uri' or p.url = r.item ->> 'uri')
    and p.kind <> 'comment' and ${visibleTo('p', ownerId)}) end`;
// One import of an account at a time.
const WAKE = statement(
  'data_imports.wake',
  `update data_imports set state = 'QUEUED', updated_at = $1 where id in (
     select distinct on (i.account_id) i.id from data_imports i join accounts owner on owner.id = i.account_id
     where owner.state = 'ACTIVE' and i.state = 'SUCCEEDED' and i.mode <> 'DRY_RUN'
       and not exists (select from data_imports other
         where other.account_id = i.account_id and other.state in ('QUEUED', 'RUNNING'))
       and exists (select from data_import_rows r where r.import_id = i.id and r.outcome = 'PENDING' and ${isKnown('owner.actor_id')})
     order by i.account_id, i.id)
   returning id as "importId"`,
);
const WAKE_LINES = statement(
  'data_import_rows.wake',
  `update data_import_rows r set outcome = 'WAITING', reason = null
   from data_imports i join accounts owner on owner.id = i.account_id
   where r.import_id = $1 and i.id = $1 and r.outcome = 'PENDING' and ${isKnown('owner.actor_id')}`,
);
const SILENT = statement(
  'data_imports.silent',
  `update data_imports set updated_at = $1 where state in ('QUEUED', 'RUNNING') and updated_at < $2
   returning id as "importId"`,
);

/** Runs by the clock. */
export const resumeImports = defineJob<Record<string, never>>(
  'resumeImports',
  async ({ database, clock }) => {
    const now = clock.now();
    await database.transaction(async (tx) => {
      const silent = addSeconds(now, -SILENCE_SECONDS);
      const cutOff = await tx.rows<{ importId: ImportId }>(SILENT, [now, silent]);
      const woken = await tx.rows<{ importId: ImportId }>(WAKE, [now]);
      for (const { importId } of woken) await tx.rows(WAKE_LINES, [importId]);
      for (const request of [...cutOff, ...woken]) await tx.append(importRequested, request);
    });
  },
);
