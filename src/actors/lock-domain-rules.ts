/** Rules about servers change while nobody makes an actor known, so that none escapes them. */
import { statement, type Transaction } from '../platform/db/database.js';

const ALONE = statement(
  'domain_rules.lock',
  'select pg_advisory_xact_lock(hashtextextended($1, 0))',
);
const AMONG_READERS = statement(
  'domain_rules.lock_shared',
  'select pg_advisory_xact_lock_shared(hashtextextended($1, 0))',
);

/** Holds to the end of the transaction: ALONE whoever changes rules, SHARED whoever keeps what they hold for. */
export async function lockDomainRules(tx: Transaction, how: 'ALONE' | 'SHARED'): Promise<void> {
  await tx.rows(how === 'ALONE' ? ALONE : AMONG_READERS, ['domain_rules']);
}
