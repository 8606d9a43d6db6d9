/** Who is in a conversation: beginning it, letting people and devices in, taking them out. */
import sodium from 'libsodium-wrappers';
import { RefusedError } from '../client/errors.js';
import { fromBase64, isSame } from '../crypto/bytes.js';
import type { MlsGroup } from '../mls/engine.js';
import type { ClaimedPackage, ShownPerson } from './chat-server.js';
import type { Commits, Plan } from './commits.js';
import { keysOf } from './device.js';
import { TABLES, type StoredConversation } from './records.js';
import { freshConversation, type Session } from './session.js';

/** Somebody has no device that could be let in, or shows none to this person. Nothing was begun or changed. */
export class NoDeviceError extends RangeError {
  override readonly name = 'NoDeviceError';
  /** Whose devices are missing. */
  readonly handles: readonly string[];

  constructor(handles: readonly string[]) {
    super(`They do not chat encrypted, or not with you: ${handles.join(', ')}`);
    this.handles = handles;
  }
}

/** Bytes of the name of a group. */
export const GROUP_ID_BYTES = 32;

/** A key package whose device its person vouches for. */
type Trusted = ClaimedPackage & { readonly signatureKey: Uint8Array };

/** Changes of who is in conversations. */
export class Membership {
  readonly #session: Session;
  readonly #commits: Commits;

  constructor(session: Session, commits: Commits) {
    this.#session = session;
    this.#commits = commits;
  }

  /** Begins a conversation, or goes on where its beginning was interrupted. */
  async begin(handles: readonly string[], isGroup: boolean): Promise<string> {
    const { self } = this.#session;
    const people = await this.#find(handles);
    const known = isGroup ? null : this.#pairWith(people);
    if (known !== null) return known;
    await sodium.ready;
    const groupId = sodium.randombytes_buf(GROUP_ID_BYTES);
    const memberIds = people.map(({ id }) => id);
    // What not everybody can be let into is not begun at all.
    const packages = await this.#claim([...memberIds, self.actorId]);
    const made = await this.#create(groupId, people, isGroup);
    const conversationId = 'existing' in made ? made.existing : made.id;
    if (!('existing' in made)) await this.#store(conversationId, groupId, isGroup);
    const { members } = this.#session.conversation(conversationId);
    if (people.some(({ uri }) => !members.includes(uri)))
      await this.#commits.change(conversationId, (group) => addingOf(packages, group));
    return conversationId;
  }

  /** @throws {NoDeviceError} where somebody has sent their last device away meanwhile */
  async #create(groupId: Uint8Array, people: readonly ShownPerson[], isGroup: boolean) {
    const { server, self } = this.#session;
    const memberIds = people.map(({ id }) => id);
    try {
      return await server.createConversation(self.deviceId, groupId, memberIds, isGroup);
    } catch (fault) {
      if (!(fault instanceof RefusedError && fault.has('NO_CHAT_DEVICE'))) throw fault;
      const places = fault.refusals.map(({ path }) => Number(path?.at(-1)));
      throw new NoDeviceError(places.flatMap((place) => people[place]?.handle ?? []));
    }
  }

  /** The conversation that this device has with one person, for which no key package has to be used up; null = there is none. */
  #pairWith(people: readonly ShownPerson[]): string | null {
    const all = this.#session.store
      .all<StoredConversation>(TABLES.conversations)
      .filter(({ isGroup, members }) => !isGroup && people.every((it) => members.includes(it.uri)));
    const sound = all.find(({ isMember, isBroken }) => isMember && !isBroken);
    return (sound ?? all[0])?.id ?? null;
  }

  /** Lets people into a group, or those who take part in with devices that are not in it. */
  async add(conversationId: string, handles: readonly string[]): Promise<void> {
    const ids = (await this.#find(handles)).map(({ id }) => id);
    const shown = await this.#session.server.conversation(conversationId);
    const isIn = (id: string): boolean =>
      shown?.members.some(({ actor }) => actor?.id === id) ?? false;
    const addMemberIds = ids.filter((id) => !isIn(id));
    const packages = await this.#claim(ids);
    await this.#commits.change(conversationId, (group) => addingOf(packages, group, addMemberIds));
  }

  /** Sends people away, with all their devices. */
  async remove(conversationId: string, uris: readonly string[]): Promise<void> {
    const shown = await Promise.all(uris.map((url) => this.#session.server.person({ url })));
    const removeMemberIds = shown.flatMap((person) => (person ? [person.id] : []));
    await this.#commits.change(conversationId, ({ members }) => {
      const gone = members.filter(({ identity }) => uris.includes(identity));
      return gone.length > 0 ? { remove: gone.map(({ leaf }) => leaf), removeMemberIds } : null;
    });
  }

  /** Lets other devices of the own person in, but into no request: its beginner would learn that somebody is there. @returns whether there were any */
  async addOwnDevices(conversationId: string): Promise<boolean> {
    const { server, self } = this.#session;
    const { members } = this.#session.group(conversationId);
    const devices = (await server.person({ id: self.actorId }))?.chatDevices ?? [];
    const known = devices.filter(({ signatureKey }) =>
      members.some((member) => isSame(member.signatureKey, fromBase64(signatureKey))),
    );
    if (known.length === devices.length) return false;
    if ((await server.conversation(conversationId))?.isRequest ?? true) return false;
    const packages = await this.#claim(
      [self.actorId],
      known.map(({ id }) => id),
    );
    await this.#commits.change(conversationId, (group) => addingOf(packages, group));
    return packages.length > 0;
  }

  /** Lets those in again who were in the group before it was begun anew; whoever has no device any more stays out. */
  async letReturn(conversationId: string): Promise<void> {
    const { server, self } = this.#session;
    const { toReturn } = this.#session.conversation(conversationId);
    if (toReturn.length === 0) return;
    const shown = await server.conversation(conversationId);
    const actors = (shown?.members ?? []).flatMap(({ actor }) => actor ?? []);
    const back = actors.filter(({ uri }) => toReturn.includes(uri)).map(({ id }) => id);
    const packages = await this.#claim([...back, self.actorId], [], true);
    await this.#commits.change(conversationId, (group) => addingOf(packages, group));
    await this.#session.groups.run(async () => {
      const conversation = this.#session.conversation(conversationId);
      await this.#session.write((tx) => {
        tx.put(TABLES.conversations, conversationId, { ...conversation, toReturn: [] });
        return [];
      });
    });
  }

  /** Takes devices out that the server says are gone. */
  async removeGone(conversationId: string): Promise<void> {
    const shown = await this.#session.server.conversation(conversationId);
    const gone = (shown?.devicesToRemove ?? []).map(({ id, signatureKey }) => ({
      id,
      key: fromBase64(signatureKey),
    }));
    if (gone.length === 0) return;
    await this.#commits.change(conversationId, ({ members }) => {
      const found = gone.flatMap(({ id, key }) =>
        members
          .filter(({ signatureKey }) => isSame(signatureKey, key))
          .map(({ leaf }) => ({ id, leaf })),
      );
      if (found.length === 0) return null;
      return { remove: found.map(({ leaf }) => leaf), removeDeviceIds: found.map(({ id }) => id) };
    });
  }

  async #store(conversationId: string, groupId: Uint8Array, isGroup: boolean): Promise<void> {
    const { engine, self } = this.#session;
    const group = await engine.createGroup(keysOf(self), groupId);
    const conversation = freshConversation({ id: conversationId, isGroup });
    await this.#session.write((tx) => {
      tx.put(TABLES.conversations, conversationId, conversation);
      this.#session.putGroup(tx, conversationId, group);
      return [{ kind: 'conversation', conversationId }];
    });
  }

  async #find(handles: readonly string[]): Promise<readonly ShownPerson[]> {
    const { server } = this.#session;
    return Promise.all(
      handles.map(async (handle) => {
        const known = await server.person({ handle });
        const person = known ?? (handle.includes('@') ? await server.lookUp(handle) : null);
        if (!person) throw new RangeError(`There is nobody called ${handle}.`);
        return person;
      }),
    );
  }

  /** @throws {UntrustedDeviceError} @throws {NoDeviceError} */
  async #claim(
    actorIds: readonly string[],
    exceptDeviceIds: readonly string[] = [],
    mayLack = false,
  ): Promise<readonly Trusted[]> {
    const { server, engine, people, self } = this.#session;
    const claimed = await server.claim(actorIds, [self.deviceId, ...exceptDeviceIds]);
    const silent = claimed.without.filter(({ id }) => id !== self.actorId);
    if (silent.length > 0 && !mayLack) {
      throw new NoDeviceError(silent.map(({ handle }) => handle));
    }
    const packages = [];
    for (const claim of claimed.packages) {
      const { identity, signatureKey } = await engine.readKeyPackage(claim.data);
      const isTheirs = isSame(signatureKey, fromBase64(claim.device.signatureKey));
      if (identity !== claim.actorUri || !isTheirs)
        throw new RangeError('The server gave a key package of somebody else.');
      packages.push({ ...claim, signatureKey });
    }
    await people.requireTrusted(packages);
    return packages;
  }
}

/** Adds those who are not in the group yet; null = all are. */
function addingOf(
  packages: readonly Trusted[],
  { members }: MlsGroup,
  addMemberIds: readonly string[] = [],
): Plan | null {
  const missing = packages.filter(
    (each) => !members.some(({ signatureKey }) => isSame(signatureKey, each.signatureKey)),
  );
  return missing.length > 0 ? { add: missing.map(({ data }) => data), addMemberIds } : null;
}
