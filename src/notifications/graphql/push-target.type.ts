/** Where the viewer's notifications are pushed to. */
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
} from 'type-graphql';
import { InstanceType } from '../../accounts/graphql/instance.type.js';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, OneOf, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { WebPushInput } from '../../platform/graphql/web-push.input.js';
import { vapidKeys } from '../../platform/push/vapid.js';
import { Invalid } from '../../platform/errors.js';
import { readId } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { NOTIFICATION_KINDS, type NotificationKind } from '../notification-kinds.js';
import {
  findPushTargets,
  findPushTargetsById,
  MAX_PUSH_TARGETS,
  type PushTargetId,
  type PushTargetRow,
} from '../push-targets.queries.js';
import { registerPushTarget } from '../register-push-target.js';
import { removePushTarget } from '../remove-push-target.js';
import { NotificationKindEnum } from './notification.type.js';

/** A push target as resolvers see it. */
export type PushTargetSource = PushTargetRow & NodeSource;

function toSource(row: PushTargetRow): PushTargetSource {
  return { ...row, nodeType: 'PushTarget' };
}

const pushTargetLoader = defineLoader<PushTargetId, PushTargetSource>(
  async ({ database, viewer, clock }, ids) => {
    const rows = viewer
      ? await findPushTargetsById(database, viewer.accountId, ids, clock.now())
      : [];
    return new Map(rows.map((row) => [row.id, toSource(row)]));
  },
);

/** `pushtarget_…` ids. */
export const pushTargetNode = defineNode('pushtarget', ['PushTarget'], pushTargetLoader);

@ObjectType('PushTarget', {
  implements: [Node],
  description:
    'Where notifications of the viewer are pushed to. It ends with the session that registered it, and when its push service does not know it any more. Only the viewer sees it.',
})
@RequiresScope('push')
export class PushTargetType {
  @Field(() => UrlScalar, { description: 'Address at the push service, as the client gave it.' })
  endpoint!: string;

  @Field(() => [NotificationKindEnum], {
    nullable: true,
    description: 'Kinds that are pushed; null = all.',
  })
  @ListSize({ assumedSize: Object.keys(NOTIFICATION_KINDS).length })
  kinds!: readonly NotificationKind[] | null;

  @Field(() => DateTimeScalar, { description: 'When it was registered first.' })
  createdAt!: Date;
}

@InputType('PushTargetInput', { description: 'Exactly one way to push.' })
@OneOf()
export class PushTargetInput {
  @Field(() => WebPushInput, {
    nullable: true,
    description: 'Web Push, encrypted for the client; subscribe with `instance.vapidPublicKey`.',
  })
  webPush?: WebPushInput | null;
}

@InputType('RegisterPushTargetInput', { description: 'Where to push, and what.' })
export class RegisterPushTargetInput {
  @Field(() => PushTargetInput, { description: 'Where.' })
  target!: PushTargetInput;

  @Field(() => [NotificationKindEnum], { nullable: true, description: 'What; null = all kinds.' })
  kinds?: NotificationKind[] | null;
}

@ObjectType('RegisterPushTargetPayload', { description: 'Result of registerPushTarget.' })
export class RegisterPushTargetPayload extends Payload {
  @Field(() => PushTargetType, {
    nullable: true,
    description: 'The target; null when nothing was done.',
  })
  pushTarget!: PushTargetSource | null;
}

@InputType('RemovePushTargetInput', { description: 'Where not to push any more.' })
export class RemovePushTargetInput {
  @Field(() => ID, { description: 'Which target.' })
  targetId!: string;
}

@ObjectType('RemovePushTargetPayload', { description: 'Result of removePushTarget.' })
export class RemovePushTargetPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the target that is gone; null when nothing was done.',
  })
  removedTargetId!: string | null;
}

@Resolver(() => ViewerType)
export class PushTargetFields {
  @FieldResolver(() => [PushTargetType], {
    description: 'Where notifications are pushed to, the newest first; at most 20.',
  })
  @RequiresScope('push')
  @ListSize({ assumedSize: MAX_PUSH_TARGETS })
  async pushTargets(@Ctx() context: GraphQLContext): Promise<PushTargetSource[]> {
    const { accountId } = requireViewer(context);
    const rows = await findPushTargets(context.database, accountId, context.clock.now());
    return rows.map(toSource);
  }

  @Mutation(() => RegisterPushTargetPayload, {
    description:
      'Have notifications pushed to this client: `{ notificationId, kind, title, url, unreadCount }` as JSON. The same endpoint again replaces keys and kinds. Codes: INVALID_INPUT, LIMIT_EXCEEDED.',
  })
  @RequiresScope('push')
  registerPushTarget(
    @Arg('input', () => RegisterPushTargetInput, { description: 'Where to push, and what.' })
    input: RegisterPushTargetInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ pushTarget: PushTargetSource | null }>> {
    return answer(
      context,
      async () => {
        const { webPush } = input.target;
        if (!webPush) throw new Invalid('Say how to push.', ['target'], 'ONE_OF');
        return registerPushTarget(context, { ...webPush, kinds: input.kinds ?? null });
      },
      async (id) => ({ pushTarget: await load(context, pushTargetLoader, id) }),
    );
  }

  @Mutation(() => RemovePushTargetPayload, {
    description: 'Push to this target no more. Codes: NOT_FOUND.',
  })
  @RequiresScope('push')
  removePushTarget(
    @Arg('input', () => RemovePushTargetInput, { description: 'Which target.' })
    input: RemovePushTargetInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ removedTargetId: string }>> {
    return answer(
      context,
      async () => {
        const targetId = readId('pushtarget', input.targetId, ['targetId']);
        await removePushTarget(context, targetId);
      },
      () => ({ removedTargetId: input.targetId }),
    );
  }
}

@Resolver(() => InstanceType)
export class InstancePushFields {
  @FieldResolver(() => String, {
    description:
      'Key by which push services know this server, as base64url: `applicationServerKey` of a PushSubscription.',
  })
  async vapidPublicKey(@Ctx() context: GraphQLContext): Promise<string> {
    return (await vapidKeys(context)).publicKey;
  }
}
