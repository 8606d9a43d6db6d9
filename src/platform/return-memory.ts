/**
 * Gives memory back to the machine when a process rests. V8 collects in order to make room, not to become small: what
 * starting or a busy hour left behind would stay resident for as long as nothing happens, which is when a small
 * machine needs it for others.
 */
import { performance } from 'node:perf_hooks';

const LOOK_EVERY_MS = 1000;
/** Share of a second that an idle event loop is busy for, at most. */
const IDLE_UTILIZATION = 0.15;
/**
 * For how many looks it has to have rested: few at first, for what starting left; many afterwards, so that a server
 * with work now and then keeps its compiled code, which a collection of this kind throws away.
 */
const RESTED_LOOKS = { atFirst: 3, later: 60 };
/** What has to have come since the last time, bytes: less is not worth the work. */
const WORTHWHILE_BYTES = 8 * 1024 * 1024;

/** Looks once a second until it is disposed of. Without Node's `--expose-gc` nothing can be given back. */
export function returnMemoryAtRest(): Disposable {
  let [busyUntilNow, rested, leastBytes] = [performance.eventLoopUtilization(), 0, 0];
  let restNeeded = RESTED_LOOKS.atFirst;
  const look = (): void => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, busyUntilNow);
    busyUntilNow = now;
    rested = utilization <= IDLE_UTILIZATION ? rested + 1 : 0;
    if (rested < restNeeded) return;
    rested = 0;
    if (process.memoryUsage.rss() < leastBytes + WORTHWHILE_BYTES) return;
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    leastBytes = process.memoryUsage.rss();
    restNeeded = RESTED_LOOKS.later;
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
