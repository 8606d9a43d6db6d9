/** How loud a sound is along its way. Pure. */

/** Number of bars. */
const BARS = 64;

/** The highest peak of each 64th of a sound, 0 to 100 of what can be; empty for an empty sound. */
export function waveform(samples: Int16Array): number[] {
  if (samples.length < BARS) return [];
  return Array.from({ length: BARS }, (_, bar) => {
    const from = Math.floor((bar * samples.length) / BARS);
    const to = Math.floor(((bar + 1) * samples.length) / BARS);
    let peak = 0;
    for (let place = from; place < to; place++)
      peak = Math.max(peak, Math.abs(samples[place] ?? 0));
    return Math.round((100 * peak) / 32_768);
  });
}
