/**
 * Points per hour and caller. The count is kept in PostgreSQL for all processes together, but taken
 * from there in small leases, so that most operations cost no statement.
 */
import { LRUCache } from 'lru-cache';
import type { RateLimit, RateLimiter } from '../rate-limiter.js';

/** Where a caller stands. */
export interface BudgetState {
  readonly limit: number;
  readonly remaining: number;
  readonly used: number;
  readonly resetAt: Date;
  readonly isExceeded: boolean;
}

interface Lease {
  /** Points taken from the shared count and not yet spent here. */
  points: number;
  /** What was left in the shared count when it was last asked. */
  sharedRemaining: number;
  readonly resetAt: number;
  readonly isExceeded: boolean;
}

/** A lease never takes more than this part of what is left, so that processes do not starve each other. */
const LEASE_SHARE = 0.05;
const CALLERS_REMEMBERED = 20_000;

/** Spends points of one kind of caller. */
export class PointBudget {
  private readonly leases = new LRUCache<string, Lease>({ max: CALLERS_REMEMBERED });
  /** Leases that are being taken, by caller. */
  private readonly renewals = new Map<string, Promise<BudgetState>>();

  constructor(
    private readonly limiter: RateLimiter,
    private readonly limit: RateLimit,
    private readonly now: () => number,
  ) {}

  /** Spends `points` of the caller's budget; when it is exceeded, nothing must be executed. */
  async spend(caller: string, points: number): Promise<BudgetState> {
    for (;;) {
      const lease = this.current(caller);
      if (lease && lease.points >= points) {
        lease.points -= points;
        return this.stateOf(lease);
      }
      const renewal = this.renewals.get(caller);
      if (!renewal) return this.renewAlone(caller, points);
      // One takes for all: if each of many at once took a lease, the budget would be gone and unspent.
      const state = await renewal;
      if (state.isExceeded) return state;
    }
  }

  /** Where a caller stands of whom this process knows that the budget is gone; null for all others. Spends nothing. */
  exceeded(caller: string): BudgetState | null {
    const lease = this.current(caller);
    return lease?.isExceeded ? this.stateOf(lease) : null;
  }

  private current(caller: string): Lease | null {
    const lease = this.leases.get(caller);
    return lease && lease.resetAt > this.now() ? lease : null;
  }

  private renewAlone(caller: string, points: number): Promise<BudgetState> {
    const renewal = this.renew(caller, points).finally(() => this.renewals.delete(caller));
    this.renewals.set(caller, renewal);
    return renewal;
  }

  private async renew(caller: string, points: number): Promise<BudgetState> {
    const known = this.current(caller);
    const held = known?.points ?? 0;
    // What goes into the new lease cannot be spent from the old one meanwhile.
    if (known) known.points = 0;
    const share = Math.floor((known?.sharedRemaining ?? 0) * LEASE_SHARE);
    const charge = Math.max(points - held, share);
    const state = await this.limiter.charge(this.limit, caller, charge);
    const lease: Lease = {
      points: state.isExceeded ? 0 : held + charge - points,
      sharedRemaining: state.remaining,
      resetAt: this.now() + state.resetSeconds * 1000,
      isExceeded: state.isExceeded,
    };
    this.leases.set(caller, lease);
    return this.stateOf(lease);
  }

  private stateOf(lease: Lease): BudgetState {
    const { isExceeded } = lease;
    const remaining = isExceeded ? 0 : lease.sharedRemaining + lease.points;
    return {
      limit: this.limit.points,
      remaining,
      used: this.limit.points - remaining,
      resetAt: new Date(lease.resetAt),
      isExceeded,
    };
  }
}

/** The `RateLimit-*` header fields, by their names in small letters. */
export function rateLimitHeaders(budget: BudgetState, now: Date): [string, string][] {
  const seconds = Math.max(0, Math.ceil((budget.resetAt.getTime() - now.getTime()) / 1000));
  return [
    ['ratelimit-limit', String(budget.limit)],
    ['ratelimit-remaining', String(budget.remaining)],
    ['ratelimit-reset', String(seconds)],
  ];
}
