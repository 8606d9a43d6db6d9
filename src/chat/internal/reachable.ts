/** People with whom somebody may begin to talk. */
import type { ActorId } from '../../actors/actor.entity.js';
import { blocksDomainOf } from '../../actors/domain-blocks.queries.js';
import { statement, type Reader } from '../../platform/db/database.js';
import { Forbidden, NotFound } from '../../platform/errors.js';
import { blockedBetween, isShown } from '../../posts/visibility.js';

const CANDIDATES = statement(
  'conversations.candidates',
  `select a.id, ${blockedBetween('a.id', '$2::uuid')} or ${blocksDomainOf('$2::uuid', 'a.id')}
     or ${blocksDomainOf('a.id', '$2::uuid')} as "isBlocked" from actors a
   where a.id = any($1::uuid[]) and ${isShown('a.status')}`,
);

interface Candidate {
  readonly id: ActorId;
  readonly isBlocked: boolean;
}

/** Whom somebody wants to talk with. */
export interface Company {
  readonly viewerId: ActorId;
  readonly memberIds: readonly ActorId[];
  /** Field of the input that names them. */
  readonly field: string;
}

/** @throws {NotFound} NOT_FOUND, {@link Forbidden} BLOCKED with the place of whom in the field */
export async function requireReachable(
  reader: Reader,
  { viewerId, memberIds, field }: Company,
): Promise<void> {
  if (memberIds.length === 0) return;
  const rows = await reader.rows<Candidate>(CANDIDATES, [memberIds, viewerId]);
  const known = new Map(rows.map((row) => [row.id, row]));
  for (const [index, id] of memberIds.entries()) {
    const path = [field, String(index)];
    const candidate = known.get(id);
    if (!candidate) throw new NotFound(path);
    if (candidate.isBlocked)
      throw new Forbidden('A block stands between you and this person.', 'BLOCKED', path);
  }
}
