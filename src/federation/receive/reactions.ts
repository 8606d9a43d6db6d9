/** Block: what somebody does with a person of ours; and every Undo. */
import { setBlock } from '../../actors/set-block.js';
import { setRepost } from '../../posts/set-repost.js';
import type { PostId } from '../../posts/post.entity.js';
import { idOf } from '../internal/read-properties.js';
import { undoReaction } from './emoji-reactions.js';
import { undoFollow } from './follows.js';
import { findOurActor, findSubject, type Handler, type Undoing } from './receiving.js';

/** Somebody there blocks one of ours. */
export const handleBlock: Handler = async ({ context, command, activity }) => {
  const actorId = await findOurActor(context, idOf(activity.body['object']));
  if (actorId) await setBlock(command, { actorId, blocked: true });
};

/** By the type of what is undone; each is matched by its parts, as some servers give an Undo other ids. */
export const UNDOINGS: Readonly<Record<string, Undoing>> = {
  Like: undoReaction,
  EmojiReact: undoReaction,
  Announce: async ({ context, command }, undone) => {
    const subject = await findSubject(context.database, idOf(undone['object']) ?? '');
    if (subject && subject.kind !== 'comment')
      await setRepost(command, { postId: subject.id as PostId, isReposted: false });
  },
  Block: async ({ context, command }, undone) => {
    const actorId = await findOurActor(context, idOf(undone['object']));
    if (actorId) await setBlock(command, { actorId, blocked: false });
  },
  Follow: undoFollow,
};
