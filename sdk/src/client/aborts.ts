/**
 * Hearing that something is stopped. An application may stop all that it does by one signal: it has one listener of this package,
 * however many devices run and wait, as Node 20 warns of a leak from the eleventh on.
 */
const hearing = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `stop` once when a signal is given, unless that is called off first. @returns how to call it off */
export function onAbort(signal: AbortSignal | undefined, stop: () => void): () => void {
  if (!signal) return () => undefined;
  const stops = hearing.get(signal) ?? listen(signal);
  stops.add(stop);
  return () => void stops.delete(stop);
}

function listen(signal: AbortSignal): Set<() => void> {
  const stops = new Set<() => void>();
  hearing.set(signal, stops);
  const stopAll = (): void => {
    for (const stop of stops) stop();
    stops.clear();
  };
  signal.addEventListener('abort', stopAll, { once: true });
  return stops;
}
