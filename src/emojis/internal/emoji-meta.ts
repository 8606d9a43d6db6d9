/** What `meta.json` of an archive says of each picture. */
import { Invalid } from '../../platform/errors.js';

/** One emoji of an archive. */
export interface ArchivedEmoji {
  readonly fileName: string;
  readonly shortcode: string;
  readonly category: string | null;
  readonly aliases: readonly string[];
}

/**
 * Writes the description as Misskey reads it.
 *
 * @source Misskey, ExportCustomEmojisProcessorService, metaVersion 2
 */
export function writeMeta(host: string, now: Date, emojis: readonly ArchivedEmoji[]): string {
  const entries = emojis.map(({ fileName, shortcode, category, aliases }) => ({
    downloaded: true,
    fileName,
    emoji: { name: shortcode, category, aliases },
  }));
  return JSON.stringify({ metaVersion: 2, host, exportedAt: now, emojis: entries }, null, 2);
}

/**
 * Reads the description; entries that make no sense are left out of it, as are later ones of the same file.
 *
 * @throws {Invalid} INVALID_INPUT when it is no such description
 */
export function readMeta(text: string): Map<string, ArchivedEmoji> {
  const entries = field(parse(text), 'emojis');
  if (!Array.isArray(entries))
    throw new Invalid('meta.json of this archive describes no emoji.', [], 'FORMAT');
  const emojis = new Map<string, ArchivedEmoji>();
  for (const entry of entries) {
    const emoji = readEntry(entry);
    if (emoji && !emojis.has(emoji.fileName)) emojis.set(emoji.fileName, emoji);
  }
  return emojis;
}

function readEntry(entry: unknown): ArchivedEmoji | null {
  const fileName = field(entry, 'fileName');
  const emoji = field(entry, 'emoji');
  const [shortcode, category, aliases] = ['name', 'category', 'aliases'].map((name) =>
    field(emoji, name),
  );
  if (typeof fileName !== 'string' || typeof shortcode !== 'string') return null;
  return {
    fileName,
    shortcode,
    category: typeof category === 'string' ? category : null,
    aliases: Array.isArray(aliases) ? aliases.filter((alias) => typeof alias === 'string') : [],
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
