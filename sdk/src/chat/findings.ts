/**
 * What was found in the logs of keys, and which conversations it holds. Whatever shows that a server lies holds those with its
 * people, and what concerns one person those with that person. What somebody only says, that they were shown another log, holds
 * the conversations with them: anybody can say so, and is to stop nobody else's. A key that changed holds where the former one
 * was verified; of anybody else it is told, and their new devices are doubtful once they are met.
 */
import { printRecord, type Store, type Transaction } from '../store/store.js';
import type { KeyLogFinding } from './key-log-words.js';
import {
  ONLY,
  TABLES,
  type Self,
  type StoredConversation,
  type StoredFindings,
  type StoredPerson,
} from './records.js';

/** The look at the log of the own server; that at somebody's keys has their id. */
export const OWN_LOOK = ONLY;

/** Keeps what a look has found in place of what the one before it had; what was decided stays decided. */
export async function keepFindings(
  store: Store,
  source: string,
  found: readonly KeyLogFinding[],
): Promise<void> {
  const before = store.get<StoredFindings>(TABLES.findings, source);
  if (!before && found.length === 0) return;
  await store.transaction((tx) => {
    const accepted = (tx.get<StoredFindings>(TABLES.findings, source)?.accepted ?? []).filter(
      (name) => found.some((finding) => nameOf(finding) === name),
    );
    put(tx, { source, found, accepted });
  });
}

/**
 * Forgets what concerns nobody any more who is in a conversation, also one into which this device has to come back: by making it
 * so, a server would get rid of what was found.
 */
export async function forgetFindings(store: Store): Promise<void> {
  const conversations = store.all<StoredConversation>(TABLES.conversations);
  const people = new Set(conversations.flatMap(({ members }) => members));
  const isGone = ({ source }: StoredFindings) => source !== OWN_LOOK && !people.has(source);
  const gone = store.all<StoredFindings>(TABLES.findings).filter(isGone);
  if (gone.length === 0) return;
  await store.transaction((tx) => {
    for (const { source } of gone) tx.remove(TABLES.findings, source);
  });
}

/** Forgets what was wrong with the log of a server as a whole. @param except what stays all the same */
export function forgetFindingsAbout(
  tx: Transaction,
  server: string,
  except: readonly KeyLogFinding[] = [],
): void {
  const staying = new Set(except.map(nameOf));
  for (const kept of tx.all<StoredFindings>(TABLES.findings)) {
    const found = kept.found.filter(
      (it) => it.server !== server || 'identity' in it || staying.has(nameOf(it)),
    );
    if (found.length < kept.found.length) put(tx, { ...kept, found });
  }
}

/** What holds a conversation, each once. */
export function findingsIn(store: Store, { members }: StoredConversation): KeyLogFinding[] {
  const self = store.get<Self>(TABLES.self, ONLY)!;
  const held = new Map<string, KeyLogFinding>();
  for (const { found, accepted } of store.all<StoredFindings>(TABLES.findings))
    for (const finding of found)
      if (!accepted.includes(nameOf(finding)) && isSerious(store, self, finding))
        if (isAbout(finding, members)) held.set(nameOf(finding), finding);
  return [...held.values()];
}

/**
 * Lets findings hold nothing any more, each as it is: another one of the same log, or of the same person, holds again.
 * @returns what nobody has accepted
 */
export async function acceptFindings(
  store: Store,
  decided: readonly KeyLogFinding[],
): Promise<readonly KeyLogFinding[]> {
  const names = new Set(decided.map(nameOf));
  await store.transaction((tx) => {
    for (const kept of tx.all<StoredFindings>(TABLES.findings)) {
      const fresh = kept.found.map(nameOf).filter((name) => names.has(name));
      put(tx, { ...kept, accepted: [...new Set([...kept.accepted, ...fresh])] });
    }
  });
  return store
    .all<StoredFindings>(TABLES.findings)
    .flatMap(({ found, accepted }) => found.filter((it) => !accepted.includes(nameOf(it))));
}

function put(tx: Transaction, kept: StoredFindings): void {
  if (kept.found.length > 0) tx.put(TABLES.findings, kept.source, kept);
  else tx.remove(TABLES.findings, kept.source);
}

function isSerious(store: Store, { actorUri }: Self, finding: KeyLogFinding): boolean {
  if (finding.kind !== 'swappedKey' || finding.identity === actorUri) return true;
  return store.get<StoredPerson>(TABLES.people, finding.identity)?.isVerified === true;
}

function isAbout(finding: KeyLogFinding, members: readonly string[]): boolean {
  if ('identity' in finding) return members.includes(finding.identity);
  const hasPeople = members.some((uri) => new URL(uri).origin === finding.server);
  return hasPeople && (!('from' in finding) || members.includes(finding.from));
}

const nameOf = (finding: KeyLogFinding): string => printRecord(finding);
