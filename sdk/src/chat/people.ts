/** Whose devices they are: keys of people are believed when first seen, and every change of them is noticed. */
import { ApiError } from '../client/errors.js';
import { fromBase64, isSame } from '../crypto/bytes.js';
import type { Member } from '../mls/engine.js';
import type { Store } from '../store/store.js';
import type { ChatServer, ClaimedPackage, ShownPerson } from './chat-server.js';
import { fingerprint, keyPairOf, safetyNumber } from './identity.js';
import { ONLY, TABLES, type Doubt, type Self, type StoredPerson } from './records.js';
import { believing, firstSeen, reasonAgainst, type ShownKeys } from './trust.js';

/** Codes of values that are none of their kind. */
const NO_SUCH_VALUE = /INPUT|VALIDATION/;

/** A device that nobody vouches for; nothing is encrypted for it. */
export class UntrustedDeviceError extends Error {
  override readonly name = 'UntrustedDeviceError';
  readonly doubts: readonly Doubt[];

  constructor(doubts: readonly Doubt[]) {
    super(
      `Not trusted: ${doubts.map(({ identity, reason }) => `${identity} (${reason})`).join(', ')}`,
    );
    this.doubts = doubts;
  }
}

/**
 * How far somebody is known. `unknown`: their keys were never seen. `unattested`: their software has no key that stands for
 * them, so the devices with which they were met first are believed, and nothing says whose they are. `attested`: a key stands
 * for them and has signed their devices. `verified`: that key was compared with the person.
 */
export type Standing = 'unknown' | 'unattested' | 'attested' | 'verified';

/** What people call somebody. */
export interface Shown {
  /** For example `ben`, or `ben@b.example` of another server. */
  readonly handle: string;
  /** What they call themselves; empty = nothing, so show the handle. */
  readonly displayName: string;
}

/** Remembers people, and checks devices against their keys. */
export class People {
  readonly #store: Store;
  readonly #server: ChatServer;
  readonly #shown = new Map<string, Shown>();

  constructor(store: Store, server: ChatServer) {
    this.#store = store;
    this.#server = server;
  }

  /**
   * What is doubtful about members of a group; empty = nothing. Asks the server once for each person.
   * @param conversationId of the group, where people are told of whom a block hides; null = none yet
   * @param asked about whom the server is asked at all; null = about everybody
   */
  async doubtsOf(
    members: readonly Member[],
    conversationId: string | null,
    asked: ReadonlySet<string> | null = null,
  ): Promise<Doubt[]> {
    const doubts: Doubt[] = [];
    for (const uri of new Set(members.map(({ identity }) => identity))) {
      const isAsked = asked === null || asked.has(uri);
      const shown = isAsked ? await this.#ask(uri, conversationId) : null;
      const person = await this.#remember(uri, shown);
      for (const member of members.filter(({ identity }) => identity === uri)) {
        if (this.#isThisDevice(member)) continue;
        const { signatureKey } = member;
        const reason = reasonAgainst(signatureKey, shown, person);
        if (reason) doubts.push({ identity: uri, signatureKey, ...reason });
      }
    }
    return doubts;
  }

  /** Checks claimed packages before anybody is added. @throws {UntrustedDeviceError} */
  async requireTrusted(packages: readonly ClaimedPackage[]): Promise<void> {
    const members = packages.map(({ actorUri, device }) => ({
      leaf: 0,
      identity: actorUri,
      signatureKey: fromBase64(device.signatureKey),
    }));
    const doubts = await this.doubtsOf(members, null);
    if (doubts.length > 0) throw new UntrustedDeviceError(doubts);
  }

  /**
   * How the own server shows somebody, to be shown to people; asked once. It is no proof of who that is: `standingOf` says how
   * far they are known. Null = the server shows nobody.
   */
  async shownAs(uri: string): Promise<Shown | null> {
    const known = this.#shown.get(uri);
    if (known) return known;
    const person = await this.#find(uri);
    if (!person || person.uri !== uri) return null;
    const { handle, displayName } = person;
    this.#shown.set(uri, { handle, displayName });
    return { handle, displayName };
  }

  /**
   * Blocks somebody, or lifts the block: neither sees the other, and of two nobody can write to the other any more.
   * @throws {RangeError} for somebody whom the server does not know @throws {RefusedError}
   */
  async block(uri: string, isBlocked = true): Promise<void> {
    await this.#server.setBlock(await this.actorIdOf(uri), isBlocked);
  }

  /** Id of somebody at the own server, also behind a block. @throws {RangeError} for somebody whom it does not know */
  async actorIdOf(uri: string): Promise<string> {
    const id = this.#known(uri)?.actorId ?? (await this.#find(uri))?.id;
    if (!id) throw new RangeError('The server does not know who this is.');
    return id;
  }

  /** How far somebody is known, to be shown beside their name. */
  standingOf(uri: string): Standing {
    if (uri === this.#self().actorUri) return 'verified';
    const person = this.#known(uri);
    if (!person) return 'unknown';
    if (person.identityKey === null) return 'unattested';
    return person.isVerified ? 'verified' : 'attested';
  }

  /**
   * Sixty digits to compare with somebody; null = no key is known that stands for them.
   * @param key that is compared, such as `Doubt.newIdentity.key` before it is accepted; null = the one that is known
   */
  safetyNumber(uri: string, key = this.#known(uri)?.identityKey ?? null): string | null {
    const self = this.#self();
    if (!key) return null;
    const { publicKey } = keyPairOf(self.identitySeed);
    return safetyNumber({ uri: self.actorUri, key: publicKey }, { uri, key });
  }

  /**
   * Thirty digits for each device of somebody unattested that is believed, to compare with what that device says of its
   * signature key; nothing for others. Of the own person: those of this device, which unattested people have to compare.
   */
  fingerprintsOf(uri: string): readonly string[] {
    const { actorUri, deviceSeed } = this.#self();
    if (uri === actorUri) return [fingerprint(keyPairOf(deviceSeed).publicKey)];
    const person = this.#known(uri);
    return person?.identityKey === null ? (person.signatureKeys ?? []).map(fingerprint) : [];
  }

  /** The numbers were compared and are the same. @throws {RangeError} for somebody for whom no key stands */
  async verify(uri: string): Promise<void> {
    if (!this.#known(uri)?.identityKey)
      throw new RangeError('No key stands for this person that could have been compared.');
    await this.#change(uri, { isVerified: true });
  }

  /**
   * Believes devices and keys that were doubtful, after the person here has decided so: what a conversation has
   * (`Chat.acceptDoubts` does it), or what an {@link UntrustedDeviceError} says when nobody could be let in.
   */
  async accept(doubts: readonly Doubt[]): Promise<void> {
    await this.#store.transaction((tx) => {
      for (const doubt of doubts) {
        const person = tx.get<StoredPerson>(TABLES.people, doubt.identity);
        const next = person && believing(person, doubt);
        if (next) tx.put(TABLES.people, next.uri, next);
      }
    });
  }

  /** What the server says of somebody's keys; behind a block it says so of those who share a group alone. */
  async #ask(uri: string, conversationId: string | null): Promise<ShownKeys | null> {
    const person = await this.#find(uri);
    if (person?.chatIdentity) return { ...person, actorId: person.id };
    const keys = conversationId && (await this.#server.memberKeys(conversationId, uri));
    if (!keys) return person && { ...person, actorId: person.id };
    const { identityKey: key, identityVersion: version, devices } = keys;
    const chatIdentity = { key, version };
    return { uri, actorId: person?.id ?? null, chatIdentity, chatDevices: devices };
  }

  /** A name that the server does not even take is that of nobody: whoever wrote it into a group stops nothing. */
  async #find(uri: string): Promise<ShownPerson | null> {
    try {
      return await this.#server.person({ url: uri });
    } catch (fault) {
      if (fault instanceof ApiError && NO_SUCH_VALUE.test(fault.code ?? '')) return null;
      throw fault;
    }
  }

  async #remember(uri: string, shown: ShownKeys | null): Promise<StoredPerson | null> {
    const self = this.#self();
    if (uri === self.actorUri) {
      const identityKey = keyPairOf(self.identitySeed).publicKey;
      return { uri, actorId: self.actorId, identityKey, version: 0, isVerified: true };
    }
    return this.#store.transaction((tx) => {
      const known = tx.get<StoredPerson>(TABLES.people, uri);
      if (known || shown?.uri !== uri) return known;
      const person = firstSeen(shown);
      // The software of the own server always has such a key: one that hides it is not believed.
      if (person?.identityKey === null && isOfOneServer(uri, self.actorUri)) return null;
      if (person) tx.put(TABLES.people, uri, person);
      return person;
    });
  }

  /** This device needs nobody to vouch for it. */
  #isThisDevice({ identity, signatureKey }: Member): boolean {
    const { actorUri, deviceSeed } = this.#self();
    return identity === actorUri && isSame(keyPairOf(deviceSeed).publicKey, signatureKey);
  }

  #known(uri: string): StoredPerson | null {
    return this.#store.get<StoredPerson>(TABLES.people, uri);
  }

  async #change(uri: string, changes: Partial<StoredPerson>): Promise<void> {
    await this.#store.transaction((tx) => {
      const person = tx.get<StoredPerson>(TABLES.people, uri);
      if (person) tx.put(TABLES.people, uri, { ...person, ...changes });
    });
  }

  #self(): Self {
    return this.#store.get<Self>(TABLES.self, ONLY)!;
  }
}

const isOfOneServer = (one: string, other: string): boolean =>
  new URL(one).origin === new URL(other).origin;
