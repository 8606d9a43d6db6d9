/** Whole servers that single people do not want to meet: what every list of theirs asks. */
import { statement, type Reader } from '../platform/db/database.js';
import type { ActorId } from './actor.entity.js';

/**
 * True when somebody blocks the domain of an actor, or one above it; both are SQL expressions of ids. For whoever blocks
 * none it is one look into an index.
 */
export function blocksDomainOf(viewer: string, actor: string): string {
  return `exists (select from domain_blocks blocked join actors of_blocked on of_blocked.id = ${actor}
    and blocked.domain = any(domain_with_parents(of_blocked.domain)) where blocked.actor_id = ${viewer})`;
}

const OF_ACTOR = statement(
  'domain_blocks.of_actor',
  'select domain from domain_blocks where actor_id = $1 order by domain',
);

/** The domains that somebody blocks, by name. */
export async function findBlockedDomains(reader: Reader, actorId: ActorId): Promise<string[]> {
  return (await reader.rows<{ domain: string }>(OF_ACTOR, [actorId])).map(({ domain }) => domain);
}
