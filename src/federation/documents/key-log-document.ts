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
    treeSize: 'tri:treeSize',
    rootHash: 'tri:rootHash',
    signedAt: 'tri:signedAt',
    signature: 'tri:signature',
    serverKey: 'tri:serverKey',
    place: 'tri:place',
    kind: 'tri:kind',
    payload: 'tri:payload',
    inclusion: { '@id': 'tri:inclusion', '@container': '@list' },
  },
] as const;

/** An entry with the hashes that prove it to be in the log that the head is of. */
export interface ProvenEntry extends KeyLogEntryRow {
  readonly inclusion: readonly Uint8Array[];
}

/** A page of what the log says of an actor. */
export interface KeyLogPage {
  readonly entries: readonly ProvenEntry[];
  readonly head: KeyLogHead;
  /** Place after which the next page begins; null = this is the last one. */
  readonly after: number | null;
}

/** The list that an actor document names. */
export function keyLogUri(actorUri: string): string {
  return `${actorUri}/key-log`;
}

/** Document of a page; `id` is where it stands. */
export function keyLogDocument(
  actorUri: string,
  id: string,
  { entries, head, after }: KeyLogPage,
): object {
  return {
    '@context': CONTEXT,
    id,
    type: 'OrderedCollectionPage',
    partOf: keyLogUri(actorUri),
    ...(after !== null && { next: `${keyLogUri(actorUri)}?after=${after}` }),
    head: {
      treeSize: head.treeSize,
      rootHash: base64(head.rootHash),
      signedAt: head.signedAt.toISOString(),
      signature: base64(head.signature),
      serverKey: base64(head.serverKey),
    },
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

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
