/**
 * Who is delivered to at a time. Hosts are delivered to side by side; those of one registered domain together, and those
 * that did not answer lately, have only some of the places: however many of them hang, the others go on.
 */
import { siteOf } from '../../platform/site-of.js';
import { Slots } from '../../platform/slots.js';
import type { Delivery } from './deliveries.js';

/** Hosts at once, those that do not answer included. */
const MOST_HOSTS = 512;
const MOST_OF_SITE = 32;
const MOST_DOWN = 64;
/** Requests at once, and how long one counts among them. */
const SLOTS = 64;
const SLOTS_OF_DOWN = 16;
const LONG_MS = 1_000;

type Host = Pick<Delivery, 'host' | 'wasDown'>;

/** The places of one run. */
export class DeliveryPlaces {
  /** Hosts that are being delivered to, or of which not all that arrived is kept. */
  private readonly busy = new Map<string, { readonly site: string; readonly wasDown: boolean }>();
  private readonly ofSite = new Map<string, number>();
  private down = 0;
  private readonly slots = new Slots(SLOTS, LONG_MS);
  private readonly slotsOfDown = new Slots(SLOTS_OF_DOWN, LONG_MS);

  /** All places are taken. */
  get isFull(): boolean {
    return this.busy.size >= MOST_HOSTS;
  }

  /** Nobody has a place. */
  get isEmpty(): boolean {
    return this.busy.size === 0;
  }

  /** How many more hosts have a place. */
  get free(): number {
    return MOST_HOSTS - this.busy.size;
  }

  /** The host has a place. */
  isBusy(host: string): boolean {
    return this.busy.has(host);
  }

  /** All places for hosts of one registered domain are taken. */
  isFullFor(site: string): boolean {
    return (this.ofSite.get(site) ?? 0) >= MOST_OF_SITE;
  }

  /** Takes a place for a host; false when there is none for it. */
  take({ host, wasDown }: Host): boolean {
    const site = siteOf(host);
    if (this.isFull || this.isFullFor(site) || (wasDown && this.down >= MOST_DOWN)) return false;
    this.busy.set(host, { site, wasDown });
    this.ofSite.set(site, (this.ofSite.get(site) ?? 0) + 1);
    if (wasDown) this.down += 1;
    return true;
  }

  /** Gives the place of a host back. */
  leave(host: string): void {
    const { site, wasDown } = this.busy.get(host)!;
    const count = this.ofSite.get(site)! - 1;
    if (wasDown) this.down -= 1;
    this.busy.delete(host);
    if (count > 0) this.ofSite.set(site, count);
    else this.ofSite.delete(site);
  }

  /** Asks a host, once it is its turn. */
  ask<Answer>({ wasDown }: Host, question: () => Promise<Answer>): Promise<Answer> {
    return (wasDown ? this.slotsOfDown : this.slots).take(question);
  }
}
