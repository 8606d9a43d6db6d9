/** Computes a stored page again and says whether it came out the same. */
import { createHash } from 'node:crypto';
import { canonicalText } from '../ranking/canonical.js';
import { replay } from '../ranking/replay.js';
import type { WholeSnapshot } from './snapshot.js';

/** What a replay needs: the part of a snapshot that can be handed to somebody else in a file. */
export type ReplayFile = Pick<
  WholeSnapshot,
  'id' | 'algorithm' | 'version' | 'inputDigest' | 'input'
> & { readonly entries: readonly { readonly id: string; readonly score: number }[] };

/** How it came out. */
export interface ReplayOutcome {
  /** The input is what the digest says. */
  readonly isInputIntact: boolean;
  /** Order and scores are the same, bit for bit. */
  readonly isSame: boolean;
  /** The first place that differs, from 1 on; null = none. */
  readonly firstDifference: number | null;
  readonly places: number;
}

/**
 * Ranks the stored input again; asks nobody and nothing.
 *
 * @throws {Error} for an algorithm or a version that is not built in
 */
export function replaySnapshot({ input, inputDigest, entries }: ReplayFile): ReplayOutcome {
  const digest = createHash('sha256').update(canonicalText(input)).digest('hex');
  const { isSame, firstDifference } = replay(input, entries);
  return { isInputIntact: digest === inputDigest, isSame, firstDifference, places: entries.length };
}

/** What is handed out of a snapshot. */
export function toReplayFile(snapshot: WholeSnapshot): ReplayFile {
  const { id, algorithm, version, inputDigest, input } = snapshot;
  const entries = snapshot.entries.map(({ id: postId, score }) => ({ id: postId, score }));
  return { id, algorithm, version, inputDigest, input, entries };
}
