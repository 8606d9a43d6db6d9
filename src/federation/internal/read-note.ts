/** A Note of another server (or what it calls a picture or article), reduced to what we keep. */
import type { Visibility } from '../../actors/visibility.js';
import type { RemoteEmoji } from '../../emojis/keep-remote-emojis.js';
import type { RemoteMedia } from '../../media/add-remote-media.js';
import type { RemoteVideo } from '../../media/add-remote-video.js';
import type { AiDisclosure } from '../../posts/post.entity.js';
import type { RemotePlace } from '../../posts/remote-place.js';
import { PUBLIC } from '../../platform/activity-streams.js';
import { disclosureOf } from '../documents/digital-source.js';
import { licenceName } from '../documents/licence.js';
import { hasText, readNoteText, type NoteText } from './note-text.js';
import { emojisOf, tagsOf } from './read-emojis.js';
import { MalformedDocument, type JsonObject } from './read-document.js';
import { quoteOf, type ReadQuote } from './read-quote.js';
import { policiesOf, type ReadPolicies } from './read-policies.js';
import { readPicture } from './read-picture.js';
import { placeOf } from './read-place.js';
import { readAttachedVideo, readVideo } from './read-video.js';
import {
  countOf,
  idOf,
  idsOf,
  instantOf,
  isShortAddress,
  languageTagOf,
  listOf,
  objectOf,
  pageOf,
  textOf,
  typeOf,
} from './read-properties.js';

/** What a note says; people are named by their identities. */
export interface ReadNote extends NoteText {
  readonly uri: string;
  readonly url: string;
  readonly authorUri: string;
  readonly language: string | null;
  readonly isSensitive: boolean;
  readonly policies: ReadPolicies;
  readonly aiDisclosure: AiDisclosure;
  /** Null = it does not say, or says what cannot be. */
  readonly publishedAt: Date | null;
  readonly editedAt: Date | null;
  /** What it answers; null = nothing. */
  readonly inReplyTo: string | null;
  /** Collection of what answers it; null = it names none. */
  readonly repliesUri: string | null;
  /** What its server counts; null = it does not say. */
  readonly totals: {
    readonly likes: number | null;
    readonly comments: number | null;
    readonly reposts: number | null;
  };
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly mentionedUris: readonly string[];
  readonly hashtags: readonly string[];
  readonly emojis: readonly RemoteEmoji[];
  /** What it quotes; null = nothing. */
  readonly quote: ReadQuote | null;
  readonly media: readonly RemoteMedia[];
  /** What is played in place of pictures; null = nothing. */
  readonly video: RemoteVideo | null;
  readonly license: string | null;
  readonly category: string | null;
  readonly place: RemotePlace | null;
}

/** Types of what is read as a post or comment; `FEDERATION.md` names the same. */
export const NOTE_TYPES: ReadonlySet<string> = new Set([
  'Note',
  'Article',
  'Page',
  'Image',
  'Question',
  'Event',
  'Video',
]);
const PUBLIC_NAMES = new Set([PUBLIC, 'as:Public', 'Public']);
const MOST_NAMED = 50;
/** How far the clock of another server may be ahead. */
const MOST_SKEW_MS = 24 * 3_600_000;

/**
 * Reads a note whose identity was checked.
 *
 * @param senderUri who sends it as theirs; null = it was asked for
 * @throws {MalformedDocument} when it is none, or is attributed to somebody of another server
 */
export function readNote(
  document: JsonObject & { readonly id: string },
  now: Date,
  senderUri: string | null = null,
): ReadNote {
  const authorUri = authorOf(document['attributedTo'], senderUri);
  const type = typeOf(document, NOTE_TYPES);
  if (type === null || authorUri === null)
    throw new MalformedDocument('The object is nothing that we show.');
  if (!isShortAddress(document.id)) throw new MalformedDocument('The id is too long.');
  const tags = tagsOf(document['tag']);
  const media = type === 'Video' ? [] : picturesOf(document);
  const video = videoOf(document, type, media);
  return {
    uri: document.id,
    url: pageOf(document['url']) ?? document.id,
    authorUri,
    ...readNoteText(document, type, video !== null),
    language: languageOf(document),
    isSensitive: document['sensitive'] === true,
    policies: policiesOf(document, authorUri),
    aiDisclosure: disclosureOf(document['digitalSourceType']),
    publishedAt: instantOf(document['published']),
    editedAt: pastOf(document['updated'], now),
    inReplyTo: idOf(document['inReplyTo']),
    repliesUri: pageOf(idOf(document['replies'])),
    totals: {
      likes: countOf(document['likes']),
      comments: countOf(document['replies']),
      reposts: countOf(document['shares']),
    },
    to: idsOf(document['to']),
    cc: idsOf(document['cc']),
    mentionedUris: namesOf(tags, 'Mention', 'href'),
    hashtags: namesOf(tags, 'Hashtag', 'name'),
    emojis: emojisOf(document),
    media,
    video,
    license: licenceOf(document),
    category: nameOf(document['category']),
    place: placeOf(document['location']),
    quote: quoteOf(document),
  };
}

/** Whether there is anything to show. What votes in a poll says nothing. */
export function isSaying({
  media,
  video,
  html,
}: Pick<ReadNote, 'media' | 'video' | 'html'>): boolean {
  return media.length > 0 || video !== null || hasText(html);
}

/** When it was changed; what lies further ahead than clocks differ is no time at all. */
function pastOf(value: unknown, now: Date): Date | null {
  const at = instantOf(value);
  return at !== null && at.getTime() <= now.getTime() + MOST_SKEW_MS ? at : null;
}

/** Who sees it; null when the addressees are nobody that can be told from here. */
export function visibilityOf(
  { to, cc }: Pick<ReadNote, 'to' | 'cc'>,
  followersUri: string | null,
): Exclude<Visibility, 'LOCAL'> {
  if (to.some((uri) => PUBLIC_NAMES.has(uri))) return 'PUBLIC';
  if (cc.some((uri) => PUBLIC_NAMES.has(uri))) return 'UNLISTED';
  return followersUri !== null && [...to, ...cc].includes(followersUri) ? 'FOLLOWERS' : 'MENTIONED';
}

function namesOf(tags: readonly JsonObject[], type: string, property: string): string[] {
  return tags
    .filter((tag) => tag['type'] === type)
    .map((tag) => textOf(tag[property]))
    .filter((name) => name !== null)
    .slice(0, MOST_NAMED);
}

/** Of several languages the one that `content` is in, or else the first. */
function languageOf(document: JsonObject): string | null {
  const versions = Object.entries(objectOf(document['contentMap']) ?? {});
  const shown = versions.find(([, text]) => text === document['content']) ?? versions[0];
  return languageTagOf(shown?.[0] ?? objectOf(document['language'])?.['identifier']);
}

/** Of several whoever sends it, or else the person: what is published through a channel or in a group is somebody's. */
function authorOf(value: unknown, senderUri: string | null): string | null {
  const authors = listOf(value).slice(0, MOST_NAMED);
  if (senderUri !== null && idsOf(authors).includes(senderUri)) return senderUri;
  return idOf(authors.find((one) => objectOf(one)?.['type'] === 'Person') ?? authors);
}

/** Of the post, or else of its first picture. */
function licenceOf(document: JsonObject): string | null {
  const [attachment] = listOf(document['attachment']);
  const own = nameOf(document['licence'] ?? document['license']);
  const name = own ?? nameOf(objectOf(attachment)?.['license']);
  return name === null ? null : licenceName(name);
}

/** What is named by itself, or by an object with a number and a name. */
function nameOf(value: unknown): string | null {
  const name = (textOf(value) ?? textOf(objectOf(value)?.['name']))?.trim() ?? '';
  return name === '' ? null : name;
}

/** Where there are pictures, videos among them are links in the text. */
function videoOf(
  document: JsonObject,
  type: string,
  media: readonly RemoteMedia[],
): RemoteVideo | null {
  if (type === 'Video') return readVideo(document);
  return media.length === 0 ? readAttachedVideo(document) : null;
}

function picturesOf(document: JsonObject): RemoteMedia[] {
  const own = document['type'] === 'Image' ? [document] : [];
  return [...own, ...listOf(document['attachment'])]
    .map((one) => objectOf(one))
    .filter((one) => one !== null)
    .map((one) => readPicture(one))
    .filter((picture) => picture !== null);
}
