/**
 * Watching the keys of the people one chats with, by the logs of their servers. Of another server everything comes by way of the
 * own one, signed by that server, so neither has to be believed; which of the two lies cannot be told.
 */
import { ReadRemoteKeyLog, type ReadRemoteKeyLogMutation } from '../api/operations.js';
import type { TriptychClient } from '../client/client.js';
import { ApiError, RefusedError, requireDone } from '../client/errors.js';
import { fromBase64, isSame, toBase64 } from '../crypto/bytes.js';
import { forgetFindings, forgetFindingsAbout, keepFindings } from './findings.js';
import { claimKey } from './gossip.js';
import { isAhead, type KeyLog } from './key-log.js';
import { findingsAbout, signedHead, type KeyLogFinding, type KnownKeys } from './key-log-words.js';
import { isContinued, isIncluded, leafHashOf, type TreeHead } from './merkle.js';
import {
  ONLY,
  TABLES,
  type ClaimedHead,
  type LogStanding,
  type StoredConversation,
  type StoredHead,
  type StoredPerson,
  type StoredStanding,
} from './records.js';
import type { Session } from './session.js';

type ShownLog = NonNullable<ReadRemoteKeyLogMutation['readRemoteKeyLog']['keyLog']>;

/** Somebody who is looked at. */
interface Peer extends KnownKeys {
  readonly actorId: string | null;
}

/** What a look finds. */
interface Looked {
  readonly standing: LogStanding;
  readonly findings: readonly KeyLogFinding[];
}

/** People of one look; the next one goes on. */
const MOST = 30;
/** Whoever has no new device is looked at again after so long. */
const AGAIN_AFTER = 6 * 60 * 60 * 1000;
const UNREAD_AGAIN_AFTER = 15 * 60 * 1000;
/** Claims that are compared at once, beside the head that is kept. */
const MOST_CLAIMS = 7;
/** A head that is signed so much later has to be as long as an earlier one. */
const ROLLED_BACK_AFTER = 5 * 60 * 1000;

const UNREAD: Looked = { standing: 'unread', findings: [] };

/** The logs of the servers of those who are in conversations here. */
export class PeerLogs {
  readonly #client: TriptychClient;
  readonly #session: Session;
  readonly #own: KeyLog;

  constructor(client: TriptychClient, session: Session, own: KeyLog) {
    this.#client = client;
    this.#session = session;
    this.#own = own;
  }

  /** What the log of somebody's server was at the last look; null = nobody has looked yet. */
  standingOf(uri: string): LogStanding | null {
    return this.#session.store.get<StoredStanding>(TABLES.logged, uri)?.standing ?? null;
  }

  /**
   * Looks at those whose turn it is; nothing = all is well, as far as could be seen. What is found holds conversations
   * (`Chat.findings`) until a look finds nothing, or the person has decided; a log that is not to be had changes nothing of that.
   * @param uris at these, whether it is their turn or not
   */
  async check(
    now = new Date(),
    uris: readonly string[] | null = null,
  ): Promise<readonly KeyLogFinding[]> {
    const peers = this.#peers();
    // Those who have waited longest come first, so that nobody who is never read keeps others from being looked at.
    const due = peers
      .filter((peer) => uris?.includes(peer.uri) ?? this.#isDue(peer, now))
      .sort((one, other) => this.#lookedAt(one) - this.#lookedAt(other))
      .slice(0, uris?.length ?? MOST);
    await this.#forgetClaims(peers);
    await forgetFindings(this.#session.store);
    const findings: KeyLogFinding[] = [];
    for (const peer of due) {
      const looked = await this.#look(peer);
      if (!looked) break;
      findings.push(...looked.findings);
      const devices = namesOf(peer);
      const { uri } = peer;
      if (looked.standing !== 'unread')
        await keepFindings(this.#session.store, uri, looked.findings);
      const record = { uri, standing: looked.standing, devices, checkedAt: now.toISOString() };
      await this.#session.store.transaction((tx) => tx.put(TABLES.logged, uri, record));
    }
    return findings;
  }

  /**
   * Believes the log of a server as it is shown from now on, after the person here has decided so: what was known of it,
   * and of its key, is forgotten.
   * @param except findings that stay, with what somebody said that led to them
   */
  async accept(server: string, except: readonly KeyLogFinding[] = []): Promise<void> {
    const staying = new Set(except.flatMap((it) => ('from' in it ? [it.from] : [])));
    const isOwn = server === new URL(this.#session.self.actorUri).origin;
    await this.#session.store.transaction((tx) => {
      tx.remove(TABLES.keyLog, isOwn ? ONLY : server);
      for (const claim of tx.all<ClaimedHead>(TABLES.heads))
        if (claim.server === server && !staying.has(claim.from))
          tx.remove(TABLES.heads, claimKey(claim));
      for (const { uri } of tx.all<StoredStanding>(TABLES.logged))
        if (new URL(uri).origin === server) tx.remove(TABLES.logged, uri);
      forgetFindingsAbout(tx, server, except);
    });
  }

  /**
   * Everybody else who is in a group, with the devices of theirs that are. Of whom nothing was ever shown there is nothing to
   * compare: their devices are doubtful, and there may be any number of them.
   */
  #peers(): Peer[] {
    const { store, self } = this.#session;
    const devices = new Map<string, Map<string, Uint8Array>>();
    for (const { id, isMember, isBroken } of store.all<StoredConversation>(TABLES.conversations)) {
      if (!isMember || isBroken) continue;
      for (const { identity, signatureKey } of this.#session.group(id).members) {
        if (identity === self.actorUri) continue;
        const known = devices.get(identity) ?? new Map<string, Uint8Array>();
        devices.set(identity, known.set(toBase64(signatureKey), signatureKey));
      }
    }
    return [...devices].flatMap(([uri, keys]) => {
      const person = store.get<StoredPerson>(TABLES.people, uri);
      if (!person) return [];
      const { identityKey, actorId } = person;
      return [{ uri, actorId, identityKey, signatureKeys: [...keys.values()] }];
    });
  }

  /** When somebody was looked at last; 0 = never. */
  #lookedAt({ uri }: Peer): number {
    const last = this.#session.store.get<StoredStanding>(TABLES.logged, uri);
    return last ? Date.parse(last.checkedAt) : 0;
  }

  #isDue(peer: Peer, now: Date): boolean {
    const last = this.#session.store.get<StoredStanding>(TABLES.logged, peer.uri);
    if (!last || namesOf(peer).some((name) => !last.devices.includes(name))) return true;
    const wait = last.standing === 'unread' ? UNREAD_AGAIN_AFTER : AGAIN_AFTER;
    return last.standing === 'suspect' || now.getTime() - Date.parse(last.checkedAt) >= wait;
  }

  /** @returns null when the server wants to be asked no more for now */
  async #look(peer: Peer): Promise<Looked | null> {
    const { origin } = new URL(peer.uri);
    try {
      if (origin !== new URL(this.#session.self.actorUri).origin)
        return await this.#lookOutside(origin, peer);
      const findings = await this.#own.checkPerson(peer);
      return findings ? standing(findings) : UNREAD;
    } catch (fault) {
      if (fault instanceof RefusedError && fault.has('RATE_LIMITED')) return null;
      if (fault instanceof RefusedError || fault instanceof ApiError) return UNREAD;
      throw fault;
    }
  }

  async #lookOutside(server: string, peer: Peer): Promise<Looked> {
    if (peer.actorId === null) return UNREAD;
    const { store } = this.#session;
    const known = store.get<StoredHead>(TABLES.keyLog, server);
    const claims = store
      .all<ClaimedHead>(TABLES.heads)
      .filter((claim) => claim.server === server)
      .slice(0, MOST_CLAIMS);
    const sizes = [known, ...claims].flatMap((head) => (head && head.size > 0 ? [head.size] : []));
    const input = { actorId: peer.actorId, sizes: [...new Set(sizes)] };
    const answer = await this.#client.request(ReadRemoteKeyLog, { input });
    const log = requireDone(answer.readRemoteKeyLog).keyLog;
    if (!log) return UNREAD;
    if (!log.head) {
      const isHidden = known !== null && log.state !== 'UNAVAILABLE' && peer.identityKey !== null;
      if (isHidden) return standing([{ kind: 'withheld', server, identity: peer.uri }]);
      return { standing: log.state === 'NONE' ? 'noLog' : 'unread', findings: [] };
    }
    const head = signedHead(server, log.head);
    if (!head || (known && !isSame(known.serverKey, head.serverKey)))
      return standing([{ kind: 'otherServer', server }]);
    const goesOn = known ? fits(known, head, log) : true;
    if (goesOn === null) return UNREAD;
    if (!goesOn) return standing([{ kind: 'rewritten', server }]);
    const findings = [
      ...(await this.#splits(server, claims, head, log)),
      ...notIncluded(server, peer, head, log),
      ...findingsAbout(server, peer, log.entries.map(bytesOf)),
    ];
    const isNewest = !known || head.size >= known.size;
    if (isNewest)
      await store.transaction((tx) => tx.put(TABLES.keyLog, server, { ...head, server }));
    return standing(findings);
  }

  /** Heads that others were shown; those that are further on than this one wait for a later look. */
  async #splits(
    server: string,
    claims: readonly ClaimedHead[],
    head: StoredHead,
    log: ShownLog,
  ): Promise<KeyLogFinding[]> {
    const findings: KeyLogFinding[] = [];
    for (const claim of claims) {
      if (isAhead(claim, head)) continue;
      const isRight = claim.size > head.size ? false : continues(claim, head, log);
      if (isRight === null) continue;
      if (!isRight) findings.push({ kind: 'splitView', server, from: claim.from });
      else await this.#session.store.transaction((tx) => tx.remove(TABLES.heads, claimKey(claim)));
    }
    return findings;
  }

  /** Claims about servers of which nobody is here can be compared with nothing. */
  async #forgetClaims(peers: readonly Peer[]): Promise<void> {
    const { store, self } = this.#session;
    const people = [self.actorUri, ...peers.map(({ uri }) => uri)];
    const servers = new Set(people.map((uri) => new URL(uri).origin));
    const strange = store
      .all<ClaimedHead>(TABLES.heads)
      .filter(({ server }) => !servers.has(server));
    if (strange.length > 0)
      await store.transaction((tx) => {
        for (const claim of strange) tx.remove(TABLES.heads, claimKey(claim));
      });
  }
}

const standing = (findings: readonly KeyLogFinding[]): Looked => ({
  standing: findings.length > 0 ? 'suspect' : 'logged',
  findings,
});

const namesOf = ({ signatureKeys }: KnownKeys): string[] => signatureKeys.map(toBase64);

const bytesOf = ({ payload, ...entry }: ShownLog['entries'][number]) => ({
  ...entry,
  payload: fromBase64(payload),
});

/** Whether a head fits to the one that is kept; null = that was not proven now. */
function fits(known: StoredHead, head: StoredHead, log: ShownLog): boolean | null {
  const later = Date.parse(head.signedAt) - Date.parse(known.signedAt);
  if (head.size < known.size && later > ROLLED_BACK_AFTER) return false;
  // What was signed before the kept one is a part of it.
  return head.size < known.size ? continues(head, known, log) : continues(known, head, log);
}

/** Whether one tree has begun as another; null = nothing was said about that. */
function continues(earlier: TreeHead, later: TreeHead, { growth }: ShownLog): boolean | null {
  if (earlier.size === 0) return true;
  if (earlier.size === later.size) return isSame(earlier.root, later.root);
  const proof = growth.find(({ from, to }) => from === earlier.size && to === later.size);
  return proof ? isContinued(earlier, later, proof.hashes.map(fromBase64)) : null;
}

function notIncluded(
  server: string,
  { uri: identity }: Peer,
  head: StoredHead,
  { entries }: ShownLog,
): KeyLogFinding[] {
  return entries
    .filter(({ index, payload, inclusion }) => {
      const leaf = { index, hash: leafHashOf(fromBase64(payload)) };
      return !isIncluded(leaf, head, inclusion.map(fromBase64));
    })
    .map(({ index }) => ({ kind: 'notInLog', server, identity, index }));
}
