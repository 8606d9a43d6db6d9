/** A note of another server, from where it stands, with its author. */
import { originOf } from '../addresses.js';
import { resolveActor, type RemoteActor } from '../resolve-actor.js';
import { fetchDocument, type FetchServices, type IdentifiedDocument } from './fetch-document.js';
import { MalformedDocument } from './read-document.js';
import { withPagesRead } from './named-pages.js';
import { readNote, type ReadNote } from './read-note.js';

/** A note that its own server told. */
export interface FetchedNote {
  readonly note: ReadNote;
  readonly author: RemoteActor;
}

const UNHEARD = new Set(['SUSPENDED', 'DELETED']);

/**
 * Asks for a note.
 *
 * @throws {OutsideUnavailable} when it, or its author, is not there
 * @throws {MalformedDocument} when there is something else, or something that nobody of that server wrote
 */
export async function fetchNote(services: FetchServices, uri: string): Promise<FetchedNote> {
  return provenNote(services, await fetchDocument(services, uri));
}

/**
 * Reads a document that was had from where it stands.
 *
 * @throws {OutsideUnavailable} when its author is not there
 * @throws {MalformedDocument} when it is no note of somebody of its server who is heard here
 */
export async function provenNote(
  services: FetchServices,
  document: IdentifiedDocument,
): Promise<FetchedNote> {
  const note = await withPagesRead(services, readNote(document, services.clock.now()));
  if (originOf(note.authorUri) !== originOf(note.uri))
    throw new MalformedDocument('The note is attributed to somebody of another server.');
  const author = await resolveActor(services, note.authorUri);
  if (UNHEARD.has(author.status) || author.isBarred)
    throw new MalformedDocument('The author is not heard here.');
  return { note, author };
}
