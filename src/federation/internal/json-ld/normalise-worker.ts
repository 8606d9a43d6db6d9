/**
 * The thread that understands all of JSON-LD. Fedify and what it brings along are loaded here and nowhere else; contexts
 * that Fedify does not bring are empty, as nothing is looked up.
 */
import { parentPort } from 'node:worker_threads';
import { preloadedContexts } from '@fedify/fedify/runtime';
import untyped from '@fedify/vocab-runtime/jsonld';
import { CONTEXT } from '../../documents/context.js';
import {
  MLS_ALIASES,
  MLS_CONTEXT,
  MLS_CONVERSATION,
  MLS_READING,
} from '../../documents/mls-context.js';

type Node = Record<string, unknown>;

/** What is answered: the document as JSON, or why there is none. */
export type Normalised = { readonly json: string } | { readonly refusal: string };

/** A property that shows whether the outermost object is the thing that the document is about. */
const MARK = 'https://triptych.invalid/ns#outermost';
const FORBIDDEN = new Set(['@graph', '@included', '@reverse']);
const TEXTS = ['content', 'name', 'summary'];

/** As much of jsonld as is used; the package has no types of its own. */
const jsonld = untyped as {
  expand(document: Node, how: typeof options): Promise<Node[]>;
  compact(node: Node, context: object, how: typeof options): Promise<Node>;
};

// The draft's context stands on a server that is not always there, and as a file that is none.
const KNOWN_CONTEXTS: Readonly<Record<string, unknown>> = {
  ...preloadedContexts,
  [MLS_CONTEXT]: { '@context': MLS_ALIASES },
};

const options = {
  documentLoader: (url: string) =>
    Promise.resolve({
      contextUrl: null,
      documentUrl: url,
      document: (KNOWN_CONTEXTS[url] ?? { '@context': {} }) as Node,
    }),
};

parentPort!.on('message', (document: Node) => {
  void normalise(document).then(
    (normalised) => parentPort!.postMessage({ json: JSON.stringify(normalised) }, []),
    (error: unknown) => parentPort!.postMessage({ refusal: (error as Error).message }, []),
  );
});
parentPort!.postMessage('ready', []);

async function normalise(document: Node): Promise<Node> {
  const [node, ...others] = await jsonld.expand({ ...document, [MARK]: true }, options);
  if (!node || others.length > 0 || !(MARK in node)) throw new Error('It is not about one thing.');
  delete node[MARK];
  requirePlain(node);
  const context = { '@context': [...CONTEXT, MLS_READING] };
  return withConversation(withTexts(await jsonld.compact(node, context, options)));
}

/** The draft's word for conversations is that of others, too; whoever reads finds both under the same. */
function withConversation(node: Node): Node {
  const read: Node = {};
  for (const [key, inner] of Object.entries(node)) {
    const isDraft = key === MLS_CONVERSATION;
    const inside = isNode(inner) && key !== '@context' ? withConversation(inner) : inner;
    read[isDraft ? 'conversation' : key] = isDraft && isNode(inner) ? inner['id'] : inside;
  }
  return read;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is said about one thing says nothing about others. @source CVE-2026-46349, CVE-2026-42462 */
function requirePlain(value: unknown): void {
  if (Array.isArray(value)) for (const one of value) requirePlain(one);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (FORBIDDEN.has(key)) throw new Error(`It uses ${key}.`);
    requirePlain(inner);
  }
}

/** A text whose language is known stands in a map alone then; it is read where texts stand. */
function withTexts(node: Node): Node {
  const read = Object.fromEntries(
    Object.entries(node).map(([key, inner]) => [key, key === '@context' ? inner : within(inner)]),
  );
  for (const name of TEXTS) {
    const map: unknown = read[`${name}Map`];
    if (typeof map === 'object' && map !== null) read[name] ??= Object.values(map).flat()[0];
  }
  return read;
}

function within(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => within(one));
  return typeof value === 'object' && value !== null ? withTexts(value as Node) : value;
}
