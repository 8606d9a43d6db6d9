/** Upload tickets: only a digest of the secret part is stored. */
import { createHash } from 'node:crypto';

/** What is stored of a ticket. */
export function digestTicket(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
