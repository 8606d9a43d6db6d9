/**
 * Whose turn it is. One sweep goes through what was due at its start, a page at a time, so that no look costs more the more hosts
 * wait; whoever finds no place is passed over, and comes again in the next one.
 */
import { siteOf } from '../../platform/site-of.js';
import type { Reader } from '../../platform/db/database.js';
import type { DeliveryPlaces } from './delivery-places.js';
import { findTurns, type NewTurn, type Turn, type TurnPlace } from './delivery-turns.js';

const FEWEST = 64;
const MOST = 1_024;

/** A host that has a place, and its turns. */
export interface HostTurn {
  readonly host: string;
  readonly wasDown: boolean;
  readonly ids: readonly string[];
  /** Of the earliest. */
  readonly dueAt: Date;
}

/** What one look has found. */
export interface Found {
  readonly taken: readonly HostTurn[];
  /** Turns of hosts that are left alone, and when theirs is instead. */
  readonly gone: readonly string[];
  readonly added: readonly NewTurn[];
}

/** Looks at turns in their order. */
export class DeliveryAgenda {
  private after: TurnPlace | null = null;
  private until: Date | null = null;
  private isSeeking = false;
  private takenInSweep = 0;
  private isIdleSweep = false;
  /** Why somebody was passed over: no place at all, none for those that were down, none for a site, or busy. */
  private readonly missing = {
    any: false,
    down: false,
    sites: new Set<string>(),
    hosts: new Set<string>(),
  };

  constructor(
    private readonly reader: Reader,
    private readonly places: DeliveryPlaces,
  ) {}

  /** A sweep has begun and is not at its end. */
  get isUnderway(): boolean {
    return this.until !== null;
  }

  /** The last sweep went through everything, and nobody got a place. */
  get isIdle(): boolean {
    return this.isIdleSweep;
  }

  /** Looks from the first turn on again. */
  restart(): void {
    this.after = null;
    this.until = null;
  }

  /** Whether somebody was passed over who may have the place that this host leaves. */
  waitsFor({ host, wasDown }: { readonly host: string; readonly wasDown: boolean }): boolean {
    const { any, down, sites, hosts } = this.missing;
    return any || (down && wasDown) || hosts.has(host) || sites.has(siteOf(host));
  }

  /** The next page of turns; who of them has a place is given it. */
  async look(slices: readonly number[], now: Date, avoided: ReadonlySet<string>): Promise<Found> {
    if (this.until === null) this.begin(now);
    const wanted = this.isSeeking ? MOST : this.places.free * 2;
    const most = Math.min(MOST, Math.max(FEWEST, wanted));
    const page = await findTurns(this.reader, {
      slices,
      until: this.until!,
      after: this.after,
      most,
    });
    const left = new Set<string>();
    const found = this.choose(page, now, avoided, left);
    this.takenInSweep += found.taken.length;
    this.isSeeking = found.taken.length === 0;
    this.moveOn(page, page.length < most, left);
    return found;
  }

  private begin(now: Date): void {
    this.until = now;
    this.takenInSweep = 0;
    this.isIdleSweep = false;
    Object.assign(this.missing, { any: false, down: false });
    this.missing.sites.clear();
    this.missing.hosts.clear();
  }

  private choose(
    page: readonly Turn[],
    now: Date,
    avoided: ReadonlySet<string>,
    left: Set<string>,
  ): Found {
    const taken: HostTurn[] = [];
    const gone: string[] = [];
    const added: NewTurn[] = [];
    // Those that were down come last.
    const byHost = [...Map.groupBy(page, ({ host }) => host).values()];
    const inOrder = byHost.toSorted(([a], [b]) => Number(a!.wasDown) - Number(b!.wasDown));
    for (const turns of inOrder) {
      const { host, wasDown, dueAt, leftUntil } = turns[0]!;
      const ids = turns.map(({ id }) => id);
      if (leftUntil !== null && leftUntil > now) {
        gone.push(...ids);
        added.push({ host, dueAt: leftUntil });
      } else if (avoided.has(host)) continue;
      else if (this.places.isBusy(host)) this.missing.hosts.add(host);
      else if (this.places.isFull) left.add(host);
      else if (this.places.take({ host, wasDown })) taken.push({ host, wasDown, ids, dueAt });
      else this.noteMissing(host, wasDown);
    }
    return { taken, gone, added };
  }

  private noteMissing(host: string, wasDown: boolean): void {
    if (this.places.isFullFor(siteOf(host))) this.missing.sites.add(siteOf(host));
    else if (wasDown) this.missing.down = true;
  }

  /** Up to the first one for whom all places were taken: the next look begins with it. */
  private moveOn(page: readonly Turn[], isLast: boolean, left: ReadonlySet<string>): void {
    const firstLeft = page.findIndex(({ host }) => left.has(host));
    if (firstLeft >= 0) {
      this.missing.any = true;
      this.after = page[firstLeft - 1] ?? this.after;
    } else if (isLast) {
      this.isIdleSweep = this.takenInSweep === 0;
      this.restart();
    } else this.after = page.at(-1)!;
  }
}
