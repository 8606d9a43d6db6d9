/** Create, Update and Delete of posts, comments and actors. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { deleteComment } from '../../posts/delete-comment.js';
import { deletePost } from '../../posts/delete-post.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';
import { saveRemoteComment } from '../../posts/save-remote-comment.js';
import { saveRemotePost } from '../../posts/save-remote-post.js';
import { originOf } from '../addresses.js';
import { ownObject } from '../internal/check-activity.js';
import { fetchDocument } from '../internal/fetch-document.js';
import type { JsonObject } from '../internal/read-document.js';
import { idOf } from '../internal/read-properties.js';
import { readNote, visibilityOf, type ReadNote } from '../internal/read-note.js';
import { fetchActor, type RemoteActor } from '../resolve-actor.js';
import { findSubject, type Handler, type KnownSubject, type Receiving } from './receiving.js';

const FOLLOWED_HERE = statement(
  'federation.followed_here',
  `select exists (select from follows f join actors a on a.id = f.follower_id
     where f.followee_id = $1 and f.state = 'ACCEPTED' and a.domain is null) as "isFollowed"`,
);
const NAMED = statement(
  'federation.named',
  `select id, domain is null as "isLocal" from actors
   where uri = any($1::text[]) and status not in ('PENDING', 'DELETED')`,
);
const BURIED = statement(
  'remote_tombstones.exists',
  'select from remote_tombstones where uri = $1 and actor_uri = $2',
);
const BURY = statement(
  'remote_tombstones.bury',
  `insert into remote_tombstones (uri, actor_uri, created_at) values ($1, $2, $3) on conflict do nothing`,
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

/** A changed post, comment or actor. What is unknown comes to be known, under the same conditions as a new one. */
export const handleUpdate: Handler = async (receiving) => {
  const { context, sender, activity } = receiving;
  if (idOf(activity.body['object']) === sender.uri) await fetchActor(context, sender.uri);
  else await handleCreate(receiving);
};

/** Something is gone for good, also when we hear of it only now. */
export const handleDelete: Handler = async ({ context, command, sender, activity }) => {
  const uri = idOf(activity.body['object']);
  if (uri === null || originOf(uri) !== originOf(sender.uri) || uri === sender.uri) return;
  const subject = await findSubject(context.database, uri);
  if (subject && subject.authorId !== sender.actorId) return;
  await context.database.transaction((tx) => tx.rows(BURY, [uri, sender.uri, context.clock.now()]));
  if (!subject || subject.isDeleted) return;
  if (subject.kind === 'comment') await deleteComment(command, subject.id as CommentId);
  else await deletePost(command, subject.id as PostId);
};

/** The object of an activity, if the sender is its author: embedded, or asked for where it stands. */
async function readObject({ context, sender, activity }: Receiving): Promise<ReadNote | null> {
  const uri = idOf(activity.body['object']);
  if (uri === null || originOf(uri) !== originOf(sender.uri)) return null;
  const embedded = ownObject(activity);
  const document: JsonObject & { id: string } =
    embedded && embedded['type'] !== undefined ? embedded : await fetchDocument(context, uri);
  const note = readNote(document);
  return note.authorUri === sender.uri ? note : null;
}

async function saveNote(receiving: Receiving, note: ReadNote): Promise<void> {
  const { context, sender } = receiving;
  if (await context.database.row(BURIED, [note.uri, sender.uri])) return;
  const named = await context.database.rows<NamedActor>(NAMED, [
    [...new Set([...note.mentionedUris, ...note.to, ...note.cc])],
  ]);
  if (note.inReplyTo !== null) {
    const answered = await findSubject(context.database, note.inReplyTo);
    if (answered) await saveComment(receiving, note, answered, named);
    return;
  }
  if (note.media.length > 0 && (await isWanted(receiving, named)))
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
  await saveRemotePost(context, {
    ...note,
    authorId: sender.actorId,
    visibility: visibilityOf(note, sender.followersUri),
    commentPolicy: note.allowsComments ? 'EVERYONE' : 'NOBODY',
    mentionedIds: named.map(({ id }) => id),
  });
}

async function saveComment(
  { command }: Receiving,
  note: ReadNote,
  answered: KnownSubject,
  named: readonly NamedActor[],
): Promise<void> {
  await saveRemoteComment(command, {
    ...note,
    subjectId: answered.id,
    mentionedIds: named.map(({ id }) => id),
  });
}
