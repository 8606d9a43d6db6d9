/** Ids of MLS groups, which devices draw. */
import { Invalid } from '../../platform/errors.js';

const LEAST = 16;
const MOST = 64;

/** @throws {Invalid} INVALID_INPUT for too few or too many bytes */
export function requireGroupId({ length }: Buffer): void {
  if (length < LEAST || length > MOST)
    throw new Invalid(
      `From ${LEAST} to ${MOST} bytes.`,
      ['mlsGroupId'],
      'RANGE',
      `${LEAST}..${MOST}`,
    );
}
