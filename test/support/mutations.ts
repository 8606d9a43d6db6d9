// Documents that went wrong on their way: a valid one with a few changes, in its values or in its text.
import fc from 'fast-check';

/** One change, not yet tied to a document: which of its values, what becomes of it, and what it may become. */
interface Change {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'list' | 'twice' | 'nest' | 'rename' | 'move';
  readonly value: unknown;
  readonly name: string;
}

/** A change of the text, after it was written. */
interface Scratch {
  readonly at: number;
  readonly how:
    | 'key twice'
    | 'number'
    | 'escape'
    | 'cut'
    | 'before'
    | 'after'
    | 'forbidden key'
    | 'deep';
}

/** What is done to one document. */
export interface Mutation {
  readonly changes: readonly Change[];
  /** Null = its text is whole. */
  readonly scratch: Scratch | null;
}

/** Names that mean something to somebody in the fediverse. */
const NAMES = (
  'id type actor object target origin instrument result to cc bto bcc audience attributedTo ' +
  'content contentMap name summary source published updated inReplyTo replies attachment tag url ' +
  'href mediaType icon image likes shares quote quoteUrl _misskey_quote _misskey_reaction ' +
  'interactionPolicy sensitive signature proof first items orderedItems partOf next totalItems ' +
  'publicKey assertionMethod endpoints inbox movedTo alsoKnownAs featured followers @context ' +
  '@graph @id @type 0 length toString '
).split(' ');

/** Types that anything may claim to be. */
const TYPES = (
  'Follow Accept Reject Undo Create Update Delete Like EmojiReact Announce Block Flag Move Add ' +
  'Remove Question QuoteRequest Note Article Page Image Video Person Group Tombstone Collection ' +
  'OrderedCollection CollectionPage Mention Hashtag Emoji Link Document as:Note ' +
  'https://www.w3.org/ns/activitystreams#Note constructor'
).split(' ');

const NUMBERS = [
  0,
  -1,
  1,
  0.5,
  255,
  65_536,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e21,
  1e308,
  -1e308,
  Number.MIN_VALUE,
] as const;

const TEXTS = [
  '',
  ' ',
  '0',
  'null',
  '\u202Eevil',
  'a\u200Bb',
  '👩‍👩‍👧‍👦',
  'e\u0301'.repeat(50),
  '\uFFFF',
  '\u0001\u007F',
  '\uFEFFx',
  'x'.repeat(3_000),
  '<b'.repeat(500),
  '&#0;&#x110000;',
  '<p onclick=x>',
  'javascript:alert(1)',
  'data:text/html,x',
  'https://',
  'https://[::1]/',
  'https://one.test:99999/',
  'https://one.test\\@two.test/',
  'http://one.test/users/alice',
  'acct:alice@one.test',
  '-271821-04-20T00:00:00Z',
  '275760-09-13T00:00:00Z',
  '+010000-01-01T00:00:00Z',
  '2030-02-31T25:61:00Z',
  '0001-01-01T00:00:00Z',
  'und',
  '%00',
  "' or 1=1 --",
  '{{7*7}}',
  ':blob:',
  '❤',
  '🔥',
] as const;

/** Anything at all, and the identities of others more often than the rest. */
function values(identities: readonly string[]): fc.Arbitrary<unknown> {
  const identity = fc.constantFrom(...identities);
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      { weight: 6, arbitrary: identity },
      { weight: 3, arbitrary: fc.constantFrom<unknown>(...TEXTS) },
      { weight: 2, arbitrary: fc.constantFrom<unknown>(...TYPES) },
      { weight: 2, arbitrary: fc.constantFrom<unknown>(...NUMBERS, null, true, false, [], {}) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
      { weight: 1, arbitrary: fc.date({ noInvalidDate: true }).map((at) => at.toISOString()) },
      { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
      {
        weight: 2,
        arbitrary: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 4 }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          type: fc.constantFrom(...TYPES),
          id: identity,
          actor: identity,
          object: identity,
        }),
      },
    ),
  }));
  return value;
}

/** Mutations of any document; `identities` are addresses that mean something where it goes. */
export function mutations(identities: readonly string[]): fc.Arbitrary<Mutation> {
  const change: fc.Arbitrary<Change> = fc.record({
    at: fc.nat(),
    how: fc.constantFrom(
      'replace',
      'replace',
      'replace',
      'remove',
      'list',
      'twice',
      'nest',
      'rename',
      'move',
    ),
    value: values(identities),
    name: fc.constantFrom(...NAMES),
  });
  const scratch: fc.Arbitrary<Scratch> = fc.record({
    at: fc.nat(),
    how: fc.constantFrom(
      'key twice',
      'number',
      'escape',
      'cut',
      'before',
      'after',
      'forbidden key',
      'deep',
    ),
  });
  return fc.record({
    changes: fc.array(change, { minLength: 1, maxLength: 3 }),
    scratch: fc.oneof(
      { weight: 6, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: scratch },
    ),
  });
}

/** A copy of the document with its values changed. */
export function mutate(document: object, { changes }: Mutation): unknown {
  const root = { value: structuredClone(document) as unknown };
  for (const change of changes) {
    const places = placesOf(root);
    if (places.length === 0) break;
    const place = places[change.at % places.length]!;
    apply(place, change, places[(change.at >> 3) % places.length]!);
  }
  return root.value;
}

/** The text of a document, scratched. */
export function write(document: unknown, { scratch }: Mutation): string {
  const text = JSON.stringify(document) ?? 'null';
  return scratch ? scratchText(text, scratch) : text;
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Where each value of a document stands, itself first. */
function placesOf(root: object): Place[] {
  const places: Place[] = [];
  const walk = (holder: Record<string, unknown>): void => {
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      const value = holder[key];
      if (typeof value === 'object' && value !== null) walk(value as Record<string, unknown>);
    }
  };
  walk(root as Record<string, unknown>);
  return places;
}

function apply({ holder, key }: Place, { how, value, name }: Change, other: Place): void {
  const before = holder[key];
  if (how === 'replace') holder[key] = value;
  else if (how === 'remove') delete holder[key];
  else if (how === 'list') holder[key] = [before];
  else if (how === 'twice') holder[key] = [before, value];
  else if (how === 'nest') holder[key] = { type: 'Link', id: before, href: before, [name]: value };
  else if (how === 'rename' && Array.isArray(holder)) holder[key] = { [name]: before };
  else if (how === 'rename') {
    delete holder[key];
    holder[name] = before;
  } else holder[key] = structuredClone(other.holder[other.key]);
}

function scratchText(text: string, { at, how }: Scratch): string {
  const place = at % Math.max(1, text.length);
  const instead = (part: string): string => text.replace(/"[^"]{3,}"(?=[,}\]])/, () => part);
  switch (how) {
    case 'key twice':
      return text.replace('{', '{"actor":"https://one.test/users/alice","type":"Delete",');
    case 'number':
      return instead(['1e400', '-0', '9223372036854775808', '1E-400', '00', '1.', 'NaN'][at % 7]!);
    case 'escape':
      return instead(
        ['"\\ud800"', '"\\u0000"', '"\\udc00\\ud800"', '"\\x41"', '"\\u00e9"'][at % 5]!,
      );
    case 'cut':
      return text.slice(0, place);
    case 'before':
      return `${['\uFEFF', ' ', '[', '//\n'][at % 4]}${text}`;
    case 'after':
      return `${text}${[' ', '{}', '\0', ']'][at % 4]}`;
    case 'forbidden key':
      return text.replace('{', `{"${['__proto__', 'constructor', 'prototype'][at % 3]}":{"id":1},`);
    case 'deep':
      return instead(`${'['.repeat(10 + (at % 20))}1${']'.repeat(10 + (at % 20))}`);
  }
}
