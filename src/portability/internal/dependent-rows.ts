/**
 * Rows that live and die with an actor or account: the foreign keys say which. A slice that adds a table with
 * `on delete cascade` need not be named here.
 */
import { statement, type Reader } from '../../platform/db/database.js';

/** A table, and its column that names the owner; both quoted where they need it. */
interface Dependency {
  readonly table: string;
  readonly column: string;
}

/** What the staff has to answer for outlives the person that it is about; the key signs that they are gone. */
const KEPT = ['reports', 'moderation_actions', 'signing_keys'];

const BATCH = 1000;

const DEPENDENCIES = statement(
  'erase.dependencies',
  `select c.conrelid::regclass::text as "table", quote_ident(a.attname) as "column"
   from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
   where c.contype = 'f' and c.confdeltype = 'c' and c.confrelid = $1::regclass and cardinality(c.conkey) = 1
     and c.conrelid <> all($2::regclass[])
   order by 1, 2`,
);

/** Deletes up to 1,000 rows of each table that depends on the owner. @returns how many there were; 0 = it is done */
export async function removeDependentRows(
  database: Reader,
  owners: 'actors' | 'accounts',
  ownerId: string,
): Promise<number> {
  let removed = 0;
  for (const { table, column } of await database.rows<Dependency>(DEPENDENCIES, [owners, KEPT])) {
    const query = statement(
      `erase.${table}.${column}`,
      `delete from ${table} where ctid in (select ctid from ${table} where ${column} = $1 limit ${BATCH}) returning 1`,
    );
    removed += (await database.rows(query, [ownerId])).length;
  }
  return removed;
}
