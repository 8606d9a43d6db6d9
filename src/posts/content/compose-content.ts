/** From what an author typed to what is stored: clean HTML, the hashtags and the people it names. */
import { isShown } from '../visibility.js';
import type { ActorId } from '../../actors/actor.entity.js';
import type { Config } from '../../platform/config.js';
import { statement, type Reader } from '../../platform/db/database.js';
import type { HashtagUse } from './hashtag.js';
import { parseMarkdown, renderMarkdown } from './markdown.js';
import type { HandleUse } from './mention.js';
import { sanitizeHtml } from '../../platform/sanitize-html.js';

/** Hashtags, and people, that one text may link; what comes after stays plain text. */
export const LINKS_PER_TEXT = 50;

/** Characters of an address that a preview is asked for. */
const LONGEST_LINK = 2_000;

/** A text ready to be stored. */
export interface Content {
  readonly source: string;
  /** Sanitised; empty for an empty source. */
  readonly html: string;
  /** Each name once, in the order of the text. */
  readonly hashtags: readonly HashtagUse[];
  /** Each actor once. */
  readonly mentionedIds: readonly ActorId[];
  /** First link by https to another site, without fragment; null when there is none. */
  readonly firstLink: string | null;
}

interface KnownActor {
  readonly id: ActorId;
  readonly username: string;
  /** Null for a local actor. */
  readonly domain: string | null;
  readonly url: string;
}

const FIND_MENTIONED = statement(
  'content.mentioned',
  `select a.id, a.username, a.domain, a.url
   from jsonb_to_recordset($1::jsonb) as handle(username text, domain text)
   join actors a on lower(a.username) = handle.username and coalesce(a.domain, '') = handle.domain
   where ${isShown('a.status')}`,
);

/** Reads a text. People are looked up among known actors only; nothing is asked over the network. */
export async function composeContent(
  reader: Reader,
  config: Pick<Config, 'publicUrl'>,
  source: string,
): Promise<Content> {
  const text = parseMarkdown(source);
  const hashtags = firstOfEach(text.hashtags, ({ name }) => name);
  const handles = firstOfEach(text.mentions, (handle) => keyOf(handle, config));
  const actors = await findActorsOf(reader, handles, config);
  const names = new Set(hashtags.map(({ name }) => name));
  const html = renderMarkdown(text, {
    hashtagUrl: ({ name }) => (names.has(name) ? hashtagUrl(config, name) : null),
    mentioned: (handle) => {
      const actor = actors.get(keyOf(handle, config));
      return actor ? { url: actor.url, shownAs: shownAs(actor) } : null;
    },
  });
  return {
    source,
    html: sanitizeHtml(html),
    hashtags,
    mentionedIds: [...actors.values()].map(({ id }) => id),
    firstLink: firstExternal(text.links, config),
  };
}

/** A handle with a host. */
export interface ForeignHandle {
  readonly username: string;
  readonly domain: string;
}

/** Handles of other servers in a text, of which nobody is known here. */
export async function findUnknownHandles(
  reader: Reader,
  config: Pick<Config, 'publicUrl'>,
  source: string,
): Promise<ForeignHandle[]> {
  const handles = firstOfEach(parseMarkdown(source).mentions, (handle) => keyOf(handle, config));
  const actors = await findActorsOf(reader, handles, config);
  return handles.flatMap((handle) => {
    const domain = foreignDomain(handle, config);
    const isKnown = actors.has(keyOf(handle, config));
    return domain === null || isKnown ? [] : [{ username: handle.username, domain }];
  });
}

function firstExternal(
  links: readonly string[],
  { publicUrl }: Pick<Config, 'publicUrl'>,
): string | null {
  for (const link of links) {
    const url = URL.parse(link);
    if (url?.protocol !== 'https:' || url.host === publicUrl.host) continue;
    url.hash = '';
    if (url.href.length <= LONGEST_LINK) return url.href;
  }
  return null;
}

/** Page of a hashtag on this server. */
export function hashtagUrl(config: Pick<Config, 'publicUrl'>, name: string): string {
  return `${config.publicUrl.origin}/tags/${encodeURIComponent(name)}`;
}

async function findActorsOf(
  reader: Reader,
  handles: readonly HandleUse[],
  config: Pick<Config, 'publicUrl'>,
): Promise<Map<string, KnownActor>> {
  if (handles.length === 0) return new Map();
  const wanted = handles.map((handle) => ({
    username: handle.username.toLowerCase(),
    domain: foreignDomain(handle, config) ?? '',
  }));
  const found = await reader.rows<KnownActor>(FIND_MENTIONED, [JSON.stringify(wanted)]);
  return new Map(found.map((actor) => [keyOf(actor, config), actor]));
}

function keyOf(
  handle: Pick<HandleUse, 'username' | 'domain'>,
  config: Pick<Config, 'publicUrl'>,
): string {
  return `${handle.username.toLowerCase()}@${foreignDomain(handle, config) ?? ''}`;
}

function foreignDomain(
  handle: Pick<HandleUse, 'domain'>,
  config: Pick<Config, 'publicUrl'>,
): string | null {
  return handle.domain === config.publicUrl.host ? null : handle.domain;
}

function shownAs(actor: KnownActor): string {
  return actor.domain === null ? actor.username : `${actor.username}@${actor.domain}`;
}

function firstOfEach<Item>(items: readonly Item[], keyOfItem: (item: Item) => string): Item[] {
  const byKey = new Map<string, Item>();
  for (const item of items) {
    const key = keyOfItem(item);
    if (!byKey.has(key) && byKey.size < LINKS_PER_TEXT) byKey.set(key, item);
  }
  return [...byKey.values()];
}
