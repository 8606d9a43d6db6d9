/** Add and Remove: what somebody pins to their own profile, or takes off it. */
import { setRemotePin } from '../../posts/set-remote-pins.js';
import type { PostId } from '../../posts/post.entity.js';
import { keepMember } from '../featured-posts.js';
import { idOf } from '../internal/read-properties.js';
import { isFollowedHere } from './keep-note.js';
import { findSubject, Unwanted, type Handler, type Receiving } from './receiving.js';

/** A pinned post that is not known here is asked for when somebody here follows who pins it; else with the next look. */
export const handleAdd: Handler = async (receiving) => {
  const { context, sender, activity } = receiving;
  if (!isOwnFeatured(receiving)) return;
  const uri = idOf(activity.body['object']) ?? '';
  const isKnown = (await findSubject(context.database, uri)) !== null;
  if (!isKnown && !(await isFollowedHere(context.database, sender.actorId))) throw new Unwanted();
  const postId = await keepMember(context, sender, activity.body['object']);
  if (postId) await setRemotePin(context, { authorId: sender.actorId, postId, isPinned: true });
};

/** The pin is taken off; the post stays. */
export const handleRemove: Handler = async (receiving) => {
  const { context, sender, activity } = receiving;
  const uri = isOwnFeatured(receiving) ? idOf(activity.body['object']) : null;
  const subject = uri === null ? null : await findSubject(context.database, uri);
  if (!subject || subject.kind === 'comment') return;
  const postId = subject.id as PostId;
  await setRemotePin(context, { authorId: sender.actorId, postId, isPinned: false });
};

/** Nobody pins to the profile of somebody else. */
function isOwnFeatured({ sender, activity }: Receiving): boolean {
  const target = idOf(activity.body['target']);
  return target !== null && target === sender.featuredUri;
}
