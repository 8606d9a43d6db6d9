/** What a device does now and then, so that its conversations stay sound. */
import { NetworkError, unlessHubIsSilent } from '../client/errors.js';
import type { Commits } from './commits.js';
import { messageKey } from './conversation-state.js';
import { settleDoubts } from './doubts.js';
import { forgetEarly } from './early.js';
import { forgetFormer } from './former-groups.js';
import { replenish } from './key-packages.js';
import type { KeyLog } from './key-log.js';
import type { Membership } from './membership.js';
import { changeOf, noticesIn, putNotice, type Notice } from './notices.js';
import { RENEW_AFTER } from './outcomes.js';
import type { OwnDevices } from './own-devices.js';
import { TABLES, type StoredConversation, type StoredMessage } from './records.js';
import { membersOf, type Session } from './session.js';
import type { PeerLogs } from './peer-logs.js';
import type { Timers } from './timers.js';

const WEEK = 7 * 24 * 60 * 60 * 1000;

/** The upkeep of all conversations. */
export class Upkeep {
  readonly #session: Session;
  readonly #ownDevices: OwnDevices;
  readonly #commits: Commits;
  readonly #membership: Membership;
  readonly #keyLog: KeyLog;
  readonly #peerLogs: PeerLogs;
  readonly #timers: Timers;

  constructor(
    session: Session,
    ownDevices: OwnDevices,
    commits: Commits,
    membership: Membership,
    keyLog: KeyLog,
    peerLogs: PeerLogs,
    timers: Timers,
  ) {
    this.#session = session;
    this.#ownDevices = ownDevices;
    this.#commits = commits;
    this.#membership = membership;
    this.#keyLog = keyLog;
    this.#peerLogs = peerLogs;
    this.#timers = timers;
  }

  /** All of it. */
  async maintain(now: Date): Promise<void> {
    await replenish(this.#session, now);
    const own = await this.#keyLog.check();
    for (const finding of [...own, ...(await this.#peerLogs.check(now))])
      this.#session.tell({ kind: 'keyLog', finding });
    await this.forgetExpired(now);
    // What people took back leaves its text behind as well.
    await this.#session.store.purge();
    const faults: unknown[] = [];
    for (const { id } of this.#sound()) faults.push(...(await this.#tend(id, now)));
    await unlessHubIsSilent(() => this.#timers.tellServerAll());
    await this.renew(now);
    // One conversation that cannot be tended leaves the others no worse.
    if (faults.length > 0) throw faults[0];
  }

  async #tend(id: string, now: Date): Promise<readonly unknown[]> {
    try {
      await settleDoubts(this.#session, id);
      await unlessHubIsSilent(async () => {
        await this.#membership.letReturn(id);
        await this.#membership.removeGone(id);
        await this.#ownDevices.letIn(id);
      });
      await this.#compareMembers(id, now);
      return [];
    } catch (fault) {
      if (fault instanceof NetworkError) throw fault;
      return [fault];
    }
  }

  /**
   * Renews keys that are due: after many messages, where a package that others may have let this device in, and after a week.
   * @param now null = without those of which only the time is over
   */
  async renew(now: Date | null): Promise<void> {
    for (const { id, sentSinceRenewal, renewedAt } of this.#sound()) {
      const isOld = now !== null && now.getTime() - Date.parse(renewedAt) >= WEEK;
      if (!isOld && sentSinceRenewal < RENEW_AFTER) continue;
      // Whoever only asks to talk does not learn that somebody is there.
      const isRequest = (await this.#session.server.conversation(id))?.isRequest ?? true;
      if (!isRequest) await unlessHubIsSilent(() => this.#commits.change(id, () => ({})));
    }
  }

  /** Lets messages and former groups go whose time is over, and what is left of them on the disk. */
  async forgetExpired(now: Date): Promise<void> {
    const { store } = this.#session;
    if (await forgetFormer(store, now.getTime())) await store.purge();
    await store.transaction((tx) => forgetEarly(tx, now));
    const isOver = ({ expiresAt }: StoredMessage): boolean =>
      expiresAt !== null && Date.parse(expiresAt) <= now.getTime();
    if (!store.all<StoredMessage>(TABLES.messages).some(isOver)) return;
    await this.#session.write((tx) =>
      tx
        .all<StoredMessage>(TABLES.messages)
        .filter(isOver)
        .map(({ conversationId, id }) => {
          tx.remove(TABLES.messages, messageKey(conversationId, id));
          return { kind: 'gone', conversationId, id };
        }),
    );
    await store.purge();
  }

  /** Conversations that can go on. */
  #sound(): StoredConversation[] {
    return this.#session.store
      .all<StoredConversation>(TABLES.conversations)
      .filter(({ isMember, isBroken }) => isMember && !isBroken);
  }

  /** Out of sight is what the person has left with another device; of two people also one of whom the other is blocked. */
  async #leaveUnseen(id: string): Promise<void> {
    if (!this.#session.conversation(id).isGroup) return;
    await this.#session.groups.run(async () => {
      await this.#session.write((tx) => {
        this.#session.dropGroup(tx, id);
        return [{ kind: 'conversation', conversationId: id }];
      });
    });
  }

  /** Only the group decides who can read; where the server says otherwise, people should know. */
  async #compareMembers(id: string, now: Date): Promise<void> {
    const shown = await this.#session.server.conversation(id);
    if (!shown) return this.#leaveUnseen(id);
    const uris = (shown?.members ?? []).flatMap(({ actor }) => actor?.uri ?? []);
    if (uris.length < shown.members.length) return;
    const { added, removed } = changeOf(membersOf(this.#session.group(id)), uris);
    const noticed = { kind: 'otherMembers', onlyServer: added, onlyGroup: removed } as const;
    const last = noticesIn(this.#session.store.all<Notice>(TABLES.notices), id).findLast(
      (notice) => notice.noticed.kind === 'otherMembers',
    );
    const isAlike = added.length + removed.length === 0;
    if (isAlike || JSON.stringify(last?.noticed) === JSON.stringify(noticed)) return;
    await this.#session.write((tx) => putNotice(tx, id, now.toISOString(), noticed));
  }
}
