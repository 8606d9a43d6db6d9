/** Follow of a channel, and its end. Nobody is asked: a channel shows what everybody may see. */
import { createHash } from 'node:crypto';
import { activity } from '../documents/activities.js';
import { idOf } from '../internal/read-properties.js';
import { inboxesOfActors } from '../recipients.queries.js';
import { sendActivity } from '../send-activity.js';
import {
  addChannelFollower,
  channelUri,
  findChannelOwner,
  removeChannelFollower,
} from '../video-channels.js';
import type { JsonObject } from '../internal/read-document.js';
import { Unwanted, type Receiving } from './receiving.js';
import { buryFollow, wasFollowUndone } from './tombstones.js';

/** Carries out a Follow of a channel and accepts it, a repeat too; false when it is of anything else. */
export async function followChannel(receiving: Receiving): Promise<boolean> {
  const { context, sender, activity: follow } = receiving;
  const { database, clock, config, jobId } = context;
  const object = idOf(follow.body['object']);
  const owner = await findChannelOwner(database, config.publicUrl.origin, object);
  if (!owner) return false;
  if (await wasFollowUndone(receiving, follow.id)) throw new Unwanted();
  const channel = channelUri(owner.uri);
  const once = createHash('sha256').update(`${follow.id} ${jobId}`).digest('hex').slice(0, 32);
  const parts = { id: follow.id, type: 'Follow', actor: sender.uri, object: channel };
  const answer = { id: `${channel}#accepts/${once}`, object: parts, to: [sender.uri] };
  const inboxes = await inboxesOfActors(database, [sender.uri]);
  await database.transaction(async (tx) => {
    if (!(await addChannelFollower(tx, owner.id, sender.actorId, clock.now()))) return;
    await sendActivity(tx, clock.now(), {
      activity: activity('Accept', channel, answer),
      actorId: owner.id,
      subjectId: sender.actorId,
      inboxes,
    });
  });
  return true;
}

/** Carries out the end of a Follow of a channel; false when it is of anything else. */
export async function unfollowChannel(receiving: Receiving, undone: JsonObject): Promise<boolean> {
  const { context, sender } = receiving;
  const { database, config } = context;
  const object = idOf(undone['object']);
  const owner = await findChannelOwner(database, config.publicUrl.origin, object);
  if (!owner) return false;
  const uri = idOf(undone['id']);
  const isEnded = await database.transaction((tx) =>
    removeChannelFollower(tx, owner.id, sender.actorId),
  );
  if (!isEnded && uri !== null) await buryFollow(receiving, uri);
  return true;
}
