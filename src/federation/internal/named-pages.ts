/** People here whom a note names by the address of their page, as activitypub.bot does, and not by their identity. */
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import type { ReadNote } from './read-note.js';

const BY_NAMES = statement(
  'federation.by_names',
  `select uri, url from actors where domain is null and lower(username) = any($1::text[])`,
);

/** The note with the identities of people here in place of their pages. */
export async function withPagesRead(
  { database, config }: Pick<Services, 'database' | 'config'>,
  note: ReadNote,
): Promise<ReadNote> {
  const beginning = `${config.publicUrl.origin}/@`;
  const names = note.mentionedUris
    .filter((uri) => uri.startsWith(beginning))
    .map((uri) => uri.slice(beginning.length).toLowerCase());
  if (names.length === 0) return note;
  const people = await database.rows<{ uri: string; url: string }>(BY_NAMES, [names]);
  const identities = new Map(people.map(({ uri, url }) => [url.toLowerCase(), uri]));
  const mentionedUris = note.mentionedUris.map((uri) => identities.get(uri.toLowerCase()) ?? uri);
  return { ...note, mentionedUris };
}
