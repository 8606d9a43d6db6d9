/** What of the viewer's own is deleted by itself once it is old. */
import { Arg, Ctx, Field, FieldResolver, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { ownViewer } from '../../accounts/graphql/own-viewer.js';
import type { ViewerSource } from '../../accounts/graphql/viewer.loader.js';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, RequiresScope } from '../../platform/graphql/directives.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { changedRules } from '../retention-rules.js';
import { countDue, findRetention, type DueCounts, type Retention } from '../retention.queries.js';
import { updateRetention } from '../update-retention.js';
import { UpdateRetentionInput } from './retention.input.js';

@ObjectType('Retention', {
  description:
    'What of the viewer’s own is deleted by itself once it is old, and what is kept all the same. Only the viewer sees it. Deleting is for good, as if the viewer did it.',
  simpleResolvers: true,
})
export class RetentionType {
  @Field(() => Int, {
    nullable: true,
    description: 'Age in days at which posts go; null = never.',
  })
  postDays!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Age in days at which comments go that nobody answered; null = never.',
  })
  commentDays!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Age in days at which ended stories in the archive go; null = never.',
  })
  storyDays!: number | null;

  @Field(() => Boolean, { description: 'Whether posts that are pinned to the profile are kept.' })
  keepPinned!: boolean;

  @Field(() => Boolean, { description: 'Whether posts that were put away are kept.' })
  keepArchived!: boolean;

  @Field(() => Boolean, { description: 'Whether posts for mentioned people only are kept.' })
  keepMentioned!: boolean;

  @Field(() => Boolean, {
    description: 'Whether posts that are in a collection or playlist are kept.',
  })
  keepCollected!: boolean;

  @Field(() => Boolean, { description: 'Whether own posts that the viewer bookmarked are kept.' })
  keepBookmarked!: boolean;

  @Field(() => Boolean, {
    description: 'Whether own posts and comments that the viewer reacted to with ❤ are kept.',
  })
  keepLiked!: boolean;

  @Field(() => Boolean, { description: 'Whether stories that are in a highlight are kept.' })
  keepHighlighted!: boolean;

  @Field(() => Int, {
    nullable: true,
    description:
      'Number of likes from which posts and comments are kept; null = likes keep nothing.',
  })
  keepFromLikes!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Number of reposts from which posts are kept; null = reposts keep nothing.',
  })
  keepFromReposts!: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When to look next for what has to go, which is once a day; nothing is deleted before. Null while everything is kept.',
  })
  dueAt!: Date | null;
}

@ObjectType('RetentionPreview', {
  description: 'How much of the viewer’s own would go by some rules if it happened now.',
  simpleResolvers: true,
})
export class RetentionPreviewType {
  @Field(() => Int, { description: 'Posts that would go.' })
  posts!: number;

  @Field(() => Int, { description: 'Comments that would go.' })
  comments!: number;

  @Field(() => Int, { description: 'Stories that would go.' })
  stories!: number;
}

@ObjectType('UpdateRetentionPayload', { description: 'Result of updateRetention.' })
export class UpdateRetentionPayload extends Payload {
  @Field(() => ViewerType, {
    nullable: true,
    description: 'The viewer with the new rules; null when nothing was done.',
  })
  viewer!: ViewerType | null;
}

@Resolver(() => ViewerType)
export class RetentionFields {
  @FieldResolver(() => RetentionType, {
    description: 'What is deleted by itself once it is old. Nothing unless the viewer chose it.',
  })
  @RequiresScope('read:account')
  retention(@Ctx() context: GraphQLContext): Promise<Retention> {
    return findRetention(context.database, requireViewer(context).accountId);
  }

  @FieldResolver(() => RetentionPreviewType, {
    description:
      'How much would go if it happened now: by the rules in force, or by what a change would make of them. An error with BAD_USER_INPUT for a change that updateRetention refuses.',
  })
  @RequiresScope('read:account')
  @Cost(20)
  async retentionPreview(
    @Arg('change', () => UpdateRetentionInput, {
      nullable: true,
      description: 'What updateRetention would be given; null = nothing.',
    })
    change: UpdateRetentionInput | null | undefined,
    @Ctx() context: GraphQLContext,
  ): Promise<DueCounts> {
    const { database, clock } = context;
    const { accountId, actorId } = requireViewer(context);
    const rules = changedRules(await findRetention(database, accountId), change ?? {});
    return countDue(database, actorId, rules, clock.now());
  }

  @Mutation(() => UpdateRetentionPayload, {
    description:
      'Choose what of one’s own is deleted by itself once it is old, and what is kept all the same; `retentionPreview` tells how much that is now. Deleting begins a day after the last change and is for good. Codes: INVALID_INPUT.',
  })
  @RequiresScope('write:posts')
  updateRetention(
    @Arg('input', () => UpdateRetentionInput, { description: 'What to change.' })
    input: UpdateRetentionInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ viewer: ViewerSource | null }>> {
    return answer(
      context,
      () => updateRetention(context, { ...input }),
      async () => ({ viewer: await ownViewer(context) }),
    );
  }
}
