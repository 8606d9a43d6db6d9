/** Asks hosts that were given up whether they are back. Runs by the clock; each host is asked about once a day. */
import type { JobContext } from '../../platform/context.js';
import type { OutsideLimits } from '../../platform/http-client.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import { defineJob } from '../../platform/jobs/job.js';
import { slicesOf } from '../delivery-slices.js';
import { deliveriesDue } from '../federation.events.js';
import { giveLostTurns, replaceTurns } from '../internal/delivery-turns.js';
import {
  catchUp,
  findHostsToProbe,
  findLeftBehind,
  forgiveHost,
  probeLater,
} from '../internal/unreachable-hosts.js';

const LIMITS: OutsideLimits = {
  maxBytes: 64 * 1024,
  timeoutMs: 10_000,
  maxRedirects: 3,
  contentTypes: ['application/json'],
};
const AT_ONCE = 10;
/** Hosts of one run; the others are asked by the next one. */
const MOST = 200;

/** Whatever a host answers that is no failure of its own: it is there. */
export const probeParkedHosts = defineJob<Record<string, never>>(
  'probeParkedHosts',
  async (context) => {
    const hosts = await findHostsToProbe(context.database, context.clock.now(), MOST);
    for (let next = 0; next < hosts.length; next += AT_ONCE)
      await Promise.all(hosts.slice(next, next + AT_ONCE).map((host) => probe(context, host)));
    for (const host of await findLeftBehind(context.database)) await bringLeftBehind(context, host);
    await bringWithoutTurn(context);
  },
  { asksOutside: true },
);

async function probe(context: JobContext, host: string): Promise<void> {
  const isUp = await answers(context, host);
  await context.database.transaction(async (tx) => {
    const now = context.clock.now();
    if (!isUp) return probeLater(tx, host, now);
    const hosts = await forgiveHost(tx, host, now);
    if (hosts.length > 0) await tx.append(deliveriesDue, { slices: slicesOf(hosts) });
  });
}

async function answers({ http, config }: JobContext, host: string): Promise<boolean> {
  try {
    await http.get(`${config.publicUrl.protocol}//${host}/.well-known/nodeinfo`, LIMITS);
    return true;
  } catch (error) {
    if (!(error instanceof OutsideUnavailable)) throw error;
    if (error.failure === 'CONTENT_TYPE' || error.failure === 'TOO_LARGE') return true;
    return error.failure === 'STATUS' && !error.isTemporary;
  }
}

async function bringLeftBehind({ database, clock }: JobContext, host: string): Promise<void> {
  await database.transaction(async (tx) => {
    const now = clock.now();
    await catchUp(tx, host, now);
    await replaceTurns(tx, [], [{ host, dueAt: now }]);
    await tx.append(deliveriesDue, { slices: slicesOf([host]) });
  });
}

async function bringWithoutTurn({ database, clock }: JobContext): Promise<void> {
  await database.transaction(async (tx) => {
    const hosts = await giveLostTurns(tx, clock.now());
    if (hosts.length > 0) await tx.append(deliveriesDue, { slices: slicesOf(hosts) });
  });
}
