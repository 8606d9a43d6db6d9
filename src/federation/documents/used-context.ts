/** The part of our context that one document needs. */
import { CONTEXT } from './context.js';

/** Defines the words of a proof; every reader of proofs has it. */
export const PROOF_CONTEXT = 'https://w3id.org/security/data-integrity/v1';

type Definition = string | { readonly '@id'?: string; readonly '@type'?: string };

const [ACTIVITY_STREAMS, SECURITY, OWN] = CONTEXT;
const DEFINITIONS = new Map<string, Definition>(Object.entries(OWN));

/** Contexts of the words that a document uses, and of the prefixes that these use. */
export function usedContext(document: object): unknown[] {
  const words = new Set<string>();
  collect({ ...document, '@context': null }, words);
  const used = [...DEFINITIONS].filter(([word]) => words.has(word));
  const prefixes = new Set(used.flatMap(([, definition]) => prefixesOf(definition)));
  const needed = [...DEFINITIONS].filter(([word]) => words.has(word) || prefixes.has(word));
  return [ACTIVITY_STREAMS, SECURITY, ...(needed.length > 0 ? [Object.fromEntries(needed)] : [])];
}

/** Keys, and values of `type`. */
function collect(value: unknown, words: Set<string>): void {
  if (Array.isArray(value)) for (const one of value) collect(one, words);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    words.add(key);
    if (key === 'type') for (const type of [inner].flat()) words.add(String(type));
    collect(inner, words);
  }
}

function prefixesOf(definition: Definition): string[] {
  const names =
    typeof definition === 'string' ? [definition] : [definition['@id'], definition['@type']];
  return names.map((name) => name?.split(':')[0] ?? '');
}
