/** Notices when somebody looks at one post or profile of another server: then it is worth asking what else is there. */
import type { ActorId } from '../../actors/actor.entity.js';
import { remoteActorLookedAt } from '../../actors/actors.events.js';
import type { Database, Transaction } from '../../platform/db/database.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { askForPicturesOfActor, askForPicturesOfPost } from '../ask-for-pictures.js';
import type { PostId } from '../post.entity.js';
import { remotePostLookedAt } from '../posts.events.js';

/** A look within so long after another one at the same is none. */
const SAME_LOOK_MS = 10 * 60_000;
const MOST_REMEMBERED = 5_000;

/** Looks of late, of each database that this process reads. */
const LOOKS = new WeakMap<Database, Map<string, number>>();

function defineLook<Id extends string>(
  append: (tx: Transaction, id: Id, now: Date) => Promise<void>,
) {
  return defineLoader<Id, true>(async (context, ids) => {
    // One alone is looked at; several are a list that is looked through.
    const [id] = ids;
    if (id !== undefined && ids.length === 1 && isNewLook(context, id))
      await context.database.transaction((tx) => append(tx, id, context.clock.now()));
    return new Map();
  });
}

function isNewLook({ viewer, database, clock }: GraphQLContext, id: string): boolean {
  if (!viewer) return false;
  const looks = LOOKS.get(database) ?? new Map<string, number>();
  LOOKS.set(database, looks);
  const now = clock.now().getTime();
  if ((looks.get(id) ?? 0) > now - SAME_LOOK_MS) return false;
  if (looks.size >= MOST_REMEMBERED) looks.clear();
  looks.set(id, now);
  return true;
}

/** To be loaded where a post of another server is shown with its comments; answers nothing. */
export const postLookLoader = defineLook<PostId>(async (tx, postId, now) => {
  await askForPicturesOfPost(tx, postId, now);
  await tx.append(remotePostLookedAt, { postId });
});

/** To be loaded where a profile of another server is shown with its posts; answers nothing. */
export const actorLookLoader = defineLook<ActorId>(async (tx, actorId, now) => {
  await askForPicturesOfActor(tx, actorId, now);
  await tx.append(remoteActorLookedAt, { actorId });
});
