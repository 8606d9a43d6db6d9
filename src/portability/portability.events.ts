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
export const exportRequested = defineEvent<{ exportId: ExportId }>('exportRequested');

/** Somebody brings a list along, or more of it can be taken in now. */
export const importRequested = defineEvent<{ importId: ImportId }>('importRequested');

/** Everything of an account is erased; its name stays taken. */
export const accountErased = defineEvent<{ accountId: AccountId; actorId: ActorId }>(
  'accountErased',
);
