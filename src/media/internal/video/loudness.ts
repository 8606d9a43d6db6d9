/**
 * How loud a sound is, and what is done so that nobody reaches for the knob between two videos. Pure.
 *
 * @source EBU R 128; ITU-R BS.1770
 */

/** As ffmpeg's `ebur128` measures it. */
export interface Loudness {
  /** LUFS over the whole. */
  readonly integrated: number;
  /** LU between its quiet and its loud parts. */
  readonly range: number;
  /** dBTP of the highest peak. */
  readonly peak: number;
}

/** What is done to the samples of a sound. */
export type Levelling =
  | { readonly kind: 'none' }
  /** Everything louder or quieter by the same: nothing of the sound changes but that. */
  | { readonly kind: 'gain'; readonly decibels: number }
  /** Parts of it by different amounts, as its peaks would be cut off otherwise. */
  | { readonly kind: 'dynamic' };

/** How the sound is made. */
export interface SoundPlan {
  /** As it is. */
  readonly isCopied: boolean;
  readonly levelling: Levelling;
}

/** As loud as others play it, without clipping. */
const TARGET = { integrated: -16, range: 11, peak: -1.5 } as const;
/** Less than what is heard as a difference. */
const TOLERANCE = 1.5;
/** Quieter than this is silence to the meter. */
const SILENCE = -69;
/** Decoders of samples beyond it cut them off. */
const FULL_SCALE = 0;

/** The filter that measures, and prints what it has found for each tenth of a second; the last one is of the whole. */
export const METER = 'ebur128=metadata=1:peak=true,ametadata=mode=print:file=-';

/** Reads the end of what the meter printed; null when it has not found anything out. */
export function readLoudness(printed: string): Loudness | null {
  const last = printed.slice(printed.lastIndexOf('frame:'));
  const value = (name: string): number =>
    Number(new RegExp(`^lavfi\\.r128\\.${name}=(.+)$`, 'm').exec(last)?.[1] ?? NaN);
  const peak = 20 * Math.log10(value('true_peak'));
  const [integrated, range] = [value('I'), value('LRA')];
  return Number.isFinite(integrated) && Number.isFinite(range) && !Number.isNaN(peak)
    ? { integrated, range, peak }
    : null;
}

/** What is to be done; what could not be measured is made even while it is encoded. */
export function levellingFor(loudness: Loudness | null): Levelling {
  if (loudness === null) return { kind: 'dynamic' };
  const { integrated, range, peak } = loudness;
  if (integrated <= SILENCE) return { kind: 'none' };
  const decibels = TARGET.integrated - integrated;
  if (Math.abs(decibels) <= TOLERANCE && peak <= FULL_SCALE) return { kind: 'none' };
  if (range <= TARGET.range && peak + decibels <= TARGET.peak) return { kind: 'gain', decibels };
  return { kind: 'dynamic' };
}

/** The filters that do it. */
export function levellingFilters(levelling: Levelling): string[] {
  switch (levelling.kind) {
    case 'none':
      return [];
    case 'gain':
      return [`volume=${levelling.decibels.toFixed(2)}dB`];
    case 'dynamic':
      return [`loudnorm=I=${TARGET.integrated}:TP=${TARGET.peak}:LRA=${TARGET.range}`];
  }
}
