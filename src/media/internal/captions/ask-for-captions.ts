/**
 * Captions by a service that the operator has named. It speaks the protocol of OpenAI's transcriptions, as servers of
 * Whisper models do.
 *
 * @source https://platform.openai.com/docs/api-reference/audio/createTranscription, `verbose_json`
 */
import { z } from 'zod';
import type { Services } from '../../../platform/context.js';
import type { OutsideLimits } from '../../../platform/http-client.js';
import { cleanCueText } from './clean-cue-text.js';
import type { Cue } from './read-captions.js';

/** What a machine has heard. */
export interface HeardText {
  /** BCP 47; null = it does not say. */
  readonly language: string | null;
  /** In the order in which they show; empty = nothing is said. */
  readonly cues: readonly Cue[];
}

/** A model may take as long as the sound is. */
const LIMITS: Omit<OutsideLimits, 'maxRedirects'> = {
  maxBytes: 4 * 2 ** 20,
  timeoutMs: 15 * 60_000,
  contentTypes: ['application/json'],
};
const MOST_CUES = 5000;
const CUE_LENGTH = 1000;

const answer = z.object({
  language: z.string().max(100).nullish(),
  segments: z
    .array(
      z.object({
        start: z.number().min(0).max(360_000),
        end: z.number().min(0).max(360_000),
        text: z.string(),
      }),
    )
    .max(MOST_CUES),
});

/**
 * Sends a sound and reads what was heard in it; null when the answer makes no sense.
 *
 * @throws {OutsideUnavailable} when there is no answer
 */
export async function askForCaptions(
  { config, http }: Pick<Services, 'config' | 'http'>,
  sound: Buffer,
): Promise<HeardText | null> {
  const { url, apiKey, model } = config.captions!;
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(sound)], { type: 'audio/mp4' }), 'sound.mp4');
  form.set('model', model);
  form.set('response_format', 'verbose_json');
  const written = new Response(form);
  const headers = {
    'content-type': written.headers.get('content-type')!,
    ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }),
  };
  const body = new Uint8Array(await written.arrayBuffer());
  const address = `${url.replace(/\/+$/, '')}/audio/transcriptions`;
  const { body: json } = await http.askTrusted(address, { method: 'POST', headers, body }, LIMITS);
  return readHeard(json.toString());
}

/** Reads an answer; null when it makes no sense. */
export function readHeard(json: string): HeardText | null {
  const read = answer.safeParse(parsed(json));
  if (!read.success) return null;
  const cues = read.data.segments
    .map(({ start, end, text }) => ({ start, end, settings: '', text: textOf(text) }))
    .filter(({ start, end, text }) => text !== '' && end > start)
    .toSorted((one, other) => one.start - other.start || one.end - other.end);
  return { language: tagOf(read.data.language ?? ''), cues };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** It is text, and nothing in it is a tag. */
function textOf(text: string): string {
  const plain = text.slice(0, CUE_LENGTH).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return cleanCueText(plain.trim().split('\n'), 'vtt');
}

/** A tag, or the English name of a language, as some services say it. */
function tagOf(language: string): string | null {
  const word = language.trim().toLowerCase();
  if (/^[a-z]{2,3}$/.test(word)) return word;
  return NAMES.get(word) ?? null;
}

const ENGLISH = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz');
/** Of all languages with two letters. */
const NAMES: ReadonlyMap<string, string> = new Map(
  LETTERS.flatMap((one) => LETTERS.map((other) => one + other)).flatMap((tag) => {
    const name = ENGLISH.of(tag);
    return name === undefined ? [] : [[name.toLowerCase(), tag] as const];
  }),
);
