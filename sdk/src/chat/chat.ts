/** Encrypted chat of one device. */
import type { TriptychClient } from '../client/client.js';
import { toHex } from '../crypto/bytes.js';
import { createMlsEngine } from '../mls/ts-mls-engine.js';
import type { Store } from '../store/store.js';
import { BackupError, type BackupContents } from './backup.js';
import { ChatServer } from './chat-server.js';
import { Commits } from './commits.js';
import { ownDevices, registerDevice, type DeviceAbout, type OwnDevice } from './device.js';
import { acceptDoubts } from './doubts.js';
import type { FileAbout, FileSource } from './file-source.js';
import { Files, type FileOptions } from './files.js';
import { acceptFindings, findingsIn } from './findings.js';
import { Inbox } from './inbox.js';
import { KeyLog } from './key-log.js';
import type { KeyLogFinding } from './key-log-words.js';
import { replenish } from './key-packages.js';
import { leave } from './leaving.js';
import { deleteHistory, passHistory, takeHistory } from './linked-history.js';
import { answerLink, type Linked } from './linking.js';
import { Live } from './live.js';
import { Membership } from './membership.js';
import { noticesIn, type Notice } from './notices.js';
import { Outbox } from './outbox.js';
import { OwnDevices } from './own-devices.js';
import type { NewPayload } from './payload.js';
import { PeerLogs } from './peer-logs.js';
import { People } from './people.js';
import {
  TABLES,
  type ChatNews,
  type Doubt,
  type Outgoing,
  type Self,
  type StoredConversation,
  type StoredMessage,
  type StoredPerson,
} from './records.js';
import { Receipts } from './receipts.js';
import { Recovery, type Repaired } from './recovery.js';
import { Requests } from './requests.js';
import { enablePush, type PushPlace } from './push.js';
import { report, type MessageReport } from './reports.js';
import { htmlOf } from './sanitise.js';
import { matches, wordsOf } from './search.js';
import { Session } from './session.js';
import { sendSignal, type Signal } from './signals.js';
import { tellState } from './tell-state.js';
import { Timers } from './timers.js';
import { Upkeep } from './upkeep.js';
import { restoreBackup, saveBackup } from './whole-backup.js';

/** Chats of one device; several devices of a person each have their own. */
export class Chat {
  readonly people: People;
  readonly keyLog: KeyLog;
  readonly peerLogs: PeerLogs;
  readonly files: Files;
  readonly requests: Requests;
  readonly #client: TriptychClient;
  readonly #session: Session;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #commits: Commits;
  readonly #membership: Membership;
  readonly #receipts: Receipts;
  readonly #recovery: Recovery;
  readonly #timers: Timers;
  readonly #upkeep: Upkeep;
  readonly #live: Live;

  private constructor(session: Session, client: TriptychClient) {
    this.#client = client;
    this.#session = session;
    this.people = session.people;
    this.keyLog = new KeyLog(client, session.store);
    this.peerLogs = new PeerLogs(client, session, this.keyLog);
    this.files = new Files(client);
    this.requests = new Requests(session.server);
    this.#inbox = new Inbox(session);
    this.#outbox = new Outbox(session, this.#inbox);
    this.#receipts = new Receipts(session, this.#outbox);
    this.#commits = new Commits(session, this.#inbox);
    this.#membership = new Membership(session, this.#commits);
    this.#recovery = new Recovery(session, this.#inbox, this.#commits, this.#membership);
    this.#timers = new Timers(session, this.#outbox);
    const ownDevices = new OwnDevices(session, this.#inbox, this.#outbox, this.#membership);
    this.#upkeep = new Upkeep(
      session,
      ownDevices,
      this.#commits,
      this.#membership,
      this.keyLog,
      this.peerLogs,
      this.#timers,
    );
    this.#live = new Live(
      session,
      this.#inbox,
      this.#outbox,
      this.#commits,
      ownDevices,
      this.#upkeep,
      this.#timers,
    );
  }

  /** Opens the chat of a device that is registered already, or registers it. The client has to be signed in. */
  static async open(client: TriptychClient, store: Store, about: DeviceAbout): Promise<Chat> {
    const server = new ChatServer(client);
    // Who is behind a key is looked at outside of the engine, where there is more to do than to refuse.
    const engine = await createMlsEngine(async (identity) => isActorUri(identity));
    const session = new Session(store, engine, server, new People(store, server));
    await registerDevice(session, about);
    await replenish(session, new Date());
    const chat = new Chat(session, client);
    // Nobody sees what was over before there was anybody to let it go, as in a backup.
    await chat.forgetExpired();
    return chat;
  }

  /**
   * Opens the chat of a new device with what the recovery key brings back: keys, people, and what was said.
   * @param store that has nothing yet @throws {BackupError} when nothing is kept, or the key does not open it
   */
  static async restore(
    client: TriptychClient,
    store: Store,
    about: DeviceAbout,
    recoveryKey: Uint8Array,
  ): Promise<Chat> {
    const kept = await restoreBackup(client, store, recoveryKey);
    if (!kept) throw new BackupError('No backup is kept.');
    return Chat.open(client, store, { ...about, identitySeed: kept.identitySeed });
  }

  /**
   * Opens the chat of a new device with what another device of the person has answered (`openLink`): the key that stands for
   * them, people, and what was said. It reads on once it is let in, by the next `maintain` of another device or by `comeBack`.
   * @param store that has nothing yet
   * @throws {AttachmentError} when what was said is not there any more; `open` with the `identitySeed` goes without it
   * @throws {RangeError} when the client is signed in as somebody else than whom the answer is of
   */
  static async openLinked(
    client: TriptychClient,
    store: Store,
    about: DeviceAbout,
    linked: Linked,
  ): Promise<Chat> {
    await takeHistory(client, store, linked);
    const { identitySeed } = linked;
    const chat = await Chat.open(client, store, { ...about, identitySeed });
    await deleteHistory(client, linked);
    return chat;
  }

  /** This device and its person. */
  get self(): Pick<Self, 'actorId' | 'actorUri' | 'deviceId'> {
    return this.#session.self;
  }

  /** The key that stands for the person, for another device or a backup. Secret. */
  get identitySeed(): Uint8Array {
    return this.#session.self.identitySeed;
  }

  /**
   * Answers the code of a new device of the person (`requestLink`), once they have confirmed it: the key that stands for them,
   * and what this device has of what was said, which waits at the server, sealed to the new one.
   * @param options `withHistory: false` passes on the key alone @returns the code for `openLink`
   * @throws {RangeError} for another code @throws {RefusedError} when what was said is too large @throws {NetworkError}
   */
  async answerLink(request: string, { withHistory = true } = {}): Promise<string> {
    const { actorUri } = this.self;
    const { identitySeed } = this;
    // For another code nothing is left at the server.
    const answer = await answerLink(request, { actorUri, identitySeed });
    if (!withHistory) return answer;
    const history = await passHistory(this.#client, this.#session.store);
    return answerLink(request, { actorUri, identitySeed, history });
  }

  /** The devices of the own person; one that is not known here is a warning. */
  devices(): Promise<OwnDevice[]> {
    return ownDevices(this.#session);
  }

  /** Sends a device of the own person away: it gets nothing more, and the next `maintain` of another one takes it out of groups. */
  revokeDevice(deviceId: string): Promise<void> {
    return this.#session.server.revoke(deviceId);
  }

  /** What brings the person back when all devices are gone; to be sealed with a recovery key. Secret. */
  backup(): BackupContents {
    const { actorUri, identitySeed } = this.#session.self;
    const people = this.#session.store.all<StoredPerson>(TABLES.people);
    return { actorUri, identitySeed, people, history: null };
  }

  /**
   * Keeps keys and history with the server, sealed with a recovery key, in the place of what was kept before.
   * @throws {RefusedError} CONFLICT when another device was faster
   */
  saveBackup(recoveryKey: Uint8Array): Promise<void> {
    return saveBackup(this.#client, this.#session.store, this.backup(), recoveryKey);
  }

  /** Believes about people what a backup says. */
  async restorePeople({ people }: BackupContents): Promise<void> {
    await this.#session.write((tx) => {
      for (const person of people) tx.put(TABLES.people, person.uri, person);
      return [];
    });
  }

  /** Tells the others of a conversation which key log this device was shown, so that nobody is shown another. */
  async shareKeyLogHead(conversationId: string): Promise<void> {
    const { head } = this.keyLog;
    if (!head) return;
    const server = new URL(this.#session.self.actorUri).origin;
    const treeSize = String(head.size);
    await this.send(conversationId, { kind: 'keyLogHead', treeSize, rootHash: head.root, server });
  }

  /** Whether something here waits for the server. */
  get isWaiting(): boolean {
    return this.#session.store.all<Outgoing>(TABLES.outbox).length > 0;
  }

  /** Host of the server that orders a conversation and did not answer when something was last sent; null = nothing waits for it. */
  waitingFor(conversationId: string): string | null {
    return this.#outbox.hubs.get(conversationId) ?? null;
  }

  /** Conversations that this device has. */
  conversations(): StoredConversation[] {
    return this.#session.store.all(TABLES.conversations);
  }

  /** Messages of a conversation in its order; those that wait for the server come last. */
  messages(conversationId: string): StoredMessage[] {
    return this.#session.store
      .all<StoredMessage>(TABLES.messages)
      .filter((message) => message.conversationId === conversationId)
      .sort(inOrder);
  }

  /** Messages with all of these words, the newest first; of one conversation or of all. */
  search(query: string, conversationId: string | null = null): StoredMessage[] {
    const words = wordsOf(query);
    return this.#session.store
      .all<StoredMessage>(TABLES.messages)
      .filter((message) => conversationId === null || message.conversationId === conversationId)
      .filter((message) => words.length > 0 && matches(message, words))
      .sort((one, other) => other.sentAt.localeCompare(one.sentAt));
  }

  /** What is to be seen about a conversation beside its messages, the oldest first. */
  notices(conversationId: string): Notice[] {
    return noticesIn(this.#session.store.all(TABLES.notices), conversationId);
  }

  /** Short text that all devices of a conversation show alike at the same moment, unless the server parted them. */
  groupCode(conversationId: string): string {
    const { epochAuthenticator } = this.#session.group(conversationId);
    return toHex(epochAuthenticator.subarray(0, 10));
  }

  /** Hears what is new, once it is stored. @returns how to stop */
  onNews(listener: (news: ChatNews) => void): () => void {
    return this.#session.listen(listener);
  }

  /** Takes everything that waits in the mailbox, and sends everything that waits here. @throws {NetworkError} @throws {DeviceRevokedError} */
  synchronise(): Promise<void> {
    return this.#unlessRevoked(() => this.#live.synchronise());
  }

  /**
   * Takes what waits and then what comes, until it is stopped. Comes back by itself when the connection is lost.
   * @throws {DeviceRevokedError} @throws {ApiError} UNAUTHENTICATED when the session has ended
   */
  run(signal: AbortSignal): Promise<void> {
    return this.#unlessRevoked(() => this.#live.run(signal));
  }

  /** The conversation with one person; it is begun when there is none. @param handle for example `ben` or `ben@b.example` */
  openDirect(handle: string): Promise<string> {
    return this.#membership.begin([handle], false);
  }

  /** Begins a group. @param handles of everybody else */
  async createGroup(handles: readonly string[], title: string | null = null): Promise<string> {
    const conversationId = await this.#membership.begin(handles, true);
    if (title !== null) await this.send(conversationId, { kind: 'title', title });
    return conversationId;
  }

  /**
   * Lets people into a group, and tells them its title, picture and timer. Who takes part already and has no device left in the
   * group may be let in by anybody, others by admins.
   */
  async addMembers(conversationId: string, handles: readonly string[]): Promise<void> {
    await this.#membership.add(conversationId, handles);
    await tellState(this.#session, this.#outbox, conversationId);
  }

  /** Sends people away, with all their devices. @param uris of their actors */
  removeMembers(conversationId: string, uris: readonly string[]): Promise<void> {
    return this.#membership.remove(conversationId, uris);
  }

  /** Leaves a conversation, with all own devices, and says so to the others. What was said stays here. */
  leave(conversationId: string): Promise<void> {
    return leave(this.#session, this.#outbox, conversationId);
  }

  /**
   * Comes back into a conversation that this device cannot go on with (`isBroken`, notice `stuck`): by a commit of its own,
   * which the others see, or where the group itself is spoilt by beginning it anew.
   */
  repair(conversationId: string): Promise<Repaired> {
    return this.#recovery.repair(conversationId);
  }

  /**
   * Comes into all conversations of the person that this device is not in, by commits of its own, which the others see: what
   * `restore` leaves to do where no other device of the person is left to let this one in. Requests that nobody has accepted
   * are left alone, as coming in would tell that somebody is there.
   * @returns ids of the conversations that it came into
   * @throws what kept it out of one, such as a server out of reach, once all others have had their turn; call it again later
   */
  comeBack(): Promise<string[]> {
    return this.#recovery.comeBack();
  }

  /** Begins the group of a conversation anew, with all who are in it; only an admin may. */
  resetConversation(conversationId: string): Promise<void> {
    return this.#recovery.reset(conversationId);
  }

  /**
   * Tells whoever listens at this moment that the person types, or does not any more.
   * @throws {UntrustedDeviceError} @throws {HeldError} as `send`, where nothing is sent: nobody is told anything
   */
  signal(conversationId: string, kind: Signal['kind']): Promise<void> {
    return sendSignal(this.#session, conversationId, kind);
  }

  /**
   * Agrees on how long messages last that are sent from now on, and has the server let them go then, too. Devices show it as
   * the notice `timer`. @param seconds from 10 to 31,536,000; null = they stay @returns the id of the message that says so
   * @throws {RefusedError} FORBIDDEN for whoever is no admin
   */
  setTimer(conversationId: string, seconds: number | null): Promise<string> {
    return this.#timers.set(conversationId, seconds);
  }

  /**
   * Sends any payload. @returns its id inside the encryption
   * @throws {RangeError} for what others would not read as it is, such as a text that is too long, or what changes nothing, such
   *   as an edit of somebody else's message
   */
  send(conversationId: string, payload: NewPayload): Promise<string> {
    if (payload.kind === 'timer') return this.setTimer(conversationId, payload.seconds);
    return this.#unlessRevoked(() => this.#outbox.send(conversationId, payload));
  }

  /** Sends a text without marks. @param inReplyTo id of a message */
  sendText(conversationId: string, text: string, inReplyTo: string | null = null): Promise<string> {
    const html = htmlOf(text);
    return this.send(conversationId, { kind: 'text', html, inReplyTo, attachments: [] });
  }

  /** Whether this person tells the others of a conversation what has come and what was read. */
  sendsReceipts(conversationId: string): boolean {
    return this.#receipts.isOn(conversationId);
  }

  /** Chooses so for this device; each device has its own choice. */
  chooseReceipts(conversationId: string, isOn: boolean): Promise<void> {
    return this.#receipts.choose(conversationId, isOn);
  }

  /**
   * Tells the others that what they wrote came, or was read, each message once; nothing where the person chose so, and nothing
   * in a request that nobody has accepted. @returns how many messages it tells of
   */
  tell(conversationId: string, state: 'delivered' | 'read'): Promise<number> {
    return this.#receipts.tell(conversationId, state);
  }

  /** `applicationServerKey` of a push subscription. */
  vapidPublicKey(): Promise<string> {
    return this.#session.server.vapidPublicKey();
  }

  /** Has this device woken when something comes and it does not listen; another place takes the place of the first. */
  enablePush(place: PushPlace): Promise<void> {
    return enablePush(this.#session.server, this.self.deviceId, place);
  }

  /** Has this device woken no more. */
  disablePush(): Promise<void> {
    return this.#session.server.removePush(this.self.deviceId);
  }

  /** Shows messages of somebody to the staff of the own server, who can check that they were sent. */
  report(wanted: MessageReport): Promise<void> {
    return report(this.#session, wanted);
  }

  /** Encrypts and sends a file, and then the message with its key. @returns the id of the message */
  async sendFile(
    conversationId: string,
    file: FileSource,
    {
      text = '',
      inReplyTo = null,
      ...about
    }: FileAbout & { readonly text?: string; readonly inReplyTo?: string | null },
    options: FileOptions = {},
  ): Promise<string> {
    await this.#outbox.requireOpen(conversationId);
    const attachments = [await this.files.send(file, about, options)];
    const html = htmlOf(text);
    return this.send(conversationId, { kind: 'text', html, inReplyTo, attachments });
  }

  /** Renews the keys of this device in a conversation, so that a stolen state is worth nothing any more. */
  renewKeys(conversationId: string): Promise<void> {
    return this.#commits.change(conversationId, () => ({}));
  }

  /**
   * What should be done now and then, for example every hour: key packages, new devices, revoked ones, keys that are due,
   * messages that are over, and whether the server shows everybody the same.
   */
  maintain(now = new Date()): Promise<void> {
    return this.#unlessRevoked(() => this.#upkeep.maintain(now));
  }

  /** Lets messages go whose time is over. */
  forgetExpired(now = new Date()): Promise<void> {
    return this.#upkeep.forgetExpired(now);
  }

  /**
   * Believes devices and keys of a conversation that were doubtful, after the person here has decided so.
   * @param seen what the person has seen, such as `UntrustedDeviceError.doubts` or those of the conversation when it was shown:
   *   what came since then still holds
   */
  acceptDoubts(conversationId: string, seen: readonly Doubt[]): Promise<void> {
    return acceptDoubts(this.#session, conversationId, seen);
  }

  /** What was found in the logs of keys that holds a conversation: nothing is sent while there is any. */
  findings(conversationId: string): KeyLogFinding[] {
    return findingsIn(this.#session.store, this.#session.conversation(conversationId));
  }

  /**
   * Has what was found hold no conversation any more, after the person here has seen it and decided so; it is told on. Where the
   * log itself is another one, it is believed from now on (`peerLogs.accept`).
   * @param seen what the person has seen, such as `SuspectKeysError.findings`: what was found since then still holds
   */
  async acceptFindings(conversationId: string, seen: readonly KeyLogFinding[]): Promise<void> {
    const unseen = await acceptFindings(this.#session.store, seen);
    for (const { kind, server } of seen)
      if (kind === 'otherServer' || kind === 'rewritten')
        await this.peerLogs.accept(server, unseen);
    this.#session.tell({ kind: 'conversation', conversationId });
  }

  #unlessRevoked<Value>(work: () => Promise<Value>): Promise<Value> {
    return this.#session.server.unlessRevoked(this.self, work);
  }
}

/** Whether the name in a leaf can be that of an actor. */
function isActorUri(identity: string): boolean {
  if (!URL.canParse(identity)) return false;
  const { protocol, href } = new URL(identity);
  return ['https:', 'http:'].includes(protocol) && href === identity;
}

function inOrder(one: StoredMessage, other: StoredMessage): number {
  const place = ({ sequence }: StoredMessage): number =>
    sequence === null ? Infinity : Number(sequence);
  const [first, second] = [place(one), place(other)];
  return first === second ? one.sentAt.localeCompare(other.sentAt) : first - second;
}
