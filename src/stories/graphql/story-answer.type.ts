/** What others say to stories. */
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { PageInfo } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import {
  findStoryAnswers,
  type StoryAnswerRow,
  type StoryReactionRow,
} from '../story-answers.queries.js';
import type { StoryAnswerId } from '../story.entity.js';
import { storyLoader, StoryType, type StorySource } from './story.type.js';

/** An answer as resolvers see it. */
export type StoryAnswerSource = StoryAnswerRow & NodeSource;

@ObjectType('StoryAnswer', {
  implements: Node,
  description:
    'What somebody said to a story. Only the author of the story and who wrote it see it; it goes with the story.',
  simpleResolvers: true,
})
export class StoryAnswerType {
  @Field(() => String, { description: 'Plain text.' })
  content!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Index of the question sticker that it answers; null = the story itself.',
  })
  stickerIndex!: number | null;

  @Field(() => DateTimeScalar, { description: 'When it was written.' })
  answeredAt!: Date;
}

@ObjectType('StoryAnswerEdge', {
  description: 'An answer and its place in a list.',
  simpleResolvers: true,
})
export class StoryAnswerEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => StoryAnswerType, { description: 'The answer.' })
  node!: StoryAnswerSource;
}

@ObjectType('StoryAnswerConnection', { description: 'A page of answers.', simpleResolvers: true })
export class StoryAnswerConnection {
  @Field(() => [StoryAnswerEdge], { description: 'Answers with their places.' })
  edges!: StoryAnswerEdge[];

  @Field(() => [StoryAnswerType], { description: 'The answers alone.' })
  nodes!: StoryAnswerSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

@ObjectType('StoryReaction', {
  description: 'The emoji of one person to a story. Only the author of the story sees it.',
  simpleResolvers: true,
})
export class StoryReactionType {
  @Field(() => String, {
    description: 'The emoji, of Unicode or `:shortcode:` of a custom one.',
  })
  content!: string;

  @Field(() => DateTimeScalar, { description: 'When it was set.' })
  reactedAt!: Date;
}

@ObjectType('StoryReactionEdge', {
  description: 'A reaction and its place in a list.',
  simpleResolvers: true,
})
export class StoryReactionEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => StoryReactionType, { description: 'The reaction.' })
  node!: StoryReactionRow;
}

@ObjectType('StoryReactionConnection', {
  description: 'A page of reactions.',
  simpleResolvers: true,
})
export class StoryReactionConnection {
  @Field(() => [StoryReactionEdge], { description: 'Reactions with their places.' })
  edges!: StoryReactionEdge[];

  @Field(() => [StoryReactionType], { description: 'The reactions alone.' })
  nodes!: StoryReactionRow[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

/** Shapes a row. */
export function toStoryAnswerSource(row: StoryAnswerRow): StoryAnswerSource {
  return { ...row, nodeType: 'StoryAnswer' };
}

/** Answers that the viewer wrote or got. */
export const storyAnswerLoader = defineLoader<StoryAnswerId, StoryAnswerSource>(
  async (context, ids) => {
    if (!context.viewer) return new Map();
    const rows = await findStoryAnswers(context.database, ids, context.viewer.actorId);
    return new Map(rows.map((row) => [row.id, toStoryAnswerSource(row)]));
  },
);

/** `storyanswer_…` ids. */
export const storyAnswerNode = defineNode('storyanswer', ['StoryAnswer'], storyAnswerLoader);

@Resolver(() => StoryAnswerType)
export class StoryAnswerFields {
  @FieldResolver(() => ActorType, { description: 'Who wrote it.' })
  async actor(
    @Root() answer: StoryAnswerSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource> {
    return (await load(context, actorLoader, answer.actorId))!;
  }

  @FieldResolver(() => StoryType, {
    nullable: true,
    description: 'The story; null when the viewer sees it no more.',
  })
  story(
    @Root() answer: StoryAnswerSource,
    @Ctx() context: GraphQLContext,
  ): Promise<StorySource | null> {
    return load(context, storyLoader, answer.storyId);
  }
}

@Resolver(() => StoryReactionType)
export class StoryReactionFields {
  @FieldResolver(() => ActorType, { description: 'Whose it is.' })
  async actor(
    @Root() reaction: StoryReactionRow,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource> {
    return (await load(context, actorLoader, reaction.actorId))!;
  }
}
