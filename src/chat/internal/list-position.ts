/**
 * Where conversations stand in lists. A conversation says it for all of its people; what each of them says is never before that
 * by the span of {@link spanOf}, so that a message is no write for each of hundreds, and an index still finds what is listed.
 */

/** SQL expression of the UUIDv7 by which a conversation is listed. Both are aliases of rows. */
export const positionOf = (conversation: string, member: string): string =>
  `greatest(${member}.position, ${conversation}.position)`;

/** SQL expression of the span of about five hours in which a UUIDv7 was made; the index knows it by these words. */
export const spanOf = (position: string): string => `(left((${position})::text, 6) collate "C")`;

/** SQL condition: a position is of an earlier span than another one; null is of the earliest. */
export const isSpanBefore = (position: string, later: string): string =>
  `(${position} is null or ${spanOf(position)} < ${spanOf(later)})`;

/** SQL expression of what somebody says who comes into the conversation `$1`: where it stands, or when it began. */
export const POSITION_OF_NEWCOMERS =
  '(select coalesce(position, id) from conversations where id = $1)';
