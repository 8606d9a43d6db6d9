/** What the routine of placing knows of each message. */

/** What each brings, by the names that its values have as columns. */
const COLUMNS = {
  id: 'uuid',
  conversation_id: 'uuid',
  sender_id: 'uuid',
  device_id: 'uuid',
  client_message_id: 'text',
  kind: 'text',
  epoch: 'int',
  group_id: 'text',
  uri: 'text',
  sent_at: 'timestamptz',
  ciphertext: 'text',
  frank: 'text',
  is_counted: 'boolean',
} as const;

/** Name of what a message brings. */
export type MessageColumn = keyof typeof COLUMNS;

/** Parameters of the routine, an array for each column, in their order. */
export const [IDS, ...OTHER_COLUMNS] = Object.entries(COLUMNS).map(
  ([name, type]) => `asked_${name}s ${type}[]`,
) as [string, ...string[]];

/**
 * SQL of the messages as rows of `asked`, with some of their columns and their `place`, which begins with 1.
 *
 * @param found further columns, by name: arrays of what was found out of each
 */
export function messages(
  columns: readonly MessageColumn[],
  found: Readonly<Record<string, string>> = {},
): string {
  const arrays = [...columns.map((name) => `asked_${name}s`), ...Object.values(found)];
  const names = [...columns, ...Object.keys(found), 'place'];
  return `unnest(${arrays.join(', ')}) with ordinality as asked(${names.join(', ')})`;
}
