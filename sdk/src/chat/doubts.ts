/**
 * Doubts about devices of a conversation: looked at anew, as their person's server may have been out of reach when they came in,
 * and accepted.
 */
import { ApiError, NetworkError } from '../client/errors.js';
import { isSame } from '../crypto/bytes.js';
import type { Member, MlsGroup } from '../mls/engine.js';
import { printRecord } from '../store/store.js';
import type { ShownConversation } from './chat-server.js';
import { TABLES, type Doubt, type StoredConversation } from './records.js';
import { membersOf, type Session } from './session.js';

/**
 * About whom of a group the server is asked; null = about everybody. In a request these are the people whom it names itself, and as
 * many others as it hides: a stranger can write any number of names into a group, and asking costs.
 */
export function askedOf(
  group: MlsGroup,
  { isRequest, members }: Pick<ShownConversation, 'isRequest' | 'members'>,
): ReadonlySet<string> | null {
  if (!isRequest) return null;
  const named = new Set(members.flatMap(({ actor }) => actor?.uri ?? []));
  const hidden = members.length - named.size;
  const others = membersOf(group).filter((uri) => !named.has(uri));
  return new Set([...named, ...others.slice(0, hidden)]);
}

/** So many come in without a look at who takes part. */
const FEW = 10;

/** As `askedOf`, about those whom a commit lets in. */
export async function askedOfNewcomers(
  { server }: Session,
  id: string,
  { added, next }: { readonly added: readonly Member[]; readonly next: MlsGroup },
): Promise<ReadonlySet<string> | null> {
  if (new Set(added.map(({ identity }) => identity)).size <= FEW) return null;
  const shown = await server.conversation(id);
  return shown ? askedOf(next, shown) : new Set();
}

/** Lets doubts go that the server gives no reason for any more; while it is not to be had all of them stay. */
export async function settleDoubts(session: Session, id: string): Promise<void> {
  const { doubts } = session.conversation(id);
  const group = doubts.length > 0 ? session.findGroup(id) : null;
  if (!group) return;
  const doubtful = group.members.filter(({ signatureKey }) => isAbout(doubts, signatureKey));
  const still = await stillDoubtful(async () => {
    const shown = await session.server.conversation(id);
    return shown ? session.people.doubtsOf(doubtful, id, askedOf(group, shown)) : [...doubts];
  });
  if (!still || still.length === doubts.length) return;
  await session.groups.run(async () => {
    await session.write((tx) => {
      const now = tx.get<StoredConversation>(TABLES.conversations, id);
      if (!now) return [];
      // What came meanwhile has not been looked at.
      const left = now.doubts.filter(
        ({ signatureKey }) => !isAbout(doubts, signatureKey) || isAbout(still, signatureKey),
      );
      tx.put(TABLES.conversations, id, { ...now, doubts: left });
      return [{ kind: 'conversation', conversationId: id }];
    });
  });
}

/** Believes what was doubtful of a conversation and the person has seen, each as it was seen; everything else stays. */
export async function acceptDoubts(
  session: Session,
  id: string,
  seen: readonly Doubt[],
): Promise<void> {
  const names = new Set(seen.map(printRecord));
  const isSeen = (doubt: Doubt): boolean => names.has(printRecord(doubt));
  await session.people.accept(session.conversation(id).doubts.filter(isSeen));
  await session.groups.run(async () => {
    await session.write((tx) => {
      const now = tx.get<StoredConversation>(TABLES.conversations, id);
      if (!now) return [];
      const left = now.doubts.filter((doubt) => !isSeen(doubt));
      tx.put(TABLES.conversations, id, { ...now, doubts: left });
      return [{ kind: 'conversation', conversationId: id }];
    });
  });
}

const isAbout = (doubts: readonly Doubt[], key: Uint8Array): boolean =>
  doubts.some(({ signatureKey }) => isSame(signatureKey, key));

/** Null = it could not be asked. */
async function stillDoubtful(ask: () => Promise<Doubt[]>): Promise<Doubt[] | null> {
  try {
    return await ask();
  } catch (fault) {
    if (fault instanceof NetworkError || fault instanceof ApiError) return null;
    throw fault;
  }
}
