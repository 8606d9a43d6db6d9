/** What happens when people leave, as others hear of it. */
import type { AccountId } from '../accounts/account.entity.js';
import type { ActorId } from '../actors/actor.entity.js';
import { defineEvent } from '../platform/journal/event.js';
import type { ExportId } from './export-row.js';
import type { ImportId } from './import-row.js';

/** Its owner has closed an account; it can be had back for a while. */
export const accountClosed = defineEvent<{ accountId: AccountId; actorId: ActorId }>(
  'accountClosed',
);

/** The time of grace of a closed account is over. */
export const accountDeletionDue = defineEvent<{ accountId: AccountId }>('accountDeletionDue');

/** Somebody asked for an archive, or its writing has to begin anew. */
export const exportRequested = defineEvent<{ exportId: ExportId }>(
  'exportRequested',
  ({ exportId }) => [workTopic(exportId)],
);

/** Live topic of one export or import; only its owner may listen. */
export function workTopic(id: ExportId | ImportId): string {
  return `portability:${id}`;
}

/** More of an archive is written; 0–95 percent. */
export const exportProgressed = defineEvent<{ exportId: ExportId; percent: number }>(
  'exportProgressed',
  ({ exportId }) => [workTopic(exportId)],
);

/** An archive can be fetched. */
export const exportReady = defineEvent<{ exportId: ExportId; actorId: ActorId }>(
  'exportReady',
  ({ exportId }) => [workTopic(exportId)],
);

/** An archive could not be written, or will not be: the account is not in use any more. */
export const exportFailed = defineEvent<{ exportId: ExportId }>('exportFailed', ({ exportId }) => [
  workTopic(exportId),
]);

/** More lines of a list have had their turn; 0–100 percent. */
export const importProgressed = defineEvent<{ importId: ImportId; percent: number }>(
  'importProgressed',
  ({ importId }) => [workTopic(importId)],
);

/** Every line of a list has had its turn; some may wait for what is not known yet. */
export const importFinished = defineEvent<{ importId: ImportId }>(
  'importFinished',
  ({ importId }) => [workTopic(importId)],
);

/** A list is not taken in any more: the account is not in use. */
export const importFailed = defineEvent<{ importId: ImportId }>('importFailed', ({ importId }) => [
  workTopic(importId),
]);

/** Somebody brings a list along, or more of it can be taken in now. */
export const importRequested = defineEvent<{ importId: ImportId }>(
  'importRequested',
  ({ importId }) => [workTopic(importId)],
);

/** Everything of an account is erased; its name stays taken. */
export const accountErased = defineEvent<{ accountId: AccountId; actorId: ActorId }>(
  'accountErased',
);
