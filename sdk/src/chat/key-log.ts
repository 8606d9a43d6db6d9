/**
 * Watching the server's log of keys: that it only ever grows, that it says of the own person what is true, and that
 * everybody is shown the same log. A server that adds a device of its own has to write it down here, or is found out.
 */
import {
  KeyLogConsistency,
  KeyLogHead,
  KeyLogInclusion,
  KeyLogOf,
  type ActorLocator,
  type KeyLogOfQuery,
} from '../api/operations.js';
import type { TriptychClient } from '../client/client.js';
import { concat, fromBase64, isSame, textOf, utf8 } from '../crypto/bytes.js';
import type { Store } from '../store/store.js';
import { claimKey } from './gossip.js';
import { isAttested, keyPairOf, verify } from './identity.js';
import { isContinued, isIncluded, leafHashOf, type TreeHead } from './merkle.js';
import { ONLY, TABLES, type ClaimedHead, type Self, type StoredHead } from './records.js';

/** What is wrong with the log. */
export type KeyLogFinding =
  /** The log, or its signature, is not that of the server that was known. */
  | { readonly kind: 'otherServer' }
  /** What was in the log before is not in it any more. */
  | { readonly kind: 'rewritten' }
  /** Somebody else was shown another log. */
  | { readonly kind: 'splitView'; readonly from: string }
  /** What the server says of the own person is not in the log. */
  | { readonly kind: 'notInLog'; readonly index: number }
  /** A device of the own person that their key has not signed. */
  | { readonly kind: 'ghostDevice'; readonly signatureKey: Uint8Array }
  /** Another key took the place of the own one. */
  | { readonly kind: 'identityReplaced'; readonly version: number };

type Entry = NonNullable<KeyLogOfQuery['actor']>['chatKeyLog']['nodes'][number];

/** The log of the server of this account. */
export class KeyLog {
  readonly #client: TriptychClient;
  readonly #store: Store;

  constructor(client: TriptychClient, store: Store) {
    this.#client = client;
    this.#store = store;
  }

  /** Looks at the log as it is now; nothing = all is well, and the head is remembered. */
  async check(): Promise<readonly KeyLogFinding[]> {
    const head = await this.#head();
    if (!head) return [{ kind: 'otherServer' }];
    const known = this.#store.get<StoredHead>(TABLES.keyLog, ONLY);
    if (known && !isSame(known.serverKey, head.serverKey)) return [{ kind: 'otherServer' }];
    if (known && !(await this.#goesOn(known, head))) return [{ kind: 'rewritten' }];
    const findings = [...(await this.#splits(head)), ...(await this.#ownEntries(head))];
    if (findings.length === 0)
      await this.#store.transaction((tx) => tx.put(TABLES.keyLog, ONLY, head));
    return findings;
  }

  /** The head that was found right last, to be told to others. */
  get head(): StoredHead | null {
    return this.#store.get<StoredHead>(TABLES.keyLog, ONLY);
  }

  /** Signature keys of somebody's devices as the log has them now. */
  async devicesOf(by: ActorLocator): Promise<readonly Uint8Array[]> {
    const entries = await this.#entriesOf(by);
    const keys = new Map<string, Uint8Array>();
    for (const { kind, payload } of entries) {
      const { signatureKey } = saysOf(payload);
      if (kind === 'DEVICE_ADDED') keys.set(signatureKey!, fromBase64(signatureKey!));
      if (kind === 'DEVICE_REVOKED') keys.delete(signatureKey!);
      if (kind === 'IDENTITY_SET') keys.clear();
    }
    return [...keys.values()];
  }

  /** The head as the server signs it now; null when it does not. */
  async #head(): Promise<StoredHead | null> {
    const { keyLogHead } = await this.#client.request(KeyLogHead, {});
    const { treeSize, signedAt } = keyLogHead;
    const [root, serverKey] = [fromBase64(keyLogHead.rootHash), fromBase64(keyLogHead.serverKey)];
    const before = utf8(`triptych/key-log/1\0${this.#origin}\0${treeSize}\0`);
    const signed = concat(before, root, utf8(`\0${signedAt}`));
    const isSigned = verify(serverKey, signed, fromBase64(keyLogHead.signature));
    return isSigned ? { size: treeSize, root, serverKey, signedAt } : null;
  }

  get #origin(): string {
    return new URL(this.#self.actorUri).origin;
  }

  get #self(): Self {
    return this.#store.get<Self>(TABLES.self, ONLY)!;
  }

  async #goesOn(earlier: TreeHead, later: TreeHead): Promise<boolean> {
    if (earlier.size === 0) return true;
    if (earlier.size > later.size) return false;
    const range = { from: earlier.size, to: later.size };
    const { keyLogConsistencyProof } = await this.#client.request(KeyLogConsistency, range);
    const hashes = keyLogConsistencyProof?.hashes.map(fromBase64);
    return hashes !== undefined && isContinued(earlier, later, hashes);
  }

  /** Heads that others were shown; those that are further on than this one wait for the next look. */
  async #splits(head: StoredHead): Promise<KeyLogFinding[]> {
    const findings: KeyLogFinding[] = [];
    for (const claim of this.#store.all<ClaimedHead>(TABLES.heads)) {
      if (claim.server !== this.#origin || claim.size > head.size) continue;
      const isRight = await this.#goesOn(claim, head);
      if (!isRight) findings.push({ kind: 'splitView', from: claim.from });
      else await this.#store.transaction((tx) => tx.remove(TABLES.heads, claimKey(claim)));
    }
    return findings;
  }

  async #ownEntries(head: StoredHead): Promise<KeyLogFinding[]> {
    const { actorId, actorUri, identitySeed } = this.#self;
    const identityKey = keyPairOf(identitySeed).publicKey;
    const findings: KeyLogFinding[] = [];
    let isOwnIdentity = false;
    for (const entry of await this.#entriesOf({ id: actorId })) {
      // What was written after the head was made is looked at the next time.
      if (entry.index >= head.size) continue;
      if (!(await this.#isInLog(entry, head)))
        findings.push({ kind: 'notInLog', index: entry.index });
      const says = saysOf(entry.payload);
      if (entry.kind === 'IDENTITY_SET') {
        const isOwn = isSame(fromBase64(says.identityKey!), identityKey);
        // Keys before the own one were the person's own affair; one after it is not.
        if (isOwnIdentity && !isOwn)
          findings.push({ kind: 'identityReplaced', version: Number(says.version) });
        isOwnIdentity ||= isOwn;
      }
      if (entry.kind !== 'DEVICE_ADDED' || !isOwnIdentity) continue;
      const signatureKey = fromBase64(says.signatureKey!);
      const attestedAt = new Date(says.attestedAt!).toISOString();
      const about = { actorUri, identityKey, signatureKey, attestedAt };
      if (!isAttested(about, fromBase64(says.attestation!)))
        findings.push({ kind: 'ghostDevice', signatureKey });
    }
    return findings;
  }

  async #isInLog({ index, payload }: Entry, head: StoredHead): Promise<boolean> {
    const asked = { index, treeSize: head.size };
    const { keyLogInclusionProof } = await this.#client.request(KeyLogInclusion, asked);
    const leaf = { index, hash: leafHashOf(fromBase64(payload)) };
    const hashes = keyLogInclusionProof?.hashes.map(fromBase64);
    return hashes !== undefined && isIncluded(leaf, head, hashes);
  }

  async #entriesOf(by: ActorLocator): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (let after: string | null = null, hasMore = true; hasMore;) {
      const page: KeyLogOfQuery = await this.#client.request(KeyLogOf, { by, after });
      if (!page.actor) return entries;
      const { nodes, pageInfo } = page.actor.chatKeyLog;
      entries.push(...nodes);
      after = pageInfo.endCursor;
      hasMore = pageInfo.hasNextPage && after !== null;
    }
    return entries;
  }
}

const saysOf = (payload: string): Readonly<Partial<Record<string, string>>> =>
  JSON.parse(textOf(fromBase64(payload))) as Readonly<Partial<Record<string, string>>>;
