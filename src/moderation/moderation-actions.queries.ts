/** Reads of moderation actions. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { ModerationActionId, ModerationActionRow } from './moderation-action.js';

const COLUMNS = `m.id, m.kind, m.target_id as "targetId", m.moderator_id as "moderatorId", m.reason,
  m.rule_ids as "ruleIds", m.subject_ids as "subjectIds", m.report_ids as "reportIds", m.created_at as "createdAt"`;

const BY_IDS = statement(
  'moderation_actions.by_ids',
  `select ${COLUMNS} from moderation_actions m where m.id = any($1::uuid[]) and ($2::uuid is null or m.target_id = $2)`,
);
const OF_TARGETS = statement(
  'moderation_actions.of_targets',
  `select page.* from unnest($1::uuid[]) as owner(id) cross join lateral (
     select ${COLUMNS} from moderation_actions m where m.target_id = owner.id order by m.id desc limit $2) page`,
);

/** Actions by id, in no particular order; `targetId` null = whoever they were about. */
export function findModerationActions(
  reader: Reader,
  ids: readonly ModerationActionId[],
  targetId: ActorId | null,
): Promise<ModerationActionRow[]> {
  return reader.rows<ModerationActionRow>(BY_IDS, [ids, targetId]);
}

/** The latest actions about each of several actors, newest first. */
export function findActionsOfTargets(
  reader: Reader,
  targetIds: readonly ActorId[],
  limit: number,
): Promise<ModerationActionRow[]> {
  return reader.rows<ModerationActionRow>(OF_TARGETS, [targetIds, limit]);
}
