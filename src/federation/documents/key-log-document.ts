/** What the log of keys says of an actor, with proofs, for whoever wants to check it. */
import type { KeyLogHead } from '../../devices/key-log.queries.js';
import type { KeyLogEntryRow } from '../../devices/key-log.js';
import { OWN_NAMESPACE } from './mls-context.js';

const CONTEXT = [
  'https://www.w3.org/ns/activitystreams',
  {
    tri: OWN_NAMESPACE,
    KeyLogEntry: 'tri:KeyLogEntry',
    head: 'tri:head',
    consistency: { '@id': 'tri:consistency', '@type': '@id' },
    treeSize: 'tri:treeSize',
    rootHash: 'tri:rootHash',
    signedAt: 'tri:signedAt',
    signature: 'tri:signature',
    serverKey: 'tri:serverKey',
    place: 'tri:place',
    kind: 'tri:kind',
    payload: 'tri:payload',
    inclusion: { '@id': 'tri:inclusion', '@container': '@list' },
    KeyLogConsistency: 'tri:KeyLogConsistency',
    from: 'tri:from',
    to: 'tri:to',
    hashes: { '@id': 'tri:hashes', '@container': '@list' },
  },
] as const;

/** An entry with the hashes that prove it to be in the log that the head is of. */
export interface ProvenEntry extends KeyLogEntryRow {
  readonly inclusion: readonly Uint8Array[];
}

/** A page of what the log says of an actor. */
export interface KeyLogPage {
  readonly entries: readonly ProvenEntry[];
  /** Of which size the log is that proofs are for. */
  readonly treeSize: number;
  /** That log, signed; null = on a page that goes on for a head which whoever asks has. */
  readonly head: KeyLogHead | null;
  /** Place after which the next page begins; null = this is the last one. */
  readonly after: number | null;
}

/** That the log of one size begins with that of a smaller one. */
export interface ProvenGrowth {
  readonly from: number;
  readonly to: number;
  readonly hashes: readonly Uint8Array[];
}

/** The list that an actor document names. */
export function keyLogUri(actorUri: string): string {
  return `${actorUri}/key-log`;
}

/** Where the server proves that its log of one size begins with that of a smaller one. */
export function consistencyUri(origin: string): string {
  return `${origin}/key-log/consistency`;
}

/** Document of a page; `id` is where it stands. */
export function keyLogDocument(
  actorUri: string,
  id: string,
  { entries, treeSize, head, after }: KeyLogPage,
): object {
  const next = `${keyLogUri(actorUri)}?after=${after}&size=${treeSize}`;
  return {
    '@context': CONTEXT,
    id,
    type: 'OrderedCollectionPage',
    partOf: keyLogUri(actorUri),
    ...(after !== null && { next }),
    ...(head && { head: headDocument(head), consistency: consistencyUri(new URL(id).origin) }),
    orderedItems: entries.map((entry) => ({
      type: 'KeyLogEntry',
      place: entry.index,
      kind: entry.kind,
      payload: base64(entry.payload),
      published: entry.createdAt.toISOString(),
      inclusion: entry.inclusion.map(base64),
    })),
  };
}

/** Document of a proof. */
export function consistencyDocument(origin: string, { from, to, hashes }: ProvenGrowth): object {
  return {
    '@context': CONTEXT,
    id: `${consistencyUri(origin)}?from=${from}&to=${to}`,
    type: 'KeyLogConsistency',
    from,
    to,
    hashes: hashes.map(base64),
  };
}

function headDocument({ treeSize, rootHash, signedAt, signature, serverKey }: KeyLogHead): object {
  return {
    treeSize,
    rootHash: base64(rootHash),
    signedAt: signedAt.toISOString(),
    signature: base64(signature),
    serverKey: base64(serverKey),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
