/** How far the viewer has come in a timeline, for all of their devices. */
import type { CommandContext, Viewer } from '../platform/context.js';
import { addSeconds } from '../platform/clock.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { firstIdAt } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import { findHashtags } from '../posts/hashtag.queries.js';
import type { TimelineKey } from './timeline-key.js';
import { timelineMarkerMoved } from './timelines.events.js';

/** A place in a timeline. */
export interface ReachedPlace extends TimelineKey {
  /** Sort key of an entry. */
  readonly position: string;
}

/** Clocks of servers differ; what is later than this was made up. */
const MAX_AHEAD_SECONDS = 24 * 60 * 60;

const OWN_LIST = statement(
  'timeline_markers.own_list',
  'select id from actor_lists where id = $1 and owner_id = $2 for key share',
);
const PLACE = statement(
  'timeline_markers.place',
  'select id from places where id = $1 for key share',
);
const MOVE = statement(
  'timeline_markers.move',
  `insert into timeline_markers as marker (owner_id, timeline, list_id, hashtag_id, place_id, position, updated_at)
   values ($1, $2, case when $2 = 'LIST' then $3::uuid end, case when $2 = 'HASHTAG' then $3::uuid end,
     case when $2 = 'PLACE' then $3::uuid end, $4, $5)
   on conflict (owner_id, timeline, subject_id) do update
     set position = excluded.position, updated_at = excluded.updated_at where marker.position < excluded.position
   returning owner_id`,
);

/**
 * Moves the viewer's marker in a timeline and tells their devices. It only ever goes forward, so that devices may
 * report in any order. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for a list, hashtag or place that is not there for the viewer
 * @throws {Invalid} INVALID_INPUT for a place that is still to come
 */
export async function setTimelineMarker(
  context: CommandContext,
  { kind, subjectId, position }: ReachedPlace,
): Promise<void> {
  const viewer = requireViewer(context);
  const now = context.clock.now();
  if (position >= firstIdAt(addSeconds(now, MAX_AHEAD_SECONDS)))
    throw new Invalid('Nothing stands there yet.', ['cursor'], 'LATEST');
  await context.database.transaction(async (tx) => {
    await requireSubject(tx, viewer, { kind, subjectId });
    if (await tx.row(MOVE, [viewer.actorId, kind, subjectId, position, now]))
      await tx.append(timelineMarkerMoved, { ownerId: viewer.actorId, kind, subjectId });
  });
}

async function requireSubject(
  tx: Transaction,
  viewer: Viewer,
  { kind, subjectId }: TimelineKey,
): Promise<void> {
  switch (kind) {
    case 'LIST':
      if (!(await tx.row(OWN_LIST, [subjectId, viewer.actorId])))
        throw new NotFound(['timeline', 'listId']);
      return;
    case 'HASHTAG':
      if ((await findHashtags(tx, [subjectId!], viewer.actorId)).length === 0)
        throw new NotFound(['timeline', 'hashtagId']);
      return;
    case 'PLACE':
      if (!(await tx.row(PLACE, [subjectId]))) throw new NotFound(['timeline', 'placeId']);
      return;
    case 'HOME':
    case 'PUBLIC':
    case 'LOCAL':
  }
}
