/** Blocking a whole server for oneself: its people are in no list of the viewer, and no follow survives. */
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { isUnderDomain, readDomain } from '../platform/domain-name.js';
import { Invalid, TooMany } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { ActorId } from './actor.entity.js';
import { domainBlocked } from './actors.events.js';

/** Most domains that one person blocks. */
export const MAX_BLOCKED_DOMAINS = 1_000;

const LOCK = statement(
  'domain_blocks.lock',
  `select pg_advisory_xact_lock(hashtextextended($1::text || ' domain blocks', 0))`,
);
const COUNT = statement(
  'domain_blocks.count',
  'select count(*)::int as count from domain_blocks where actor_id = $1',
);
const BLOCK = statement(
  'domain_blocks.add',
  `insert into domain_blocks (actor_id, domain, created_at) values ($1, $2, $3) on conflict do nothing returning domain`,
);
const UNBLOCK = statement(
  'domain_blocks.remove',
  'delete from domain_blocks where actor_id = $1 and domain = $2',
);

/**
 * Blocks or unblocks a domain with everything under it. Idempotent. Opens its own transaction; follows in both directions
 * end by a job, and do not come back.
 *
 * @returns the domain as it is kept
 * @throws {Invalid} INVALID_INPUT for what is no domain, and for the own one
 * @throws {TooMany} LIMIT_EXCEEDED for more than 1,000
 */
export async function setDomainBlock(
  context: CommandContext,
  input: { domain: string; blocked: boolean },
): Promise<string> {
  const { actorId } = requireViewer(context);
  const domain = readDomain(input.domain);
  if (domain === null || isUnderDomain(context.config.publicUrl.hostname, domain)) {
    const message = 'Name the domain of another server, such as b.example.';
    throw new Invalid(message, ['domain'], 'DOMAIN');
  }
  await context.database.transaction(async (tx) => {
    await tx.rows(LOCK, [actorId]);
    if (!input.blocked) await tx.rows(UNBLOCK, [actorId, domain]);
    else if (await tx.row(BLOCK, [actorId, domain, context.clock.now()])) {
      await requireRoom(tx, actorId);
      await tx.append(domainBlocked, { actorId, domain });
    }
  });
  return domain;
}

async function requireRoom(tx: Transaction, actorId: ActorId): Promise<void> {
  const { count } = (await tx.row<{ count: number }>(COUNT, [actorId]))!;
  if (count > MAX_BLOCKED_DOMAINS)
    throw new TooMany(`At most ${MAX_BLOCKED_DOMAINS} domains.`, MAX_BLOCKED_DOMAINS, ['domain']);
}
