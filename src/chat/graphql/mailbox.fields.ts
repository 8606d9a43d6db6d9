/** The viewer's mailbox. */
import { Arg, Ctx, FieldResolver, ID, Int, Resolver } from 'type-graphql';
import { requireDevice } from '../../devices/devices.queries.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { BigIntScalar } from '../../platform/graphql/scalars.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { findMailboxPage, MOST_ENTRIES } from '../mailbox.queries.js';
import { ChatHomeType } from './chat-home.fields.js';
import { toChatMessageSource } from './chat-message.type.js';
import { MailboxType } from './mailbox.type.js';
import { readDevice } from './read-chat-ids.js';
import { requireFirst } from './require-first.js';

@Resolver(() => ChatHomeType)
export class MailboxFields {
  @FieldResolver(() => MailboxType, {
    description:
      "What is new for one of the viewer's devices; NOT_FOUND for one that is not theirs, or revoked. Store what came, then `acknowledgeMailbox`.",
  })
  @Cost(5)
  @ListSize({ slicingArguments: ['first'], sizedFields: ['entries'] })
  async mailbox(
    @Arg('deviceId', () => ID, { description: 'The device.' }) deviceId: string,
    @Arg('after', () => BigIntScalar, {
      nullable: true,
      description: 'Position of the last entry that it got; null = of the last acknowledged one.',
    })
    after: bigint | null | undefined,
    @Arg('first', () => Int, {
      defaultValue: 50,
      description: `How many, 1–${MOST_ENTRIES}. Fewer come when they are large.`,
    })
    first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<MailboxType> {
    requireFirst(first, MOST_ENTRIES);
    const viewer = requireViewer(context);
    const id = readDevice({ deviceId });
    await requireDevice(context.database, viewer, id);
    const owner = { actorId: viewer.actorId, deviceId: id };
    const page = await findMailboxPage(context.database, owner, {
      after: after ?? null,
      size: first,
    });
    const { headPosition, hasMore } = page;
    const entries = page.entries.map(({ position, message }) => ({
      position,
      message: message && toChatMessageSource(message),
    }));
    return { entries, headPosition, hasMore };
  }
}
