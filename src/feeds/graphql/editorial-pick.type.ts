/** Picks of the staff, and how they come about. */
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
  Root,
} from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar, HtmlScalar, MarkdownScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId, toGlobalId } from '../../platform/ids.js';
import { requireRole } from '../../platform/require-viewer.js';
import { postLoader, type PostSource } from '../../posts/graphql/post.loader.js';
import { PostType } from '../../posts/graphql/post.type.js';
import type { PostId } from '../../posts/post.entity.js';
import {
  EDITORIAL_CRITERIA,
  LONGEST_PICK_DAYS,
  PICK_DAYS,
  PICK_REASON_LENGTH,
  type EditorialCriterion,
} from '../editorial-pick.js';
import { findPicks, findPicksOfPosts, type EditorialPickRow } from '../editorial-picks.queries.js';
import type { EditorialPickId } from '../feed.js';
import { pickPost, withdrawPick } from '../pick-post.js';

const CriterionEnum = describedEnum(
  'EditorialCriterion',
  'By what the staff picks posts.',
  EDITORIAL_CRITERIA,
);

/** A pick as resolvers see it. */
export type EditorialPickSource = EditorialPickRow & NodeSource;

@ObjectType('EditorialPick', {
  implements: [Node],
  description:
    'A post that somebody of the staff picked, with a public reason. There as long as it is in force and the viewer sees the post.',
  simpleResolvers: true,
})
export class EditorialPickType {
  @Field(() => CriterionEnum, { description: 'By what it was picked.' })
  criterion!: EditorialCriterion;

  @Field(() => HtmlScalar, { description: 'Why, safe to render.' })
  reason!: string;

  @Field(() => DateTimeScalar, { description: 'When it was picked.' })
  pickedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When the pick ends.' })
  expiresAt!: Date;
}

const toSource = (row: EditorialPickRow): EditorialPickSource => ({
  ...row,
  nodeType: 'EditorialPick',
});

/** Picks by id. */
export const editorialPickLoader = defineLoader<EditorialPickId, EditorialPickSource>(
  async ({ database, viewer, clock }, ids) => {
    const rows = await findPicks(database, ids, viewer?.actorId ?? null, clock.now());
    return new Map(rows.map((row) => [row.id, toSource(row)]));
  },
);

/** `pick_…` ids. */
export const editorialPickNode = defineNode('pick', ['EditorialPick'], editorialPickLoader);

/** The pick of a post. */
export const pickOfPostLoader = defineLoader<PostId, EditorialPickSource>(
  async ({ database, viewer, clock }, ids) => {
    const rows = await findPicksOfPosts(database, ids, viewer?.actorId ?? null, clock.now());
    return new Map(rows.map((row) => [row.postId, toSource(row)]));
  },
);

@InputType('PickPostInput', { description: 'A post, and why it is picked.' })
export class PickPostInput {
  @Field(() => ID, {
    description: 'A public post of somebody else who wants to be found.',
  })
  postId!: string;

  @Field(() => CriterionEnum, { description: 'By what.' })
  criterion!: EditorialCriterion;

  @Field(() => MarkdownScalar, {
    description: `Why: public, at most ${PICK_REASON_LENGTH} characters.`,
  })
  reason!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: `When it ends, within ${LONGEST_PICK_DAYS} days; null = in ${PICK_DAYS} days.`,
  })
  expiresAt?: Date | null;
}

@ObjectType('PickPostPayload', { description: 'Answer of pickPost.' })
export class PickPostPayload extends Payload {
  @Field(() => EditorialPickType, {
    nullable: true,
    description: 'The pick; null when refused, or when a block hides the post from the viewer.',
  })
  pick!: EditorialPickSource | null;
}

@InputType('WithdrawPickInput', { description: 'Names a pick.' })
export class WithdrawPickInput {
  @Field(() => ID, { description: 'Which pick, whoever made it.' })
  pickId!: string;
}

@ObjectType('WithdrawPickPayload', { description: 'Answer of withdrawPick.' })
export class WithdrawPickPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The pick that is gone; null when refused.' })
  withdrawnPickId!: string | null;
}

@Resolver(() => EditorialPickType)
export class EditorialPickFields {
  @FieldResolver(() => PostType, {
    nullable: true,
    description: 'The post; null when it has gone this moment.',
  })
  post(
    @Root() { postId }: EditorialPickSource,
    @Ctx() context: GraphQLContext,
  ): Promise<PostSource | null> {
    return load(context, postLoader, postId);
  }

  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Who picked it; null when that person is gone.',
  })
  async curator(
    @Root() { curatorId }: EditorialPickSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> {
    return curatorId && load(context, actorLoader, curatorId);
  }
}

@Resolver()
export class EditorialPickMutations {
  @Mutation(() => PickPostPayload, {
    description:
      'Pick a public post for the editorial feed, with a public reason; recorded in the audit log. Needs the role CURATOR. Codes: FORBIDDEN, NOT_FOUND, INVALID_INPUT, ALREADY_EXISTS.',
  })
  @RequiresScope('admin:write:curation')
  pickPost(
    @Arg('input', () => PickPostInput, { description: 'The pick.' }) input: PickPostInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () => {
        requireRole(context, 'CURATOR');
        const { criterion, reason, expiresAt = null } = input;
        const postId = readId('post', input.postId, ['postId']);
        return pickPost(context, { postId, criterion, reason, expiresAt });
      },
      async (id) => ({ pick: await load(context, editorialPickLoader, id) }),
    );
  }

  @Mutation(() => WithdrawPickPayload, {
    description:
      'Take a pick back, whoever made it; recorded in the audit log. Needs the role CURATOR. Codes: FORBIDDEN, NOT_FOUND.',
  })
  @RequiresScope('admin:write:curation')
  withdrawPick(
    @Arg('input', () => WithdrawPickInput, { description: 'Which pick.' })
    input: WithdrawPickInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        requireRole(context, 'CURATOR');
        const id = readId('pick', input.pickId, ['pickId']);
        await withdrawPick(context, id);
        return id;
      },
      (id) => ({ withdrawnPickId: toGlobalId('pick', id) }),
    );
  }
}
