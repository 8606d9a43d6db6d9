/** Whose devices they are: keys of people are believed when first seen, and every change of them is noticed. */
import { ApiError } from '../client/errors.js';
import { fromBase64, isSame } from '../crypto/bytes.js';
import type { Member } from '../mls/engine.js';
import type { Store } from '../store/store.js';
import type { ChatServer, ClaimedPackage, ShownPerson } from './chat-server.js';
import type { DeviceFragment } from '../api/operations.js';
import { isAttested, keyPairOf, safetyNumber } from './identity.js';
import { ONLY, TABLES, type Doubt, type Self, type StoredPerson } from './records.js';

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

type ShownDevice = Pick<DeviceFragment, 'signatureKey' | 'attestation' | 'attestedAt'>;

/** Somebody's keys as the server shows them. */
interface ShownKeys {
  readonly uri: string;
  /** Null = the server does not show who it is. */
  readonly actorId: string | null;
  readonly chatIdentity: ShownPerson['chatIdentity'];
  readonly chatDevices: readonly ShownDevice[];
}

/** Remembers people, and checks devices against their keys. */
export class People {
  readonly #store: Store;
  readonly #server: ChatServer;

  constructor(store: Store, server: ChatServer) {
    this.#store = store;
    this.#server = server;
  }

  /**
   * What is doubtful about members of a group; empty = nothing. Asks the server once for each person.
   * @param conversationId of the group, where people are told of whom a block hides; null = none yet
   */
  async doubtsOf(members: readonly Member[], conversationId: string | null): Promise<Doubt[]> {
    const doubts: Doubt[] = [];
    for (const uri of new Set(members.map(({ identity }) => identity))) {
      const shown = await this.#ask(uri, conversationId);
      const person = await this.#remember(uri, shown);
      for (const { signatureKey } of members.filter(({ identity }) => identity === uri)) {
        const reason = this.#reasonAgainst(uri, signatureKey, shown, person);
        if (reason) doubts.push({ identity: uri, signatureKey, reason });
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

  /** Sixty digits to compare with somebody; null = their key is not known. */
  safetyNumber(uri: string): string | null {
    const person = this.#store.get<StoredPerson>(TABLES.people, uri);
    const self = this.#self();
    if (!person) return null;
    const { publicKey } = keyPairOf(self.identitySeed);
    return safetyNumber({ uri: self.actorUri, key: publicKey }, { uri, key: person.identityKey });
  }

  /** The numbers were compared and are the same. */
  async verify(uri: string): Promise<void> {
    await this.#change(uri, { isVerified: true });
  }

  /** Takes the key that the server shows now in place of the known one: the person says that it is theirs. */
  async acceptIdentity(uri: string): Promise<void> {
    const shown = await this.#server.person({ url: uri });
    if (!shown?.chatIdentity) return;
    const { key, version } = shown.chatIdentity;
    const identityKey = fromBase64(key);
    await this.#change(uri, { identityKey, version, isVerified: false });
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
    const known = this.#store.get<StoredPerson>(TABLES.people, uri);
    if (known || shown?.uri !== uri || !shown.chatIdentity) return known;
    const { key, version } = shown.chatIdentity;
    const identityKey = fromBase64(key);
    const person = { uri, actorId: shown.actorId, identityKey, version, isVerified: false };
    await this.#store.transaction((tx) => tx.put(TABLES.people, uri, person));
    return person;
  }

  #reasonAgainst(
    uri: string,
    signatureKey: Uint8Array,
    shown: ShownKeys | null,
    person: StoredPerson | null,
  ): Doubt['reason'] | null {
    const self = this.#self();
    if (uri === self.actorUri && isSame(keyPairOf(self.deviceSeed).publicKey, signatureKey))
      return null;
    if (!shown || !person) return 'unknown';
    const device = shown.chatDevices.find((it) =>
      isSame(fromBase64(it.signatureKey), signatureKey),
    );
    if (!device) return 'unknown';
    if (isOf(uri, person.identityKey, device)) return null;
    const shownKey = shown.chatIdentity && fromBase64(shown.chatIdentity.key);
    return shownKey && !isSame(shownKey, person.identityKey) && isOf(uri, shownKey, device)
      ? 'identityChanged'
      : 'unknown';
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

/** Whether this key has attested the device; times are signed with milliseconds. */
function isOf(actorUri: string, identityKey: Uint8Array, device: ShownDevice): boolean {
  const { attestation } = device;
  if (attestation === null || device.attestedAt === null) return false;
  const attestedAt = new Date(device.attestedAt).toISOString();
  const signatureKey = fromBase64(device.signatureKey);
  const about = { actorUri, identityKey, signatureKey, attestedAt };
  return isAttested(about, fromBase64(attestation));
}
