// Everything that a server keeps in its database, to be searched for what must not be there any more.
import { replannedStatement, statement } from '../../src/platform/db/database.js';
import { findCanaries, type Haystack } from './canaries.js';
import type { World } from './world.js';

const TABLE_NAMES = statement(
  'test.table_names',
  `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
);

/** Every row of every table of a server. */
export async function everythingAt({ services: { database } }: World): Promise<Haystack[]> {
  const all: Haystack[] = [];
  for (const { name } of await database.rows<{ name: string }>(TABLE_NAMES)) {
    const rows = await database.rows<{ text: string }>(
      replannedStatement(`select row_to_json(t)::text as text from ${name} t`),
    );
    all.push({ name, bytes: Buffer.from(rows.map(({ text }) => text).join('\n')) });
  }
  return all;
}

/** Where any of these bytes stand, in whatever form. */
export const placesOf = (needles: readonly Buffer[], haystacks: readonly Haystack[]): string[] => [
  ...new Set(findCanaries(needles, haystacks).map(({ where }) => where)),
];
