/** What one process remembers of whoever sends to it: how often, and what was asked in vain. */
import { LRUCache } from 'lru-cache';
import { siteOf } from '../../platform/site-of.js';

/** A key that was asked for and is not there is not asked for again so soon, in ms. */
const ABSENT_MS = 10 * 60_000;
/** Keys that the servers of one domain are asked for at the same time, and all servers together. */
const MOST_AT_ONCE = 5;
const MOST_AT_ONCE_OF_ALL = 64;
/** Requests that are looked at in a minute: from one address, and of the servers of one domain that have proven who they are. */
const MOST_OF_ADDRESS = 6_000;
const MOST_OF_HOST = 3_000;
/** Activities that are kept in a day, of the servers of one domain, and their bytes. */
const MOST_OF_DAY = 200_000;
const MOST_BYTES_OF_DAY = 1024 ** 3;
/** Activities in odd words, which take far longer to understand, and one after the other. */
const MOST_ODD_OF_HOST = 60;
const MINUTE_MS = 60_000;
const REMEMBERED = 10_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** As long as a signature counts: an hour on either side of now. */
const NONCE_MS = 2 * 60 * MINUTE_MS;

/** Too many keys are being asked for: the sender may try again. */
export class TooBusy extends Error {
  constructor() {
    super('Too many keys are being asked for.');
    this.name = 'TooBusy';
  }
}

/** One sender sends more than is looked at. */
export class TooMany extends Error {
  constructor(readonly retryAfterSeconds: number) {
    super('Too many requests of your server.');
    this.name = 'TooMany';
  }
}

/** Forgets by itself. */
export class SenderMemory {
  readonly absent = new LRUCache<string, true>({ max: REMEMBERED, ttl: ABSENT_MS });
  readonly inVain = countsOfAMinute();
  /** Hosts of which it is kept that they sign as RFC 9421 says. */
  readonly signingAnew = new LRUCache<string, true>({ max: REMEMBERED, ttl: DAY_MS });
  private readonly nonces = new LRUCache<string, true>({ max: REMEMBERED, ttl: NONCE_MS });
  private readonly addresses = countsOfAMinute();
  private readonly sites = countsOfAMinute();
  private readonly oddSites = countsOfAMinute();
  private readonly days = countsOf(DAY_MS);
  private readonly bytesOfDays = countsOf(DAY_MS);
  private readonly pending = new Map<string, number>();
  private pendingOfAll = 0;

  /**
   * Counts a request before anything is known of it.
   *
   * @throws {TooMany}
   */
  countAddress(address: string): void {
    count(this.addresses, address, MOST_OF_ADDRESS);
  }

  /**
   * Counts what a server that has proven who it is says in odd words: nobody keeps all others from being understood.
   *
   * @throws {TooMany}
   */
  countOdd(host: string): void {
    count(this.oddSites, siteOf(host), MOST_ODD_OF_HOST);
  }

  /**
   * Counts a request of a server that has proven who it is: nobody uses up what is another one's.
   *
   * @throws {TooMany}
   */
  countHost(host: string): void {
    count(this.sites, siteOf(host), MOST_OF_HOST);
  }

  /**
   * Counts an activity of so many bytes that is about to be kept, for a day.
   *
   * @throws {TooMany}
   */
  countKept(host: string, bytes: number): void {
    const site = siteOf(host);
    count(this.days, site, MOST_OF_DAY);
    count(this.bytesOfDays, site, MOST_BYTES_OF_DAY, bytes);
  }

  /** Uses up what a signature has that is used once. @returns false when it was used before */
  useNonce(keyId: string, nonce: string): boolean {
    const name = JSON.stringify([keyId, nonce]);
    const isNew = !this.nonces.has(name);
    this.nonces.set(name, true);
    return isNew;
  }

  /**
   * One question more to the servers of a domain; `leave` has to follow.
   *
   * @throws {TooBusy}
   */
  enter(site: string): void {
    const pending = this.pending.get(site) ?? 0;
    if (pending >= MOST_AT_ONCE || this.pendingOfAll >= MOST_AT_ONCE_OF_ALL) throw new TooBusy();
    this.pending.set(site, pending + 1);
    this.pendingOfAll += 1;
  }

  /** One question less to the servers of a domain. */
  leave(site: string): void {
    this.pendingOfAll -= 1;
    const left = (this.pending.get(site) ?? 1) - 1;
    if (left > 0) this.pending.set(site, left);
    else this.pending.delete(site);
  }
}

function countsOf(ttl: number): LRUCache<string, number> {
  return new LRUCache({ max: REMEMBERED, ttl, noUpdateTTL: true });
}

function countsOfAMinute(): LRUCache<string, number> {
  return countsOf(MINUTE_MS);
}

function count(counts: LRUCache<string, number>, key: string, most: number, points = 1): void {
  const counted = (counts.get(key) ?? 0) + points;
  counts.set(key, counted);
  if (counted > most) throw new TooMany(Math.max(1, Math.ceil(counts.getRemainingTTL(key) / 1000)));
}
