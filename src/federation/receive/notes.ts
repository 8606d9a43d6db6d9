/** Create and Update of posts, comments and actors. */
import type { ActorId } from '../../actors/actor.entity.js';
import { keepRemoteEmojis } from '../../emojis/keep-remote-emojis.js';
import { statement } from '../../platform/db/database.js';
import { saveRemoteComment } from '../../posts/save-remote-comment.js';
import { saveRemotePost } from '../../posts/save-remote-post.js';
import { ownObject } from '../internal/check-activity.js';
import { fetchDocument } from '../internal/fetch-document.js';
import type { JsonObject } from '../internal/read-document.js';
import { idOf } from '../internal/read-properties.js';
import { isSaying, readNote, visibilityOf, type ReadNote } from '../internal/read-note.js';
import { fetchActor, type RemoteActor } from '../resolve-actor.js';
import { isForAllWhoSee } from './audience.js';
import { findSubject, type Handler, type KnownSubject, type Receiving } from './receiving.js';
import { canOwn, isBuried } from './tombstones.js';

const FOLLOWED_HERE = statement(
  'federation.followed_here',
  `select exists (select from follows f join actors a on a.id = f.follower_id
     where f.followee_id = $1 and f.state = 'ACCEPTED' and a.domain is null) as "isFollowed"`,
);
const NAMED = statement(
  'federation.named',
  `select id, domain is null as "isLocal" from actors a
   where uri = any($1::text[]) and status not in ('PENDING', 'DELETED') and domain_severity <> 'SUSPEND'
     and not exists (select from blocks where blocker_id = a.id and blocked_id = $2)`,
);
interface NamedActor {
  readonly id: ActorId;
  readonly isLocal: boolean;
}

/** A post of somebody who is followed here, a comment on something that is known here, or either with one of us in it. */
export const handleCreate: Handler = async (receiving) => {
  const note = await readObject(receiving);
  if (note) await saveNote(receiving, note);
};

/**
 * A changed post, comment or actor. What is unknown comes to be known, under the same conditions as a new one. Not every
 * server says when it was changed: then it was now.
 */
export const handleUpdate: Handler = async (receiving) => {
  const { context, sender, activity } = receiving;
  const uri = idOf(activity.body['object']);
  if (uri === sender.uri) {
    await fetchActor(context, sender.uri);
    return;
  }
  const note = await readObject(receiving);
  if (!note) return;
  const known = await findSubject(context.database, note.uri);
  if (!known && sender.status === 'SUSPENDED') return;
  await saveNote(receiving, { ...note, editedAt: note.editedAt ?? context.clock.now() });
};

/** The object of an activity, if the sender is its author: embedded, or asked for where it stands. */
async function readObject(receiving: Receiving): Promise<ReadNote | null> {
  const { context, sender, activity } = receiving;
  const uri = idOf(activity.body['object']);
  if (uri === null || !canOwn(receiving, uri)) return null;
  const embedded = ownObject(activity);
  const document: JsonObject & { id: string } =
    embedded && embedded['type'] !== undefined ? embedded : await fetchDocument(context, uri);
  const note = readNote(document, context.clock.now());
  return note.authorUri === sender.uri ? note : null;
}

async function saveNote(receiving: Receiving, note: ReadNote): Promise<void> {
  const { context, sender } = receiving;
  if (await isBuried(receiving, note.uri)) return;
  const named = await context.database.rows<NamedActor>(NAMED, [
    [...new Set([...note.mentionedUris, ...note.to, ...note.cc])],
    sender.actorId,
  ]);
  if (note.inReplyTo !== null) {
    const answered = await findSubject(context.database, note.inReplyTo);
    if (answered && (await isForAllWhoSee(context.database, answered, note, sender.uri)))
      await saveComment(receiving, note, answered, named);
    return;
  }
  if (isSaying(note) && (await isWanted(receiving, named)))
    await savePost(receiving, note, sender, named);
}

async function isWanted(
  { context, sender }: Receiving,
  named: readonly NamedActor[],
): Promise<boolean> {
  if (named.some(({ isLocal }) => isLocal)) return true;
  const row = await context.database.row<{ isFollowed: boolean }>(FOLLOWED_HERE, [sender.actorId]);
  return row?.isFollowed === true;
}

async function savePost(
  { context }: Receiving,
  note: ReadNote,
  sender: RemoteActor,
  named: readonly NamedActor[],
): Promise<void> {
  await keepRemoteEmojis(context, sender.actorId, note.emojis);
  await saveRemotePost(context, {
    ...note,
    publishedAt: note.publishedAt ?? context.clock.now(),
    authorId: sender.actorId,
    visibility: visibilityOf(note, sender.followersUri),
    commentPolicy: note.allowsComments ? 'EVERYONE' : 'NOBODY',
    mentionedIds: named.map(({ id }) => id),
  });
}

async function saveComment(
  { context, command, sender }: Receiving,
  note: ReadNote,
  answered: KnownSubject,
  named: readonly NamedActor[],
): Promise<void> {
  await keepRemoteEmojis(context, sender.actorId, note.emojis);
  await saveRemoteComment(command, {
    ...note,
    publishedAt: note.publishedAt ?? command.clock.now(),
    subjectId: answered.id,
    mentionedIds: named.map(({ id }) => id),
  });
}
