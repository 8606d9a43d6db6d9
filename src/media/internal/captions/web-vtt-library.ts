/**
 * The library that reads WebVTT, with types of what is used of it: its own declarations name their files without
 * endings, which TypeScript does not follow in modules of Node.
 */
import * as library from 'media-captions';

/** A cue of a file. */
export interface VttCue {
  readonly startTime: number;
  readonly endTime: number;
  readonly text: string;
  readonly vertical: '' | 'rl' | 'lr';
  readonly snapToLines: boolean;
  readonly line: number | 'auto';
  readonly lineAlign: string;
  readonly position: number | 'auto';
  readonly positionAlign: string;
  readonly size: number;
  readonly align: string;
}

interface Parsed {
  readonly cues: readonly VttCue[];
  readonly errors: readonly {
    readonly code: number;
    /** From 1. */
    readonly line: number;
  }[];
}

interface BlockNode<Type extends string> {
  readonly type: Type;
  readonly color?: string;
  readonly bgColor?: string;
  readonly children: readonly VttNode[];
}

/** A piece of the text of a cue. */
export type VttNode =
  | { readonly type: 'text'; readonly data: string }
  | BlockNode<'c' | 'i' | 'b' | 'u' | 'ruby' | 'rt'>
  | (BlockNode<'v'> & { readonly voice?: string })
  | (BlockNode<'lang'> & { readonly lang?: string });

interface Library {
  readonly ParseErrorCode: { readonly UnknownSetting: number };
  parseText(
    text: string,
    options: { readonly type: 'vtt' | 'srt'; readonly errors: true },
  ): Promise<Parsed>;
  /** Seconds; null for what is no time. */
  parseVTTTimestamp(timestamp: string): number | null;
  tokenizeVTTCue(cue: Pick<VttCue, 'text' | 'startTime' | 'endTime'>): VttNode[];
}

/** The functions of the package. */
export const webVttLibrary = library as Library;
