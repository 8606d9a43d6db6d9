/** Taking in the emoji of an archive, one after the other. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { recordAct } from '../accounts/audit.js';
import { attachMedia, releaseMedia } from '../media/attach-media.js';
import { SERVER_OWNER, type MediaId } from '../media/media.entity.js';
import type { StorePicture } from '../media/store-picture.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import { DomainError } from '../platform/errors.js';
import { newId, toGlobalId } from '../platform/ids.js';
import { SHORTCODE, type EmojiId } from './emoji.js';
import { markEmojisChanged } from './emoji-revision.js';
import { META_NAME, readArchive, type ArchivedFile } from './internal/emoji-archive.js';
import { readLabels } from './internal/emoji-labels.js';
import { readMeta, type ArchivedEmoji } from './internal/emoji-meta.js';
import { findStoredEmoji, requireRoom, storeEmoji } from './internal/stored-emoji.js';

/** How an archive is taken in. */
export interface ImportChoices {
  /** Instead of the categories of the archive. */
  readonly category?: string;
  /** Whether emoji of the same shortcode get the picture of the archive; otherwise they stay. */
  readonly replaces: boolean;
}

/** How a run goes on where another one ended, and says how far it is. */
export interface ImportProgress {
  /** Pictures to pass over: those whose entries came before. */
  readonly skips: number;
  /** Told of the number of pictures before the first one comes in. */
  readonly onSurvey: (total: number) => Promise<void>;
}

/** What became of one file of an archive. */
export interface ImportedEntry {
  readonly fileName: string;
  /** Null for a file that stands for none. */
  readonly shortcode: string | null;
  readonly outcome: 'ADDED' | 'REPLACED' | 'KEPT' | 'REFUSED';
  /** Why it was refused, in words; null otherwise. */
  readonly reason: string | null;
}

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
};
const BY_SHORTCODE = statement('emojis.by_shortcode', 'select id from emojis where shortcode = $1');

/**
 * Takes in every picture of an archive that it can. Whoever calls has made sure that it is wanted by somebody who may.
 * Each emoji has its own transaction, so a repeat goes on where a run was cut off.
 *
 * @param file path of a tar file, gzipped or not, or of a zip file
 * @returns one entry for each picture of it
 * @throws {Invalid} INVALID_INPUT for an archive that is none or means harm; what came before that is in
 */
export async function* importEmojis(
  context: CommandContext,
  storePicture: StorePicture,
  file: string,
  choices: ImportChoices,
  { skips, onSurvey }: ImportProgress = { skips: 0, onSurvey: () => Promise.resolve() },
): AsyncGenerator<ImportedEntry> {
  const { described, total } = await survey(file);
  await onSurvey(total);
  await using scratch = await context.scratch.directory();
  let place = 0;
  for await (const archived of readArchive(file)) {
    if (archived.name === META_NAME || place++ < skips) continue;
    const emoji = described ? described.get(archived.name) : nameItself(archived.name);
    const candidate = { archived, emoji, choices, directory: scratch.path };
    yield await importFile(context, storePicture, candidate);
  }
}

interface Survey {
  /** The description, wherever in the archive it stands; null when there is none. */
  readonly described: Map<string, ArchivedEmoji> | null;
  readonly total: number;
}

/** Looks at every byte of the archive before anything of it comes in. */
async function survey(file: string): Promise<Survey> {
  let described: Survey['described'] = null;
  let total = 0;
  for await (const { name, bytes } of readArchive(file)) {
    if (name === META_NAME) described = readMeta(bytes?.toString() ?? '');
    else total += 1;
  }
  return { described, total };
}

function nameItself(fileName: string): ArchivedEmoji {
  return { fileName, shortcode: path.parse(fileName).name, category: null, aliases: [] };
}

interface Candidate {
  readonly archived: ArchivedFile;
  readonly emoji: ArchivedEmoji | undefined;
  readonly choices: ImportChoices;
  /** For files on their way. */
  readonly directory: string;
}

async function importFile(
  context: CommandContext,
  storePicture: StorePicture,
  candidate: Candidate,
): Promise<ImportedEntry> {
  const { archived, emoji, choices, directory } = candidate;
  const fileName = archived.name;
  const refuse = (reason: string, shortcode: string | null = null): ImportedEntry => ({
    fileName,
    shortcode,
    outcome: 'REFUSED',
    reason,
  });
  if (!emoji) return refuse('meta.json does not describe it.');
  const { shortcode } = emoji;
  if (!SHORTCODE.test(shortcode))
    return refuse('A shortcode has 2–64 letters a–z, digits or underscores.');
  const mimeType = TYPES[path.extname(fileName).slice(1).toLowerCase()];
  if (!mimeType) return refuse('Its type is not taken in.', shortcode);
  if (!archived.bytes) return refuse('It is too large.', shortcode);
  const isKnown = (await findByShortcode(context.database, shortcode)) !== null;
  if (isKnown && !choices.replaces) return { fileName, shortcode, outcome: 'KEPT', reason: null };
  try {
    const labels = readLabels({ ...emoji, category: choices.category ?? emoji.category });
    const picture = path.join(directory, 'picture');
    await writeFile(picture, archived.bytes);
    const mediaId = await storePicture(context, { path: picture, mimeType, purpose: 'EMOJI' });
    const wasThere = await context.database.transaction((tx) =>
      putEmoji(context, tx, shortcode, { ...labels, mediaId }),
    );
    return { fileName, shortcode, outcome: wasThere ? 'REPLACED' : 'ADDED', reason: null };
  } catch (error) {
    if (error instanceof DomainError) return refuse(error.message, shortcode);
    throw error;
  }
}

function findByShortcode(reader: Reader, shortcode: string): Promise<{ id: EmojiId } | null> {
  return reader.row<{ id: EmojiId }>(BY_SHORTCODE, [shortcode]);
}

/** Adds the emoji, or gives one of this shortcode another picture and labels; true when there was one. */
async function putEmoji(
  context: CommandContext,
  tx: Transaction,
  shortcode: string,
  {
    category,
    aliases,
    mediaId,
  }: { category?: string | null; aliases?: readonly string[]; mediaId: MediaId },
): Promise<boolean> {
  await markEmojisChanged(tx);
  const now = context.clock.now();
  const known = await findByShortcode(tx, shortcode);
  const before = known && (await findStoredEmoji(tx, known.id));
  if (!before) await requireRoom(tx, 1);
  const use = { purpose: 'EMOJI', access: 'PUBLIC', pathOf: () => [] } as const;
  await attachMedia(tx, now, { ...use, mediaIds: [mediaId], ownerId: SERVER_OWNER });
  const emoji = {
    ...(before ?? { id: newId<'emoji'>(now), isListed: true, isEnabled: true }),
    shortcode,
    category: category ?? null,
    aliases: aliases ?? [],
    mediaId,
  };
  await storeEmoji(tx, emoji, now);
  if (before) await releaseMedia(tx, now, [before.mediaId]);
  await recordAct(context, tx, {
    action: 'importCustomEmoji',
    subjectId: toGlobalId('emoji', emoji.id),
    details: { shortcode, isNew: before === null },
  });
  return before !== null;
}
