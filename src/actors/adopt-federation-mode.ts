/** Whether every server is let in or only those that are listed: what the operator configured, as statements read it. */
import { statement, type Database } from '../platform/db/database.js';
import { domainRulesChanged } from './actors.events.js';
import { lockDomainRules } from './lock-domain-rules.js';

/** The two modes. */
export type FederationMode = 'open' | 'allow-list';

const CHANGE = statement(
  'server_settings.set_federation_mode',
  `insert into server_settings as s (key, value) values ('federation_mode', to_jsonb($1::text))
   on conflict (key) do update set value = excluded.value where s.value <> excluded.value returning key`,
);
const FIND = statement(
  'server_settings.federation_mode',
  `select value #>> '{}' as mode from server_settings where key = 'federation_mode'`,
);

/** Makes the configured mode hold; where it is another one than before, what is stored follows. Opens its own transaction. */
export async function adoptFederationMode(database: Database, mode: FederationMode): Promise<void> {
  const before = await database.row<{ mode: string }>(FIND);
  if ((before?.mode ?? 'open') === mode) return;
  await database.transaction(async (tx) => {
    await lockDomainRules(tx, 'ALONE');
    if (await tx.row(CHANGE, [mode])) await tx.append(domainRulesChanged, { domain: null });
  });
}
