/** Groups of the engine for tests: people, and commits that everybody follows. */
import sodium from 'libsodium-wrappers';
import type {
  DeviceKeys,
  MembershipChange,
  MlsEngine,
  MlsGroup,
  Received,
} from '../../sdk/src/mls/engine.js';
import { createMlsEngine } from '../../sdk/src/mls/ts-mls-engine.js';

/** Now, for what has a lifetime. */
export const NOW = new Date();

/** An engine that believes everybody. */
export const trustingEngine = (): Promise<MlsEngine> => createMlsEngine(async () => true);

/** A device of somebody. */
export async function deviceOf(name: string): Promise<DeviceKeys> {
  await sodium.ready;
  const signatureSeed = sodium.randombytes_buf(32);
  const { publicKey } = sodium.crypto_sign_seed_keypair(signatureSeed);
  return { identity: `https://a.example/users/${name}`, signatureKey: publicKey, signatureSeed };
}

/** Members by name, each with the group as they have it. */
export class Room {
  readonly engine: MlsEngine;
  readonly groups = new Map<string, MlsGroup>();

  constructor(engine: MlsEngine) {
    this.engine = engine;
  }

  /** Somebody's group. */
  of(name: string): MlsGroup {
    const group = this.groups.get(name);
    if (!group) throw new Error(`${name} is not in the room`);
    return group;
  }

  /** Creates the group and adds the others in one commit. */
  static async open(engine: MlsEngine, ...names: readonly string[]): Promise<Room> {
    const room = new Room(engine);
    const [first, ...others] = names;
    const group = await engine.createGroup(await deviceOf(first!), sodium.randombytes_buf(32));
    room.groups.set(first!, group);
    if (others.length > 0) await room.add(first!, ...others);
    return room;
  }

  /** Somebody adds others. */
  async add(by: string, ...names: readonly string[]): Promise<void> {
    const packages = await Promise.all(
      names.map(async (name) => this.engine.generateKeyPackage(await deviceOf(name), NOW)),
    );
    const welcome = await this.change(by, { add: packages.map(({ data }) => data) });
    for (const [index, name] of names.entries())
      this.groups.set(name, await this.engine.join(welcome!, packages[index]!.secrets));
  }

  /** Somebody commits, everybody else follows; the removed ones leave the room. */
  async change(by: string, change: MembershipChange = {}): Promise<Uint8Array | null> {
    const pending = await this.engine.commit(this.of(by), change);
    for (const [name, group] of this.groups) {
      if (name === by) continue;
      const { next } = await this.engine.receive(group, pending.commit);
      if (next.isActive) this.groups.set(name, next);
      else this.groups.delete(name);
    }
    this.groups.set(by, pending.next);
    return pending.welcome;
  }

  /** Somebody says something; answers the bytes on the wire. */
  async say(by: string, text: string): Promise<Uint8Array> {
    const { message, next } = await this.engine.encrypt(this.of(by), Buffer.from(text));
    this.groups.set(by, next);
    return message;
  }

  /** Somebody reads a message. */
  async hear(name: string, message: Uint8Array): Promise<Received> {
    const received = await this.engine.receive(this.of(name), message);
    this.groups.set(name, received.next);
    return received;
  }

  /** How many different opinions there are about the state of the group. */
  opinions(): number {
    return new Set(
      [...this.groups.values()].map(({ epochAuthenticator }) =>
        Buffer.from(epochAuthenticator).toString('hex'),
      ),
    ).size;
  }
}

/** What somebody understood. */
export const textOf = (received: Received): string =>
  received.kind === 'application' ? Buffer.from(received.data).toString() : received.kind;
