/**
 * The text of a cue with nothing in it but what WebVTT knows: tags that mean something, closed in order, and
 * characters that mean themselves.
 */
import type { CaptionsFormat } from './split-cues.js';
import { webVttLibrary, type VttNode } from './web-vtt-library.js';

const ANGLES = /<([^<>]*)>|</g;
const KNOWN_TAG = /^\/?(?:c|i|b|u|ruby|rt|v|lang)(?:[.\s][\s\S]*)?$/;
/** Of HTML, or a time within the text, as for karaoke. */
const OTHER_TAG = /^(?:[/!?]?[a-z]|\/$|(?:\d{1,2}:)?\d{2}:\d{2}\.\d{3}$)/i;
/** Where SubRip players put the text, such as `{\an8}`. */
const PLACEMENT = /\{\\[^{}]*\}/g;
const CONTROLS = /[^\P{Cc}\n]/gu;

/** Cleans a text; empty when nothing is left to be read. */
export function cleanCueText(lines: readonly string[], format: CaptionsFormat): string {
  const joined = lines.join('\n').replaceAll('\t', ' ').replaceAll(CONTROLS, '');
  const placed = format === 'srt' ? joined.replaceAll(PLACEMENT, '') : joined;
  const cue = { text: placed.replaceAll(ANGLES, tagOrText), startTime: 0, endTime: 0 };
  const written = webVttLibrary.tokenizeVTTCue(cue).map(write).join('');
  // A blank line would end the cue.
  const kept = written.split('\n').filter((line) => line.trim() !== '');
  return kept.map((line) => line.trimEnd()).join('\n');
}

/** What is no tag is text, such as `<3`; a tag without a meaning here goes. */
function tagOrText(whole: string, inner: string | undefined): string {
  if (inner === undefined) return '&lt;';
  const name = inner.replace(/^\/?[IBU]$/, (letter) => letter.toLowerCase());
  if (KNOWN_TAG.test(name)) return `<${name}>`;
  return OTHER_TAG.test(inner) ? '' : `&lt;${whole.slice(1)}`;
}

function write(node: VttNode): string {
  if (node.type === 'text') return escape(node.data);
  const inside = node.children.map(write).join('');
  switch (node.type) {
    case 'v':
      return `<v ${annotation(node.voice)}>${inside}</v>`;
    case 'lang':
      return `<lang ${annotation(node.lang)}>${inside}</lang>`;
    case 'c':
      return `<c${colours(node)}>${inside}</c>`;
    default:
      return `<${node.type}>${inside}</${node.type}>`;
  }
}

function annotation(text: string | undefined): string {
  return escape((text ?? '').replaceAll(/\s+/g, ' ').trim());
}

/** The colours that WebVTT has names for; other classes have no meaning without styles. */
function colours({ color, bgColor }: { color?: string; bgColor?: string }): string {
  return `${color ? `.${color}` : ''}${bgColor ? `.bg_${bgColor}` : ''}`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
