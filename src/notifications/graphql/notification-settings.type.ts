/** What the viewer wants to be told, and by whom. */
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
} from 'type-graphql';
import { ownViewer } from '../../accounts/graphql/own-viewer.js';
import type { ViewerSource } from '../../accounts/graphql/viewer.loader.js';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { NOTIFICATION_KINDS, type NotificationKind } from '../notification-kinds.js';
import {
  DIGEST_FREQUENCIES,
  findPreferences,
  POLICY_CHOICES,
  type DigestFrequency,
  type NotificationPreferences,
  type PolicyChoice,
} from '../notification-preferences.js';
import { updateNotificationSettings } from '../update-notification-settings.js';
import { NotificationKindEnum } from './notification.type.js';

const PolicyChoiceEnum = describedEnum(
  'NotificationPolicyChoice',
  'What becomes of notifications from somebody whom the viewer does not follow.',
  POLICY_CHOICES,
);

const DigestFrequencyEnum = describedEnum(
  'DigestFrequency',
  'How often to send a letter with what is unread.',
  DIGEST_FREQUENCIES,
);

@ObjectType('NotificationPolicy', {
  description:
    'Rules by sender; of those that apply to one, the strictest holds. Whom the viewer follows or has let in is never affected, nor are follow requests and what the server tells.',
  simpleResolvers: true,
})
export class NotificationPolicyType {
  @Field(() => PolicyChoiceEnum, { description: 'Whom the viewer does not follow.' })
  fromNotFollowed!: PolicyChoice;

  @Field(() => PolicyChoiceEnum, {
    description: 'Strangers: the viewer does not follow them, and they do not follow the viewer.',
  })
  fromStrangers!: PolicyChoice;

  @Field(() => PolicyChoiceEnum, { description: 'Accounts that are younger than 30 days.' })
  fromNewAccounts!: PolicyChoice;
}

@ObjectType('NotificationSettings', {
  description: 'What the viewer wants to be told, and by whom. Only the viewer sees it.',
  simpleResolvers: true,
})
export class NotificationSettingsType {
  @Field(() => [NotificationKindEnum], {
    description: 'Kinds of which the viewer is not told at all; empty = told of everything.',
  })
  @ListSize({ assumedSize: Object.keys(NOTIFICATION_KINDS).length })
  silentKinds!: readonly NotificationKind[];

  @Field(() => NotificationPolicyType, { description: 'Rules by sender.' })
  policy!: NotificationPolicyType;

  @Field(() => DigestFrequencyEnum, {
    description:
      'How often unread notifications come by e-mail; each letter has a link that ends it without signing in. Nothing is sent to an address that is not confirmed.',
  })
  digest!: DigestFrequency;
}

@InputType('NotificationPolicyInput', { description: 'Absent = unchanged.' })
export class NotificationPolicyInput {
  @Field(() => PolicyChoiceEnum, {
    nullable: true,
    description: 'Whom the viewer does not follow.',
  })
  fromNotFollowed?: PolicyChoice | null;

  @Field(() => PolicyChoiceEnum, {
    nullable: true,
    description: 'Strangers: neither follows the other.',
  })
  fromStrangers?: PolicyChoice | null;

  @Field(() => PolicyChoiceEnum, {
    nullable: true,
    description: 'Accounts that are younger than 30 days.',
  })
  fromNewAccounts?: PolicyChoice | null;
}

@InputType('UpdateNotificationSettingsInput', { description: 'Absent or null = unchanged.' })
export class UpdateNotificationSettingsInput {
  @Field(() => [NotificationKindEnum], {
    nullable: true,
    description: 'Kinds of which not to be told from now on: the whole new list.',
  })
  silentKinds?: NotificationKind[] | null;

  @Field(() => NotificationPolicyInput, {
    nullable: true,
    description: 'Rules by sender, for what comes from now on.',
  })
  policy?: NotificationPolicyInput | null;

  @Field(() => DigestFrequencyEnum, {
    nullable: true,
    description: 'How often unread notifications come by e-mail.',
  })
  digest?: DigestFrequency | null;
}

@ObjectType('UpdateNotificationSettingsPayload', {
  description: 'Result of updateNotificationSettings.',
})
export class UpdateNotificationSettingsPayload extends Payload {
  @Field(() => ViewerType, {
    nullable: true,
    description: 'The viewer with the new settings; null when nothing was done.',
  })
  viewer!: ViewerType | null;
}

@Resolver(() => ViewerType)
export class NotificationSettingsFields {
  @FieldResolver(() => NotificationSettingsType, {
    description: 'What the viewer wants to be told, and by whom.',
  })
  @RequiresScope('read:notifications')
  notificationSettings(@Ctx() context: GraphQLContext): Promise<NotificationPreferences> {
    return findPreferences(context.database, requireViewer(context).actorId);
  }

  @Mutation(() => UpdateNotificationSettingsPayload, {
    description:
      'Choose what to be told from now on, and by whom; what is there already stays. Codes: none of its own.',
  })
  @RequiresScope('write:notifications')
  updateNotificationSettings(
    @Arg('input', () => UpdateNotificationSettingsInput, { description: 'What to change.' })
    input: UpdateNotificationSettingsInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ viewer: ViewerSource | null }>> {
    const { silentKinds, policy, digest } = input;
    return answer(
      context,
      () =>
        updateNotificationSettings(context, {
          ...(silentKinds && { silentKinds }),
          ...(digest && { digest }),
          ...(policy && {
            policy: {
              ...(policy.fromNotFollowed && { fromNotFollowed: policy.fromNotFollowed }),
              ...(policy.fromStrangers && { fromStrangers: policy.fromStrangers }),
              ...(policy.fromNewAccounts && { fromNewAccounts: policy.fromNewAccounts }),
            },
          }),
        }),
      async () => ({ viewer: await ownViewer(context) }),
    );
  }
}
