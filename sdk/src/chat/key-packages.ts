/** The key packages by which others let this device in. */
import { toHex } from '../crypto/bytes.js';
import { keysOf } from './device.js';
import { TABLES, type StoredPackage } from './records.js';
import type { Session } from './session.js';

/** Packages that a device lays out at once, and below how many it lays out more. */
const STOCK = { full: 60, low: 20 };
/** What the server takes in one request. */
const AT_ONCE = 100;
const DAY = 24 * 60 * 60 * 1000;
/** A last resort lets in whoever has it, again and again: another takes its place so often, and once it was used. */
const LAST_RESORT_AGE = 7 * DAY;
/** The one before still lets this device in: somebody may have it in hand. */
const LAST_RESORTS = 2;
/** Nobody may use a package after that. */
const LIFETIME = 366 * DAY;

/** Lays out key packages when few are left, and another last resort when it is time. */
export async function replenish(session: Session, now: Date): Promise<void> {
  const { server, self, store } = session;
  const stock = await server.stock(self);
  const kept = store.all<StoredPackage>(TABLES.packages);
  // Whose answer was lost: it may be there already, which changes nothing.
  const waiting = kept.filter(({ isPublished }) => !isPublished);
  const present = stock + waiting.filter(({ isLastResort }) => !isLastResort).length;
  const count = present < STOCK.low ? STOCK.full - present : 0;
  const made = await Promise.all(Array.from({ length: count }, () => make(session, false, now)));
  if (needsLastResort(kept, now)) made.push(await make(session, true, now));
  const all = [...waiting, ...made];
  if (all.length === 0) return;
  // Stored first: a package that others have and this device has not would let nobody in.
  await put(session, made);
  // There is room for one last resort only, so the newest of them; a device begins with it.
  const newest = newestOf(all);
  const offered = [...(newest ? [newest] : []), ...all.filter((it) => !it.isLastResort)];
  for (let at = 0; at < offered.length; at += AT_ONCE)
    await server.publish(self.deviceId, offered.slice(at, at + AT_ONCE));
  await put(
    session,
    all.map((it) => ({ ...it, isPublished: true })),
  );
  await forget(session, now);
}

function needsLastResort(kept: readonly StoredPackage[], now: Date): boolean {
  const newest = newestOf(kept);
  return !newest || newest.isUsed || now.getTime() - Date.parse(newest.madeAt) >= LAST_RESORT_AGE;
}

const lastResortsOf = (packages: readonly StoredPackage[]): StoredPackage[] =>
  packages
    .filter(({ isLastResort }) => isLastResort)
    .sort((one, other) => other.madeAt.localeCompare(one.madeAt));

const newestOf = (packages: readonly StoredPackage[]): StoredPackage | undefined =>
  lastResortsOf(packages)[0];

async function make(session: Session, isLastResort: boolean, now: Date): Promise<StoredPackage> {
  const { engine, self } = session;
  const { data, ref, secrets } = await engine.generateKeyPackage(keysOf(self), now);
  const madeAt = now.toISOString();
  const state = { isLastResort, isPublished: false, isUsed: false, madeAt };
  return { ref: toHex(ref), data, secrets, ...state };
}

async function put(session: Session, packages: readonly StoredPackage[]): Promise<void> {
  await session.write((tx) => {
    for (const each of packages) tx.put(TABLES.packages, each.ref, each);
    return [];
  });
}

/** Lets secrets go that nobody can use any more. */
async function forget(session: Session, now: Date): Promise<void> {
  await session.write((tx) => {
    const all = tx.all<StoredPackage>(TABLES.packages);
    const over = all.filter(({ madeAt }) => now.getTime() - Date.parse(madeAt) > LIFETIME);
    for (const { ref } of [...over, ...lastResortsOf(all).slice(LAST_RESORTS)])
      tx.remove(TABLES.packages, ref);
    return [];
  });
}
