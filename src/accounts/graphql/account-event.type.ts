/** What happens to the viewer's own account, live. */
import { Ctx, Field, FieldResolver, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import type { LiveEvent } from '../../platform/realtime/live-event.js';
import { ownViewer } from './own-viewer.js';
import type { ViewerSource } from './viewer.loader.js';
import { ViewerType } from './viewer.type.js';

@ObjectType('AccountEvent', {
  description: "Something happened to the viewer's account. Only its owner hears of it.",
})
export class AccountEventType {
  @Field(() => String, {
    description: 'Opaque position; `after: cursor` continues behind this event.',
  })
  cursor!: string;

  @Field(() => String, {
    description: 'What happened, for example `sessionsRevoked`; more may be added.',
  })
  reason!: string;
}

/** Shapes an event of an account topic. */
export function toAccountEvent({ cursor, name }: LiveEvent): AccountEventType {
  return Object.assign(new AccountEventType(), { cursor, reason: name });
}

@Resolver(() => AccountEventType)
export class AccountEventFields {
  @FieldResolver(() => ViewerType, { description: 'The account as it is now.' })
  async viewer(@Ctx() context: GraphQLContext): Promise<ViewerSource> {
    const viewer = await ownViewer(context);
    if (!viewer) throw new Error('An open session has no account');
    return viewer;
  }
}
