/** Keeps what an actor of another server wrote: a post, or a comment on what is known. Whoever calls has proven who wrote it. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { Services } from '../../platform/context.js';
import { keepRemoteEmojis } from '../../emojis/keep-remote-emojis.js';
import { statement, type Reader } from '../../platform/db/database.js';
import { statementForMany } from '../../platform/db/for-many.js';
import { awaitMentions } from '../../posts/awaited-mentions.js';
import { saveRemoteComment } from '../../posts/save-remote-comment.js';
import { saveRemotePost, type RemoteQuote } from '../../posts/save-remote-post.js';
import type { Narrowing } from '../../posts/comment-visibility.js';
import { isOurs, originOf } from '../addresses.js';
import { isSaying, visibilityOf, type ReadNote } from '../internal/read-note.js';
import { isShortAddress } from '../internal/read-properties.js';
import { keepRemoteFacts } from '../remote-posts.js';
import type { RemoteActor } from '../resolve-actor.js';
import { narrowingOf } from './audience.js';
import { actAs, findSubject, type KnownSubject } from './receiving.js';
import { isBuried } from './tombstones.js';

const FOLLOWED_HERE = statement(
  'federation.followed_here',
  `select exists (select from follows f join actors a on a.id = f.follower_id
     where f.followee_id = $1 and f.state = 'ACCEPTED' and a.domain is null) as "isFollowed"`,
);
const NAMED = statementForMany(
  'federation.named',
  `select asked.place, a.id, a.domain is null as "isLocal"
   from jsonb_to_recordset($1::jsonb) as asked(place int, uris text[], "authorId" uuid)
     join actors a on a.uri = any(asked.uris)
   where a.status not in ('PENDING', 'DELETED') and a.domain_severity <> 'SUSPEND'
     and not exists (select from blocks where blocker_id = a.id and blocked_id = asked."authorId")`,
);

/** A note, and who wrote it. */
export interface WrittenNote {
  readonly note: ReadNote;
  readonly author: RemoteActor;
  /** It was sent here as it was published; what is only found later is no news to anybody. */
  readonly isNews: boolean;
  /** What it quotes, where that was looked for. */
  readonly quoted?: RemoteQuote | null;
}

interface NamedActor {
  readonly id: ActorId;
  readonly isLocal: boolean;
}

/** Whether somebody here follows an actor. */
export async function isFollowedHere(reader: Reader, actorId: ActorId): Promise<boolean> {
  const row = await reader.row<{ isFollowed: boolean }>(FOLLOWED_HERE, [actorId]);
  return row?.isFollowed === true;
}

/** Whether a note is of interest by itself: its author is followed here, or it names one of us. */
export async function isWanted(reader: Reader, { note, author }: WrittenNote): Promise<boolean> {
  const named = await findNamed(reader, note, author);
  return named.some(({ isLocal }) => isLocal) || isFollowedHere(reader, author.actorId);
}

/**
 * Keeps a note as a post, whatever it answers.
 *
 * @returns the post as it is known now; null when it was not kept
 */
export async function keepPost(
  services: Services,
  { note, author, isNews, quoted = null }: WrittenNote,
): Promise<KnownSubject | null> {
  if (!isSaying(note) || (await isBuried(services, author, note.uri))) return null;
  const named = await findNamed(services.database, note, author);
  await keepRemoteEmojis(services, author.actorId, note.emojis);
  const id = await saveRemotePost(services, {
    ...note,
    publishedAt: note.publishedAt ?? services.clock.now(),
    authorId: author.actorId,
    visibility: visibilityOf(note, author.followersUri),
    commentPolicy: note.policies.commentPolicy(author.followersUri),
    quotePolicy: note.policies.quotePolicy(author.followersUri),
    mentionedIds: named.map((one) => one.id),
    isNews,
    quoted,
  });
  if (id) await keepRemoteFacts(services, id, note);
  if (id && visibilityOf(note, null) === 'MENTIONED')
    await awaitUnknown(services, id, { note, author, isNews });
  return id && findSubject(services.database, note.uri);
}

/**
 * Keeps a note as a comment on what it answers; one for fewer people than see that, where somebody here is among them.
 *
 * @returns the comment as it is known now; null when it was not kept
 * @throws {DomainError} when its author may not comment there
 */
export async function keepComment(
  services: Services & { readonly jobId: string },
  written: WrittenNote,
  answered: KnownSubject,
): Promise<KnownSubject | null> {
  const { note, author, isNews } = written;
  const { database, clock } = services;
  if (await isBuried(services, author, note.uri)) return null;
  const narrowedTo = await narrowingOf(database, answered, note, author);
  if (narrowedTo !== null && !(await isForSomebody(database, written, narrowedTo))) return null;
  const named = await findNamed(database, note, author);
  await keepRemoteEmojis(services, author.actorId, note.emojis);
  await saveRemoteComment(actAs(services, author.actorId), {
    ...note,
    publishedAt: note.publishedAt ?? clock.now(),
    subjectId: answered.id,
    narrowedTo,
    mentionedIds: named.map(({ id }) => id),
    isNews,
  });
  const kept = await findSubject(database, note.uri);
  if (kept) await keepRemoteFacts(services, kept.id, note);
  if (kept && narrowedTo !== null) await awaitUnknown(services, kept.id, written);
  return kept;
}

/** What is for named people is for those, too, whom nobody here knows yet. */
async function awaitUnknown(
  { database, config }: Services,
  id: KnownSubject['id'],
  { note, author }: WrittenNote,
): Promise<void> {
  const { followersUri } = author;
  const named = namedIn(note).filter(
    (uri) =>
      uri !== followersUri && isShortAddress(uri) && originOf(uri) !== null && !isOurs(config, uri),
  );
  await database.transaction((tx) => awaitMentions(tx, id, named));
}

/** Whether anybody here is among the fewer people whom a comment is for, or was: who it was taken from hears of that. */
async function isForSomebody(
  reader: Reader,
  { note, author }: WrittenNote,
  narrowedTo: Narrowing,
): Promise<boolean> {
  const named = await findNamed(reader, note, author);
  if (named.some(({ isLocal }) => isLocal)) return true;
  if (narrowedTo === 'FOLLOWERS' && (await isFollowedHere(reader, author.actorId))) return true;
  return (await findSubject(reader, note.uri)) !== null;
}

function findNamed(reader: Reader, note: ReadNote, author: RemoteActor): Promise<NamedActor[]> {
  return reader.ask<NamedActor>(NAMED, { uris: namedIn(note), authorId: author.actorId });
}

function namedIn({ mentionedUris, to, cc }: ReadNote): string[] {
  return [...new Set([...mentionedUris, ...to, ...cc])];
}
