/** Keys of lists in the order of time: an instant, and the id of the row. */
import { isUuid } from '../ids.js';

/** True for a part that a cursor of such a list can have: an instant is written as `toISOString` writes it, as only what the calendar has comes back the same. */
export function isInstantAndId(part: string, index: number): boolean {
  if (index > 0) return isUuid(part);
  if (!/^\d{4}-/.test(part)) return false;
  const instant = new Date(part);
  return !Number.isNaN(instant.getTime()) && instant.toISOString() === part;
}
