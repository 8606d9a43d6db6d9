/** Reading notifications. */
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { decodeCursor, InvalidCursor } from '../../platform/db/page.js';
import { Invalid } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { isUuid, parseGlobalId } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { markNotificationsRead, type ReadNotifications } from '../mark-notifications-read.js';
import type { NotificationId } from '../notification-kinds.js';
import { countUnread } from '../notifications.queries.js';

/** Notifications that one call may name. */
const MAX_IDS = 100;

@InputType('MarkNotificationsReadInput', { description: 'What was read; exactly one of the two.' })
export class MarkNotificationsReadInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Cursor of an edge of `viewer.notifications`: this one and all below it. What has moved above it since stays unread.',
  })
  upTo?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Single notifications, at most 100; ids of others change nothing.',
  })
  ids?: string[] | null;
}

@ObjectType('MarkNotificationsReadPayload', { description: 'Result of markNotificationsRead.' })
export class MarkNotificationsReadPayload extends Payload {
  @Field(() => Int, {
    nullable: true,
    description: 'What is left unread, counted up to 100; null when nothing was done.',
  })
  unreadCount!: number | null;
}

@Resolver()
export class NotificationMutations {
  @Mutation(() => MarkNotificationsReadPayload, {
    description:
      'Mark notifications as read, on every device of the viewer; never goes back. Codes: INVALID_INPUT.',
  })
  @RequiresScope('write:notifications')
  markNotificationsRead(
    @Arg('input', () => MarkNotificationsReadInput, { description: 'What was read.' })
    input: MarkNotificationsReadInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ unreadCount: number }>> {
    return answer(
      context,
      async () => markNotificationsRead(context, readInput(input)),
      async () => {
        const { actorId } = requireViewer(context);
        const unreadCount = await countUnread(context.database, actorId, context.clock.now());
        return { unreadCount };
      },
    );
  }
}

function readInput({ upTo, ids }: MarkNotificationsReadInput): ReadNotifications {
  if ((upTo == null) === (ids == null))
    throw new Invalid('Give either upTo or ids.', ['upTo'], 'ONE_OF');
  if (ids == null) return { upToPosition: readPosition(upTo!) };
  if (ids.length > MAX_IDS)
    throw new Invalid(`At most ${MAX_IDS} ids.`, ['ids'], 'MAX_ITEMS', String(MAX_IDS));
  const parsed = ids.map(parseGlobalId).filter((id) => id?.kind === 'notification');
  return { ids: parsed.map((id) => id!.id as NotificationId) };
}

function readPosition(cursor: string): string {
  try {
    const [position] = decodeCursor(cursor, 1);
    if (position && isUuid(position)) return position;
  } catch (error) {
    if (!(error instanceof InvalidCursor)) throw error;
  }
  throw new Invalid('This is no cursor of a notification.', ['upTo'], 'CURSOR');
}
