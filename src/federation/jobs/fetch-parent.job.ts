/** Asks for what some notes answer that were sent here, and keeps them: under it, or without it when it is not to be had. */
import type { JobContext } from '../../platform/context.js';
import { DomainError } from '../../platform/errors.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import { defineJob } from '../../platform/jobs/job.js';
import { MalformedDocument } from '../internal/read-document.js';
import { provenNote } from '../internal/fetch-note.js';
import { fetchThread } from '../receive/fetch-thread.js';
import { isWanted, keepComment, keepPost } from '../receive/keep-note.js';
import type { KnownSubject } from '../receive/receiving.js';
import { endWait, findWaiting, type WaitingNote } from '../receive/waiting-notes.js';

/** A server that is down for longer does not get its part of the conversation. */
const MOST_ATTEMPTS = 6;

/** One job for all that wait for the same, and one at a time for each host. */
export const fetchParent = defineJob<{ uri: string }>(
  'fetchParent',
  async (context, { uri }) => {
    let waiting = await findWaiting(context, uri);
    if (waiting.length === 0) return;
    const parent = await findParent(context, uri);
    for (; waiting.length > 0; waiting = await findWaiting(context, uri))
      for (const one of waiting) await settle(context, one, parent);
  },
  {
    asksOutside: true,
    maxAttempts: MOST_ATTEMPTS,
    keyOf: ({ uri }) => uri,
    queueOf: ({ uri }) => new URL(uri).host,
  },
);

async function findParent(context: JobContext, uri: string): Promise<KnownSubject | null> {
  try {
    return await fetchThread(context, uri);
  } catch (error) {
    if (!(error instanceof OutsideUnavailable) || context.attempt < MOST_ATTEMPTS) throw error;
    return null;
  }
}

/** A refusal is the end of it, as of any activity. */
async function settle(
  context: JobContext,
  { uri, document }: WaitingNote,
  parent: KnownSubject | null,
): Promise<void> {
  try {
    const written = { ...(await provenNote(context, document)), isNews: true };
    if (parent) await keepComment(context, written, parent);
    else if (await isWanted(context.database, written)) await keepPost(context, written);
  } catch (error) {
    const isRefusal = error instanceof DomainError || error instanceof MalformedDocument;
    if (!isRefusal && !(error instanceof OutsideUnavailable)) throw error;
    context.log.info({ err: error, uri }, 'a note that waited was not kept');
  }
  await context.database.transaction((tx) => endWait(tx, uri));
}
