// A hub that keeps one encrypted conversation in memory, and says whatever the test wants: true, late, or forged.
import { createHash } from 'node:crypto';
import { newKey, type TestKey } from './key-packages.js';
import { startFakePeer, type FakePeer, type PeerActor } from './fake-peer.js';
import type { FederatedNetwork } from './federation.js';
import { makeGroupId, makeOwnPackage, MlsGroup } from './mls.js';
import type { ChatDevice } from './encrypted-chat.js';
import type { World } from './world.js';

/** A place as it is told. */
export type Told = Readonly<Record<string, unknown>> & { readonly seq: number };

type Json = Record<string, unknown>;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The hub, with alice who has one device in the group. */
export class ScriptedHub implements AsyncDisposable {
  readonly path: string;
  readonly uri: string;
  readonly log: Told[] = [];
  /** What was submitted, the signer's key and the body. */
  readonly submissions: { readonly keyId: string; readonly body: Json }[] = [];
  members: { actor: string; role: string }[];
  devices: { actor: string; signatureKey: string; leaving: boolean }[];
  epoch = 0;
  /** With which its word on messages is checked, in base64. */
  frankingKey: string | null = null;
  /** Makes another answer to a submission; null = an honest one. */
  answering: (body: Json) => { status: number; body: object } | null = () => null;
  /** Whether it answers at all. */
  isUp = true;
  private last = 0;
  private accepted = new Map<string, number>();

  private constructor(
    readonly peer: FakePeer,
    readonly alice: PeerActor,
    readonly key: TestKey,
    public group: MlsGroup,
    public groupId: Buffer,
  ) {
    this.path = `/conversations/${createHash('sha256').update(groupId).digest('hex').slice(0, 12)}`;
    this.uri = `${peer.origin}${this.path}`;
    this.members = [{ actor: alice.uri, role: 'ADMIN' }];
    this.devices = [{ ...this.aliceDevice, leaving: false }];
    peer.answer(({ method, path, headers, body }) => {
      if (!path.startsWith(this.path)) return null;
      if (!this.isUp) return { status: 503, body: {} };
      if (method === 'POST') return this.submitted(String(headers['signature']), body);
      if (path === this.path) return { body: this.document() };
      const after = Number(new URL(path, peer.origin).searchParams.get('after'));
      return { body: this.page(after) };
    });
  }

  static async start(
    network: Pick<FederatedNetwork, 'name'>,
    host: string,
    port = 0,
  ): Promise<ScriptedHub> {
    const peer = await startFakePeer(network, host, port);
    const alice = peer.actor('alice');
    const key = await newKey();
    const groupId = makeGroupId();
    const group = await MlsGroup.begin(groupId, await makeOwnPackage(alice.uri, key));
    return new ScriptedHub(peer, alice, key, group, groupId);
  }

  get aliceDevice(): { actor: string; signatureKey: string } {
    return { actor: this.alice.uri, signatureKey: base64(this.key.publicKey) };
  }

  get sequence(): number {
    return this.last;
  }

  document(): Json {
    return {
      '@context': 'https://www.w3.org/ns/activitystreams',
      type: ['Group', 'MLSGroup'],
      id: this.uri,
      mlsGroupId: base64(this.groupId),
      isGroup: this.members.length > 2,
      epoch: this.epoch,
      seq: this.last,
      disappearingSeconds: 0,
      members: this.members,
      devices: this.devices,
      frankingKey: this.frankingKey,
    };
  }

  page(after: number): Json {
    const items = this.log.filter(({ seq }) => seq > after);
    return { type: 'OrderedCollectionPage', orderedItems: items, lastSeq: this.last };
  }

  /** A Create as the hub sends it. */
  create(object: Json): Told {
    const { seq, kind } = object as { seq: number; kind: string };
    const id = `${this.uri}/messages/${seq}${kind === 'WELCOME' ? '/welcome' : ''}`;
    const type = ['Object', kind === 'WELCOME' ? 'Welcome' : 'PrivateMessage'];
    const said = {
      conversation: this.uri,
      context: this.uri,
      mediaType: 'message/mls',
      encoding: 'base64',
    };
    return {
      '@context': 'https://www.w3.org/ns/activitystreams',
      type: 'Create',
      id: `${id}#create-${createHash('sha256').update(JSON.stringify(object)).digest('hex').slice(0, 8)}`,
      actor: this.uri,
      object: { type, id, attributedTo: this.uri, sender: this.aliceDevice, ...said, ...object },
      seq,
    };
  }

  /** Lets devices in; the first of them does not get the commit. @returns what is to be told */
  async welcome(devices: readonly ChatDevice[], isCommitTold: boolean): Promise<Told[]> {
    const made = await this.group.commit({
      add: devices.map(({ packages }) => packages[0]!.bytes),
    });
    const epoch = this.epoch;
    this.group = made.next;
    this.epoch += 1;
    const seq = ++this.last;
    const added = devices.map(({ uri, key }) => ({
      actor: uri,
      signatureKey: base64(key.publicKey),
    }));
    for (const { uri } of devices)
      if (!this.members.some(({ actor }) => actor === uri))
        this.members.push({ actor: uri, role: 'MEMBER' });
    this.devices.push(...added.map((device) => ({ ...device, leaving: false })));
    const { members } = this;
    const commit = {
      seq,
      kind: 'COMMIT',
      epoch,
      content: base64(made.commit),
      added,
      removed: [],
      members: [...members],
    };
    const welcome = { seq, kind: 'WELCOME', epoch: this.epoch, content: base64(made.welcome!) };
    const told = isCommitTold
      ? [this.create(commit), this.create(welcome)]
      : [this.create(welcome)];
    this.log.push(...told);
    return told;
  }

  /** Alice writes. */
  async write(text: string): Promise<Told> {
    const { data, next } = await this.group.write(text);
    this.group = next;
    const told = this.create({
      seq: ++this.last,
      kind: 'APPLICATION',
      epoch: this.epoch,
      content: base64(data),
    });
    this.log.push(told);
    return told;
  }

  /** Sends to the inbox of a server. */
  async tell(world: World, ...told: readonly object[]): Promise<number[]> {
    const statuses: number[] = [];
    for (const one of told) statuses.push(await this.peer.send(world, this.alice, one));
    return statuses;
  }

  private submitted(signature: string, text: string): { status?: number; body: object } {
    const body = JSON.parse(text) as Json;
    this.submissions.push({ keyId: /keyId="([^"]+)"/.exec(signature)?.[1] ?? '', body });
    const other = this.answering(body);
    if (other) return other;
    const { kind, clientMessageId, device } = body as Record<string, string>;
    const owner = this.devices.find(({ signatureKey }) => signatureKey === device);
    if (kind === 'commit') return this.committed(owner!, body);
    if (kind === 'reset') {
      this.groupId = Buffer.from(String(body['mlsGroupId']), 'base64');
      this.epoch = 0;
      this.devices = [owner!];
    }
    if (kind !== 'message')
      return {
        body: {
          seq: this.last,
          document: this.document(),
          isHeld: true,
          until: new Date().toISOString(),
        },
      };
    const name = `${device} ${clientMessageId}`;
    const known = this.accepted.get(name);
    if (known) return { body: { seq: known, envelopes: [] } };
    const seq = ++this.last;
    this.accepted.set(name, seq);
    const sender = { actor: owner!.actor, signatureKey: device, clientMessageId };
    const told = this.create({
      seq,
      kind: 'APPLICATION',
      epoch: body['epoch'],
      content: body['data'],
      sender,
    });
    this.log.push(told);
    const { content: _, ...object } = told['object'] as Json;
    return { body: { seq, envelopes: [{ ...told, object }] } };
  }

  /** A commit of a device of another server, which lets nobody of this one in. */
  private committed(
    { actor, signatureKey }: { actor: string; signatureKey: string },
    body: Json,
  ): { body: object } {
    const { clientMessageId, epoch, commit, keyPackages } = body;
    const seq = ++this.last;
    this.epoch += 1;
    const named = keyPackages as (typeof this.aliceDevice)[];
    const added = named.map((one) => ({ actor: one.actor, signatureKey: one.signatureKey }));
    this.devices.push(...added.map((device) => ({ ...device, leaving: false })));
    const sender = { actor, signatureKey, clientMessageId };
    const object = {
      seq,
      kind: 'COMMIT',
      epoch,
      sender,
      added,
      removed: [],
      members: this.members,
    };
    this.log.push(this.create({ ...object, content: commit }));
    return { body: { seq, envelopes: [this.create(object)] } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.peer[Symbol.asyncDispose]();
  }
}
