// A log of keys in memory, as a server that may lie keeps and shows it.
import sodium from 'libsodium-wrappers';
import { attestationOf } from '../../src/devices/attestation.js';
import { hashLeaf } from '../../src/devices/internal/merkle-tree.js';
import { headText } from '../../src/devices/key-log.queries.js';
import { statement } from '../../src/platform/db/database.js';
import { digestOf } from '../../src/platform/ed25519.js';
import type { FakePeer, PeerActor, PeerAnswer } from './fake-peer.js';
import { base64, signed, type TestKey } from './key-packages.js';
import { pathOf, proofOf, rootOf } from './merkle-definitions.js';
import type { RemoteChatter } from './remote-keys.js';
import type { World } from './world.js';

/** Entries on a page. */
const PER_PAGE = 20;

/** Whose entries they are. */
type Logged = { readonly actor: Pick<PeerActor, 'uri'>; readonly identity: TestKey };

interface Entry {
  readonly actor: string;
  readonly kind: string;
  readonly payload: Buffer;
}

/** A log that whoever has it can change as they like. */
export class TestKeyLog {
  entries: Entry[] = [];

  constructor(
    readonly origin: string,
    readonly key: TestKey,
  ) {}

  /** Another one that has begun alike. */
  fork(): TestKeyLog {
    const other = new TestKeyLog(this.origin, this.key);
    other.entries = [...this.entries];
    return other;
  }

  /** Writes that an identity began. */
  setIdentity({ actor, identity }: Logged, now: Date, version = 1): void {
    const says = { version, identityKey: base64(identity.publicKey) };
    this.write(actor.uri, 'IDENTITY_SET', says, now);
  }

  /** Writes that a device was added. */
  addDevice({ actor, identity }: Logged, device: TestKey, now: Date): void {
    const about = {
      actorUri: actor.uri,
      identityKey: identity.publicKey,
      signatureKey: device.publicKey,
      attestedAt: now,
    };
    const says = {
      version: 1,
      identityKey: base64(identity.publicKey),
      signatureKey: base64(device.publicKey),
      attestation: base64(signed(identity, attestationOf(about))),
      attestedAt: now.toISOString(),
    };
    this.write(actor.uri, 'DEVICE_ADDED', says, now);
  }

  /** Writes anything. */
  write(actor: string, kind: string, says: object, now: Date): void {
    const payload = { kind, actor, ...says, at: now.toISOString() };
    this.entries.push({ actor, kind, payload: Buffer.from(JSON.stringify(payload)) });
  }

  /** The head of it. */
  async head(at: Date, treeSize = this.entries.length) {
    const rootHash = treeSize === 0 ? await digestOf() : await rootOf(await this.leaves(treeSize));
    const text = headText(this.origin, { treeSize, rootHash, signedAt: at });
    return {
      treeSize,
      rootHash: base64(rootHash),
      signedAt: at.toISOString(),
      signature: base64(signed(this.key, text)),
      serverKey: base64(this.key.publicKey),
    };
  }

  /** What is answered at a path of it; null = it is no path of it. */
  async answer(path: string, at: Date): Promise<object | null> {
    const { pathname, searchParams } = new URL(path, this.origin);
    const number = (name: string, or: number): number => Number(searchParams.get(name) ?? or);
    if (pathname === '/key-log/consistency') {
      const [from, to] = [number('from', 0), number('to', 0)];
      return {
        id: `${this.origin}${path}`,
        type: 'KeyLogConsistency',
        ...(await this.proof(from, to)),
      };
    }
    if (!pathname.endsWith('/key-log')) return null;
    const actor = `${this.origin}${pathname.slice(0, -'/key-log'.length)}`;
    return this.page(actor, path, at, [number('after', -1), number('size', this.entries.length)]);
  }

  private async page(actor: string, path: string, at: Date, [after, size]: [number, number]) {
    const leaves = await this.leaves(size);
    const all = this.entries
      .map((entry, place) => ({ ...entry, place }))
      .filter((entry) => entry.actor === actor && entry.place > after && entry.place < size);
    const shown = all.slice(0, PER_PAGE);
    const next = `${actor}/key-log?after=${shown.at(-1)?.place}&size=${size}`;
    const first = { head: await this.head(at), consistency: `${this.origin}/key-log/consistency` };
    return {
      id: `${this.origin}${path}`,
      type: 'OrderedCollectionPage',
      ...(after < 0 && first),
      ...(all.length > PER_PAGE && { next }),
      orderedItems: await Promise.all(
        shown.map(async ({ place, kind, payload }) => ({
          type: 'KeyLogEntry',
          place,
          kind,
          payload: base64(payload),
          inclusion: (await pathOf(place, leaves)).map(base64),
        })),
      ),
    };
  }

  private async proof(from: number, to: number) {
    const hashes = await proofOf(from, await this.leaves(to));
    return { from, to, hashes: hashes.map(base64) };
  }

  private leaves(size: number): Promise<Buffer[]> {
    return Promise.all(this.entries.slice(0, size).map(({ payload }) => hashLeaf(payload)));
  }
}

/** Somebody whose document names a log as well. */
export function nameLog(peer: FakePeer, { actor }: RemoteChatter): void {
  const path = new URL(actor.uri).pathname;
  peer.serve(path, { body: { ...actor.document, keyLog: `${actor.uri}/key-log` } });
}

/** What is answered otherwise than an honest server would. */
export interface Lies {
  /** Another log, which proves what continues what. */
  readonly proofs?: TestKeyLog;
  readonly change?: (path: string, body: object) => PeerAnswer;
}

/** Answers of the peer from a log as it is now. */
export async function serveLog(
  peer: FakePeer,
  log: TestKeyLog,
  at: Date,
  people: readonly PeerActor[],
  { proofs = log, change = (_, body) => ({ body }) }: Lies = {},
): Promise<void> {
  const answers = new Map<string, PeerAnswer>();
  const { length } = proofs.entries;
  const paths = people.map(({ uri }) => `${new URL(uri).pathname}/key-log`);
  for (let from = 1; from < length; from++)
    for (let to = from + 1; to <= length; to++)
      paths.push(`/key-log/consistency?from=${from}&to=${to}`);
  while (paths.length > 0) {
    const path = paths.shift()!;
    const from = path.startsWith('/key-log/') ? proofs : log;
    const body = (await from.answer(path, at))!;
    answers.set(path, change(path, body));
    if ('next' in body) paths.push(String(body.next).slice(log.origin.length));
  }
  peer.answer(({ path }) => answers.get(path) ?? null);
}

const PAYLOADS = statement(
  'test.key_log_payloads',
  `select payload from key_log_payloads order by index`,
);

/** The log of a server of ours, to be changed by whoever has its key. */
export async function logOf({ services }: World): Promise<TestKeyLog> {
  const { origin } = services.config.publicUrl;
  await sodium.ready;
  const pair = sodium.crypto_sign_seed_keypair(services.sealer.deriveKey('key-log'));
  const log = new TestKeyLog(origin, pair);
  const rows = await services.database.rows<{ payload: Buffer }>(PAYLOADS, []);
  log.entries = rows.map(({ payload }) => {
    const { actor, kind } = JSON.parse(payload.toString()) as { actor: string; kind: string };
    return { actor, kind, payload };
  });
  return log;
}
