/** Reads of how far people have come in their timelines. Only the person ever asks. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { TimelineKey } from './timeline-key.js';

/** A place in a timeline. */
export interface TimelineMarkerRow extends TimelineKey {
  /** Sort key of the entry in the timeline. */
  readonly position: string;
  readonly updatedAt: Date;
}

const OF_OWNER = statement(
  'timeline_markers.of_owner',
  `select asked.kind, asked.subject_id as "subjectId", marker.position, marker.updated_at as "updatedAt"
   from unnest($2::text[], $3::uuid[]) as asked(kind, subject_id)
   join timeline_markers marker on marker.owner_id = $1 and marker.timeline = asked.kind
     and marker.subject_id = coalesce(asked.subject_id, $1)`,
);

/** The markers of the viewer in the named timelines, in no particular order; those without one are left out. */
export function findTimelineMarkers(
  reader: Reader,
  viewerId: ActorId,
  keys: readonly TimelineKey[],
): Promise<TimelineMarkerRow[]> {
  const [kinds, subjects] = [keys.map(({ kind }) => kind), keys.map(({ subjectId }) => subjectId)];
  return reader.rows<TimelineMarkerRow>(OF_OWNER, [viewerId, kinds, subjects]);
}
