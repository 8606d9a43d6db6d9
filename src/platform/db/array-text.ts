/** Arrays as PostgreSQL reads them: one value for a statement that is asked many things at once. */

/** What an array can hold here. */
export type ArrayItem = string | number | boolean | Date | null;

const textOf = (item: ArrayItem): string => {
  if (item === null) return 'NULL';
  const text = item instanceof Date ? item.toISOString() : String(item);
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
};

/** An array of one dimension; whoever takes it says of what type it is. */
export function arrayText(items: readonly ArrayItem[]): string {
  return `{${items.map(textOf).join(',')}}`;
}
