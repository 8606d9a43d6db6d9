/**
 * Keeping the heads of logs that other servers keep. The key that signs them is believed when it is first seen, once for each
 * server; from then on only a head that continues the kept one takes its place, and everything else is kept beside it.
 */
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import type { KeyLogHead } from './key-log.queries.js';
import { isContinued } from './merkle-proofs.js';
import {
  headOf,
  written,
  type KeyLogContradictionKind,
  type WrittenHead,
} from './remote-key-log.js';

/** A head of a log, as its server has just shown it. */
export interface ShownHead {
  readonly origin: string;
  readonly head: KeyLogHead;
  /** Where the server proves what continues what. */
  readonly consistencyUrl: string;
}

/** Hashes with which the server proves that its log of one size begins with that of a smaller one; null = it proves nothing. */
export type AsksForProof = (from: number, to: number) => Promise<readonly Buffer[] | null>;

/** What does not fit, and to what. */
export interface HeadContradiction {
  readonly kind: KeyLogContradictionKind;
  readonly keptHead: WrittenHead;
}

/** What is shown first and signed last are far apart only where a log has shrunk: clocks and requests differ by less. */
const ROLLED_BACK_AFTER_MS = 5 * 60_000;
/** Others keep newer heads meanwhile; so often the newest is looked at. */
const ATTEMPTS = 3;

const KEPT = statement(
  'remote_key_logs.kept',
  'select head, consistency_url as "consistencyUrl" from remote_key_logs where origin = $1',
);
const MEET = statement(
  'remote_key_logs.meet',
  `insert into remote_key_logs (origin, head, consistency_url, first_seen_at, seen_at)
   values ($1, $2::jsonb, $3, $4, $4) on conflict do nothing returning origin`,
);
const GO_ON = statement(
  'remote_key_logs.go_on',
  `update remote_key_logs set head = $3::jsonb, consistency_url = $4, seen_at = $5
   where origin = $1 and head = $2::jsonb returning origin`,
);

/**
 * Keeps a head, whose signature is right, in the place of the one before.
 *
 * @returns what does not fit; null = all is well
 */
export async function keepRemoteHead(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  shown: ShownHead,
  prove: AsksForProof,
): Promise<HeadContradiction | null> {
  const { origin, consistencyUrl } = shown;
  const next = JSON.stringify(written(shown.head));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const kept = (await database.row<{ head: WrittenHead }>(KEPT, [origin]))?.head;
    const now = clock.now();
    if (!kept) {
      const values = [origin, next, consistencyUrl, now];
      if (await database.transaction((tx) => tx.row(MEET, values))) return null;
      continue;
    }
    const kind = await whatIsWrong(headOf(kept), shown.head, prove);
    if (kind) return { kind, keptHead: kept };
    if (kept.treeSize > shown.head.treeSize) return null;
    const values = [origin, JSON.stringify(kept), next, consistencyUrl, now];
    if (await database.transaction((tx) => tx.row(GO_ON, values))) return null;
  }
  return null;
}

/** Where a server whose log is known proves what continues what; null = its log is not known. */
export async function findConsistencyUrl(
  { database }: Pick<Services, 'database'>,
  origin: string,
): Promise<string | null> {
  const found = await database.row<{ consistencyUrl: string }>(KEPT, [origin]);
  return found?.consistencyUrl ?? null;
}

async function whatIsWrong(
  kept: KeyLogHead,
  shown: KeyLogHead,
  prove: AsksForProof,
): Promise<KeyLogContradictionKind | null> {
  if (!Buffer.from(kept.serverKey).equals(shown.serverKey)) return 'OTHER_SERVER_KEY';
  const isSmaller = shown.treeSize < kept.treeSize;
  const later = shown.signedAt.getTime() - kept.signedAt.getTime();
  if (isSmaller && later > ROLLED_BACK_AFTER_MS) return 'ROLLED_BACK';
  // What was signed before the kept one is a part of it.
  const [from, to] = isSmaller ? [shown, kept] : [kept, shown];
  const isAsked = from.treeSize > 0 && from.treeSize < to.treeSize;
  const proof = isAsked ? await prove(from.treeSize, to.treeSize) : [];
  const isProven = proof && (await isContinued(treeOf(from), treeOf(to), proof));
  return isProven ? null : 'NOT_CONTINUED';
}

function treeOf({ treeSize, rootHash }: KeyLogHead) {
  return { treeSize, rootHash: Buffer.from(rootHash) };
}
