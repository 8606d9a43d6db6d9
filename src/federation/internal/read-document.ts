/**
 * The first look at a body that another server sent: bounds on the text, before anything is parsed or looked up.
 * What passes is a plain JSON object whose keys are unique, and which PostgreSQL can store.
 */
import { isStorable } from '../../platform/storable-text.js';

/** A JSON object as a peer sent it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Why a body was not read; its message may be told to the peer. */
export class MalformedDocument extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedDocument';
  }
}

/** How much a document may be. */
export interface DocumentLimits {
  readonly bytes: number;
  readonly depth: number;
  readonly nodes: number;
  readonly arrayItems: number;
  readonly stringLength: number;
}

/** Bounds of a document, far above what any known server sends. */
export const DOCUMENT_LIMITS: DocumentLimits = {
  bytes: 1024 * 1024,
  depth: 16,
  nodes: 2_000,
  arrayItems: 1_000,
  /** Encrypted bytes in base64: those of the greatest commit. */
  stringLength: 704 * 1024,
};

/** Bounds of what servers tell each other of encrypted conversations: 1,000 devices, and a commit with its Welcome. */
export const CONVERSATION_LIMITS: DocumentLimits = {
  bytes: 3 * 1024 * 1024,
  depth: 8,
  nodes: 10_000,
  arrayItems: 1_001,
  stringLength: 720 * 1024,
};

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const SUSPICIOUS_ESCAPE = /\\u(?:0000|d[89a-f])/i;
// Strings whole, structure by character; what lies between is read by JSON.parse afterwards.
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;

/**
 * Reads a body.
 *
 * @throws {MalformedDocument} for what is no JSON object, or beyond a bound
 */
export function readDocument(
  body: Uint8Array,
  limits: DocumentLimits = DOCUMENT_LIMITS,
): JsonObject {
  if (body.byteLength > limits.bytes)
    throw new MalformedDocument(`The body has more than ${limits.bytes} bytes.`);
  const text = decode(body);
  requireBounds(text, limits);
  const parsed = onlyOne(parse(text));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new MalformedDocument('The body is not a JSON object.');
  requireStorable(text, parsed);
  return parsed as JsonObject;
}

/** A list of one is that one: so it stands in the expanded form of JSON-LD. */
function onlyOne(parsed: unknown): unknown {
  return Array.isArray(parsed) && parsed.length === 1 ? (parsed as unknown[])[0] : parsed;
}

function decode(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new MalformedDocument('The body is not UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedDocument('The body is not valid JSON.');
  }
}

interface Level {
  /** Keys so far; null in an array. */
  readonly keys: Set<string> | null;
  items: number;
}

/** Walks the tokens once; time and memory grow with the text, not with its depth. */
function requireBounds(text: string, limits: DocumentLimits): void {
  const levels: Level[] = [];
  let nodes = 0;
  let lastString: string | null = null;
  for (const [token] of text.matchAll(TOKENS)) {
    const level = levels.at(-1);
    if (token === '{' || token === '[') {
      nodes += 1;
      levels.push({ keys: token === '{' ? new Set() : null, items: 0 });
      if (levels.length > limits.depth)
        throw new MalformedDocument(`Deeper than ${limits.depth} levels.`);
    } else if (token === '}' || token === ']') {
      levels.pop();
    } else if (token === ',') {
      nodes += 1;
      countItem(level, limits);
    } else if (token === ':') {
      addKey(level, lastString);
    } else {
      lastString = token;
      if (token.length > limits.stringLength)
        throw new MalformedDocument(`A text of more than ${limits.stringLength} characters.`);
    }
    if (nodes > limits.nodes) throw new MalformedDocument(`More than ${limits.nodes} values.`);
  }
}

function countItem(level: Level | undefined, limits: DocumentLimits): void {
  if (!level || level.keys) return;
  level.items += 1;
  if (level.items >= limits.arrayItems)
    throw new MalformedDocument(`A list of more than ${limits.arrayItems}.`);
}

/** Readers disagree about which of two equal keys counts, so what has them means nothing. */
function addKey(level: Level | undefined, written: string | null): void {
  if (!level?.keys || written === null) return;
  const key = written.includes('\\') ? String(parse(written)) : written.slice(1, -1);
  if (level.keys.has(key) || FORBIDDEN_KEYS.has(key))
    throw new MalformedDocument('A key that is not allowed, or stands twice.');
  level.keys.add(key);
}

/** Escapes can name what is no text; most documents have none that could. */
function requireStorable(text: string, parsed: unknown): void {
  const refuse = (): never => {
    throw new MalformedDocument('The body has characters that are no text.');
  };
  if (!isStorable(text)) refuse();
  if (!SUSPICIOUS_ESCAPE.test(text)) return;
  JSON.stringify(parsed, (key, value: unknown) =>
    isStorable(key) && (typeof value !== 'string' || isStorable(value)) ? value : refuse(),
  );
}
