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
import { fromBase64, isSame, toBase64, toHex } from '../crypto/bytes.js';
import type { Store } from '../store/store.js';
import { keepFindings, OWN_LOOK } from './findings.js';
import { claimKey } from './gossip.js';
import { keyPairOf } from './identity.js';
import {
  bytesIn,
  findingsAbout,
  isSignedDevice,
  saysOf,
  signedHead,
  type KeyLogFinding,
  type KnownKeys,
} from './key-log-words.js';
import { isContinued, isIncluded, leafHashOf, type TreeHead } from './merkle.js';
import { ONLY, TABLES, type ClaimedHead, type Self, type StoredHead } from './records.js';

type Entry = NonNullable<KeyLogOfQuery['actor']>['chatKeyLog']['nodes'][number];

/** The log of the server of this account. */
export class KeyLog {
  readonly #client: TriptychClient;
  readonly #store: Store;

  constructor(client: TriptychClient, store: Store) {
    this.#client = client;
    this.#store = store;
  }

  /**
   * Looks at the log as it is now; nothing = all is well, and the head is remembered. What is found holds conversations
   * (`Chat.findings`).
   */
  async check(): Promise<readonly KeyLogFinding[]> {
    const found = await this.#look();
    await keepFindings(this.#store, OWN_LOOK, found);
    return found;
  }

  async #look(): Promise<readonly KeyLogFinding[]> {
    const head = await this.#head();
    const server = this.#origin;
    if (!head) return [{ kind: 'otherServer', server }];
    const known = this.#store.get<StoredHead>(TABLES.keyLog, ONLY);
    if (known && !isSame(known.serverKey, head.serverKey)) return [{ kind: 'otherServer', server }];
    if (known && !(await this.#goesOn(known, head))) return [{ kind: 'rewritten', server }];
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
      const key = bytesIn(saysOf(fromBase64(payload)), 'signatureKey');
      if (kind === 'DEVICE_ADDED') keys.set(toHex(key), key);
      if (kind === 'DEVICE_REVOKED') keys.delete(toHex(key));
      if (kind === 'IDENTITY_SET') keys.clear();
    }
    return [...keys.values()];
  }

  /** The head as the server signs it now; null when it does not. */
  async #head(): Promise<StoredHead | null> {
    const { keyLogHead } = await this.#client.request(KeyLogHead, {});
    return signedHead(this.#origin, keyLogHead);
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
      if (claim.server !== this.#origin || isAhead(claim, head)) continue;
      const isRight = await this.#goesOn(claim, head);
      if (!isRight) findings.push({ kind: 'splitView', server: this.#origin, from: claim.from });
      else await this.#store.transaction((tx) => tx.remove(TABLES.heads, claimKey(claim)));
    }
    return findings;
  }

  async #ownEntries(head: StoredHead): Promise<KeyLogFinding[]> {
    const { actorId, actorUri, identitySeed } = this.#self;
    const identityKey = keyPairOf(identitySeed).publicKey;
    const about = { server: this.#origin, identity: actorUri };
    const findings: KeyLogFinding[] = [];
    let isOwnIdentity = false;
    for (const entry of await this.#entriesOf({ id: actorId })) {
      // What was written after the head was made is looked at the next time.
      if (entry.index >= head.size) continue;
      if (!(await this.#isInLog(entry, head)))
        findings.push({ kind: 'notInLog', ...about, index: entry.index });
      const says = saysOf(fromBase64(entry.payload));
      if (entry.kind === 'IDENTITY_SET') {
        const isOwn = isSame(bytesIn(says, 'identityKey'), identityKey);
        // Keys before the own one were the person's own affair; one after it is not.
        if (isOwnIdentity && !isOwn)
          findings.push({ kind: 'swappedKey', ...about, version: Number(says['version']) });
        isOwnIdentity ||= isOwn;
      }
      if (entry.kind !== 'DEVICE_ADDED' || !isOwnIdentity) continue;
      const isOwn = isSignedDevice(actorUri, { ...says, identityKey: toBase64(identityKey) });
      const signatureKey = bytesIn(says, 'signatureKey');
      if (!isOwn) findings.push({ kind: 'ghostDevice', ...about, signatureKey });
    }
    return findings;
  }

  /**
   * Looks at what the log says of somebody else of the own server, by the head that was found right last.
   * @returns null where the log shows nothing of them
   */
  async checkPerson(person: KnownKeys): Promise<readonly KeyLogFinding[] | null> {
    const { head } = this;
    const entries = head ? await this.#entriesOf({ url: person.uri }) : [];
    if (!head || entries.length === 0) return null;
    const about = { server: this.#origin, identity: person.uri };
    const findings: KeyLogFinding[] = [];
    for (const entry of entries)
      if (entry.index < head.size && !(await this.#isInLog(entry, head)))
        findings.push({ kind: 'notInLog', ...about, index: entry.index });
    const said = entries.map((entry) => ({ ...entry, payload: fromBase64(entry.payload) }));
    return [...findings, ...findingsAbout(this.#origin, person, said)];
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

/** Clocks of servers, and what is told while it is written, differ by less. */
const PATIENCE = 10 * 60 * 1000;

/**
 * Whether a claim is of a later log than the head, and may still turn out right: no more so once the head was signed well
 * after it was heard of.
 */
export const isAhead = ({ size, heardAt }: ClaimedHead, head: StoredHead): boolean =>
  size > head.size &&
  (heardAt === undefined || Date.parse(head.signedAt) - Date.parse(heardAt) < PATIENCE);
