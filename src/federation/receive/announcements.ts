/** Announce: somebody reposts, or a group passes on what its members did (FEP-1b12). */
import { askForPicturesOfPost } from '../../posts/ask-for-pictures.js';
import { setRepost } from '../../posts/set-repost.js';
import type { PostId } from '../../posts/post.entity.js';
import { idOf } from '../internal/read-properties.js';
import { fetchThread } from './fetch-thread.js';
import { carryOutPassed, passedActivity } from './group-activities.js';
import { isFollowedHere } from './keep-note.js';
import {
  findSubject,
  Unwanted,
  type Handler,
  type KnownSubject,
  type Receiving,
} from './receiving.js';

/** A repost of a post that is known here, or that somebody reposts who is followed here. */
export const handleAnnounce: Handler = async (receiving) => {
  const { context, sender, activity } = receiving;
  const passed = passedActivity(activity.body['object']);
  if (passed) {
    await carryOutPassed(receiving, passed);
    return;
  }
  const uri = idOf(activity.body['object']) ?? '';
  const known = await findSubject(context.database, uri);
  const isWanted = known !== null || (await isFollowedHere(context.database, sender.actorId));
  const subject = isWanted ? (known ?? (await fetchThread(context, uri))) : null;
  if (!subject || subject.kind === 'comment') throw new Unwanted();
  await showReposted(receiving, subject);
};

/** Whoever follows who reposts is to see the pictures as well; those of our own posts are here. */
async function showReposted(
  { context, command }: Receiving,
  { id, isLocal }: KnownSubject,
): Promise<void> {
  const postId = id as PostId;
  await setRepost(command, { postId, isReposted: true });
  if (isLocal) return;
  await context.database.transaction((tx) => askForPicturesOfPost(tx, postId, context.clock.now()));
}
