/**
 * What members of a group did, as the group passes it on. The group is believed only that there is something to ask
 * for: a post or comment, a like or its end are had from where they stand, on the server of whoever is said to have done it.
 *
 * @source FEP-1b12
 */
import { setRepost } from '../../posts/set-repost.js';
import type { PostId } from '../../posts/post.entity.js';
import { statement } from '../../platform/db/database.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import { isOurs } from '../addresses.js';
import { checkActivity, type CheckedActivity } from '../internal/check-activity.js';
import { fetchDocument } from '../internal/fetch-document.js';
import { fetchNote } from '../internal/fetch-note.js';
import { MalformedDocument, type JsonObject } from '../internal/read-document.js';
import { idOf, listOf, objectOf, textOf } from '../internal/read-properties.js';
import { resolveActor } from '../resolve-actor.js';
import { handleDelete } from './deletions.js';
import { handleReaction } from './emoji-reactions.js';
import { fetchThread } from './fetch-thread.js';
import { mayAskFor } from './ask-third.js';
import { isFollowedHere, keepComment, keepPost } from './keep-note.js';
import {
  actAs,
  findSubject,
  type Handler,
  type KnownSubject,
  type Receiving,
} from './receiving.js';
import { handleUndo } from './undo.js';

type Passing = (receiving: Receiving, passed: CheckedActivity) => Promise<void>;

const GONE = 410;
const FOR_EVERYBODY = statement(
  'federation.subject_for_everybody',
  `select from posts where uri = $1 and visibility in ('PUBLIC', 'UNLISTED') and narrowed_through is null and deleted_at is null`,
);

/** The activity that an Announce has for its object; null where it has anything else. */
export function passedActivity(object: unknown): JsonObject | null {
  const embedded = objectOf(listOf(object)[0]);
  return embedded && embedded['actor'] !== undefined && embedded['object'] !== undefined
    ? embedded
    : null;
}

/** Carries out what a group passes on; what it may not pass on is left alone. */
export async function carryOutPassed(receiving: Receiving, embedded: JsonObject): Promise<void> {
  const passed = checkActivity(embedded);
  if (isOurs(receiving.context.config, passed.actorUri)) return;
  await PASSINGS[passed.type]?.(receiving, passed);
}

/** A post or comment, new or changed, as it is now. What the group shows is reposted by it. */
const passNote: Passing = async (receiving, { type, body }) => {
  const { context, command, sender } = receiving;
  const uri = idOf(body['object']);
  if (uri === null || isOurs(context.config, uri)) return;
  const known = await findSubject(context.database, uri);
  const isFollowed = await isFollowedHere(context.database, sender.actorId);
  const answered = textOf(objectOf(body['object'])?.['inReplyTo']);
  const isWanted =
    isFollowed || known || (answered && (await findSubject(context.database, answered)));
  const isRepeat = known !== null && type === 'Create';
  if (!isWanted || (!isRepeat && !(await mayAskFor(receiving, uri)))) return;
  const kept = isRepeat ? known : await keepPassed(receiving, uri, { type, isFollowed });
  if (kept && kept.kind !== 'comment' && !kept.isDeleted)
    await setRepost(command, { postId: kept.id as PostId, isReposted: true });
};

async function keepPassed(
  { context }: Receiving,
  uri: string,
  { type, isFollowed }: { readonly type: string; readonly isFollowed: boolean },
): Promise<KnownSubject | null> {
  const { note, author } = await fetchNote(context, uri);
  const editedAt = type === 'Update' ? (note.editedAt ?? context.clock.now()) : note.editedAt;
  const written = { note: { ...note, editedAt }, author, isNews: type === 'Create' };
  if (note.inReplyTo === null) return keepPost(context, written);
  const answered = await findSubject(context.database, note.inReplyTo);
  if (answered) return keepComment(context, written, answered);
  return isFollowed ? fetchThread(context, note.uri, { note, author }) : null;
}

/**
 * Deleted by its author, when its server says that it is gone. What is not for everybody looks gone to us anyway: of that
 * only its author's own word counts.
 */
const passDelete: Passing = async (receiving, passed) => {
  const { context, sender } = receiving;
  const uri = idOf(passed.body['object']);
  if (uri === null || !(await isFollowedHere(context.database, sender.actorId))) return;
  const subject = await context.database.row(FOR_EVERYBODY, [uri]);
  if (subject && (await isGone(receiving, uri))) await asItsActor(receiving, passed, handleDelete);
};

/** A like, or the end of one, of something that is known here. */
const passReaction =
  (handle: Handler): Passing =>
  async (receiving, { id, type, actorUri, body }) => {
    const { context, sender } = receiving;
    const about = idOf(objectOf(body['object'])?.['object']) ?? idOf(body['object']);
    if (about === null || !(await isFollowedHere(context.database, sender.actorId))) return;
    if (!(await findSubject(context.database, about))) return;
    const proven = checkActivity(await fetchDocument(context, id));
    if (proven.actorUri !== actorUri || proven.type !== type)
      throw new MalformedDocument('The activity is another one.');
    await asItsActor(receiving, proven, handle);
  };

/** What groups pass on, by its type; votes against, and what moderators of the group do, mean nothing here. */
const PASSINGS: Readonly<Record<string, Passing>> = {
  Create: passNote,
  Update: passNote,
  Delete: passDelete,
  Like: passReaction(handleReaction),
  EmojiReact: passReaction(handleReaction),
  Undo: passReaction(handleUndo),
};

/** Types of what groups pass on; `FEDERATION.md` names the same. */
export const PASSED_TYPES: readonly string[] = Object.keys(PASSINGS);

async function asItsActor(
  { context }: Receiving,
  activity: CheckedActivity,
  handle: Handler,
): Promise<void> {
  const sender = await resolveActor(context, activity.actorUri);
  if (sender.isBarred || sender.status === 'SUSPENDED' || sender.status === 'DELETED') return;
  await handle({ context, command: actAs(context, sender.actorId), sender, activity });
}

async function isGone({ context }: Receiving, uri: string): Promise<boolean> {
  try {
    return (await fetchDocument(context, uri))['type'] === 'Tombstone';
  } catch (error) {
    if (!(error instanceof OutsideUnavailable) || error.isTemporary) throw error;
    return error.status === GONE;
  }
}
