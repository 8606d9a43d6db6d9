// Which encoder makes the pictures: one of hardware where a test on this machine works, else software.
import { readdir } from 'node:fs/promises';
import { ENCODERS, HARDWARE_ENCODERS, videoOptions, type Encoder } from './encoders.js';
import type { HardwareEncoder } from './encoders.js';
import type { Launchers } from './launcher.js';
import { FfmpegFailed, runFfmpeg } from './run-ffmpeg.js';

/** What the operator wants: whatever works, software alone, or one of hardware. */
export type EncoderWish = 'auto' | 'software' | HardwareEncoder;

/** What came of a wish. */
export interface ChosenEncoder {
  readonly encoder: Encoder;
  /** Encoders that were tried before, and why they do not work, in ffmpeg's words. */
  readonly refused: readonly { readonly name: HardwareEncoder; readonly reason: string }[];
}

/** The smallest picture that all of them take. */
const TEST_PICTURE = 'color=c=gray:s=320x320:r=30:d=0.2,format=yuv420p';
const TEST_RUNG = { maxBitRate: 1_000_000 };
const TEST_MS = 20_000;
const REASON_LENGTH = 300;

/** Tries the encoders of hardware that are wanted by a few frames, within the limits of all runs; software comes last. */
export async function chooseEncoder(
  launchers: Launchers,
  wish: EncoderWish,
): Promise<ChosenEncoder> {
  const wanted = wish === 'auto' ? await likely() : wish === 'software' ? [] : [wish];
  const refused: { name: HardwareEncoder; reason: string }[] = [];
  for (const name of wanted) {
    const reason = await refusalOf(launchers, ENCODERS[name]);
    if (reason === null) return { encoder: ENCODERS[name], refused };
    refused.push({ name, reason });
  }
  return { encoder: ENCODERS.libx264, refused };
}

/** Devices whose names begin so are what an encoder works with. */
const DEVICES: Readonly<Record<Exclude<HardwareEncoder, 'h264_videotoolbox'>, readonly string[]>> =
  {
    h264_nvenc: ['nvidia', 'dxg'],
    h264_qsv: ['dri'],
    h264_vaapi: ['dri'],
    h264_v4l2m2m: ['video'],
  };

/** Those whose device is there: without one nothing has to be started to know that it does not work. */
async function likely(): Promise<HardwareEncoder[]> {
  const present = await readdir('/dev').catch(() => []);
  return HARDWARE_ENCODERS.filter((name) =>
    name === 'h264_videotoolbox'
      ? process.platform === 'darwin'
      : DEVICES[name].some((begin) => present.some((device) => device.startsWith(begin))),
  );
}

/** Null when it works. */
async function refusalOf(launchers: Launchers, encoder: Encoder): Promise<string | null> {
  const signal = AbortSignal.timeout(TEST_MS);
  const filter = encoder.upload === null ? [] : ['-vf', encoder.upload];
  const options = [...filter, ...videoOptions(encoder, TEST_RUNG, 'even'), '-f', 'null'];
  try {
    await runFfmpeg(launchers, {
      inputs: [{ file: TEST_PICTURE, demuxer: 'lavfi', options: encoder.device }],
      outputs: [{ file: '-', options }],
      signal,
    });
    return null;
  } catch (error) {
    if (error instanceof FfmpegFailed)
      return error.words.trim().slice(-REASON_LENGTH) || 'it ended';
    if (signal.aborted) return `it took longer than ${TEST_MS / 1000} s`;
    throw error;
  }
}

/** The encoder of a processor, until hardware fails where software does not. */
export class EncoderInUse {
  #encoder: Encoder;

  /** @param onGivenUp told once, when software takes over for good */
  constructor(
    encoder: Encoder,
    private readonly onGivenUp: (name: string, reason: FfmpegFailed) => void = () => undefined,
  ) {
    this.#encoder = encoder;
  }

  /** Runs work with the encoder; where hardware fails it is done again by software, whose failure is the video's own. */
  async use<Made>(work: (encoder: Encoder) => Promise<Made>): Promise<Made> {
    const encoder = this.#encoder;
    try {
      return await work(encoder);
    } catch (error) {
      if (!(error instanceof FfmpegFailed) || encoder === ENCODERS.libx264) throw error;
      const made = await work(ENCODERS.libx264);
      if (this.#encoder === encoder) this.onGivenUp(encoder.name, error);
      this.#encoder = ENCODERS.libx264;
      return made;
    }
  }
}
