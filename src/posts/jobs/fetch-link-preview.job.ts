/** Asks a page what it says about itself: once for everybody who points to it, and not at once. */
import { statement } from '../../platform/db/database.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import type { Id } from '../../platform/ids.js';
import { enqueueAt } from '../../platform/jobs/enqueue.js';
import { defineJob, type JobType } from '../../platform/jobs/job.js';
import type { PageMetadata } from '../../platform/page-metadata.js';
import type { JobContext } from '../../platform/context.js';
import { PREVIEW_LIFETIME_MS } from '../link-preview.queries.js';

const TRIES = 3;
const CLAIM_MS = 60_000;
const LIMITS = {
  maxBytes: 1024 * 1024,
  timeoutMs: 10_000,
  maxRedirects: 3,
  contentTypes: ['text/html', 'application/xhtml+xml'],
  isOpenWeb: true,
};

// Of two jobs for one page the second one finds it claimed, or fresh. A claim outlives a worker that is killed.
const CLAIM = statement(
  'link_previews.claim',
  `update link_previews set claimed_until = $3 where id = $1 and (claimed_until is null or claimed_until < $2)
     and (fetched_at is null or fetched_at < $4) returning url`,
);
const CLAIMED = statement(
  'link_previews.claimed',
  'select claimed_until as until from link_previews where id = $1 and claimed_until >= $2',
);
const STORE = statement(
  'link_previews.store',
  `update link_previews set title = $2, description = $3, site_name = $4, fetched_at = $5, claimed_until = null where id = $1`,
);
const RELEASE = statement(
  'link_previews.release',
  'update link_previews set claimed_until = null where id = $1',
);

/**
 * A page that gives no preview is left alone for a day; one that cannot be reached is tried three times. While another
 * asks, a job waits until that must be over: it finds the answer, or the claim of somebody who died.
 */
export const fetchLinkPreview: JobType<{ linkId: Id<'link'> }> = defineJob(
  'fetchLinkPreview',
  async (context, { linkId }) => {
    const { database, clock } = context;
    const now = clock.now();
    const claimedUntil = new Date(now.getTime() + CLAIM_MS);
    const freshSince = new Date(now.getTime() - PREVIEW_LIFETIME_MS);
    const page = await database.row<{ url: string }>(CLAIM, [
      linkId,
      now,
      claimedUntil,
      freshSince,
    ]);
    if (!page) return tryWhenFree(context, linkId, now);
    try {
      await store(context, linkId, await ask(context, page.url));
    } catch (error) {
      await database.rows(RELEASE, [linkId]);
      throw error;
    }
  },
  { asksOutside: true, maxAttempts: TRIES, keyOf: ({ linkId }) => linkId, jitterSeconds: 60 },
);

async function tryWhenFree({ database }: JobContext, linkId: Id<'link'>, now: Date): Promise<void> {
  await database.transaction(async (tx) => {
    const claim = await tx.row<{ until: Date }>(CLAIMED, [linkId, now]);
    if (claim) await enqueueAt(tx, claim.until, fetchLinkPreview, { linkId });
  });
}

/** Null when the page gives no preview. */
async function ask({ http, attempt, log }: JobContext, url: string): Promise<PageMetadata | null> {
  try {
    const { body, contentType } = await http.get(url, LIMITS);
    // Loaded with the first page: of all processes only workers read any.
    const { readPageMetadata } = await import('../../platform/page-metadata.js');
    return readPageMetadata(body, contentType);
  } catch (error) {
    if (!(error instanceof OutsideUnavailable)) throw error;
    if (error.isTemporary && attempt < TRIES) throw error;
    log.info({ failure: error.failure }, 'no link preview');
    return null;
  }
}

async function store(
  { database, clock }: JobContext,
  linkId: Id<'link'>,
  page: PageMetadata | null,
): Promise<void> {
  const { title = null, description = null, siteName = null } = page ?? {};
  await database.rows(STORE, [linkId, title, description, siteName, clock.now()]);
}
