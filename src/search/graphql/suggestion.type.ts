/** Suggestions of people, with their reasons. */
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { ViewerSource } from '../../accounts/graphql/viewer.loader.js';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { Invalid } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { Cost, ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId, toGlobalId } from '../../platform/ids.js';
import { dismissSuggestion } from '../dismiss-suggestion.js';
import {
  findSuggestions,
  MOST_SUGGESTIONS,
  SUGGESTION_FORMULA,
  SUGGESTION_REASONS,
  type SuggestionReason,
} from '../suggestions.queries.js';

/** GraphQL enum of the reasons. */
export const SuggestionReasonEnum = describedEnum(
  'SuggestionReason',
  'Why somebody is suggested.',
  SUGGESTION_REASONS,
);

@ObjectType('ActorSuggestionReason', {
  description: 'One reason, with its number.',
  simpleResolvers: true,
})
export class ActorSuggestionReasonType {
  @Field(() => SuggestionReasonEnum, { description: 'The reason.' })
  reason!: SuggestionReason;

  @Field(() => Int, { description: 'How much of it there is; each reason says of what.' })
  count!: number;
}

@ObjectType('ActorSuggestion', {
  description: 'Somebody whom the viewer may want to follow, and why. Only the viewer sees it.',
  simpleResolvers: true,
})
export class ActorSuggestionType {
  @Field(() => ActorType, { description: 'Who is suggested.' })
  actor!: ActorSource;

  @Field(() => Float, { description: `Place in the order: ${SUGGESTION_FORMULA}.` })
  score!: number;

  @Field(() => [ActorSuggestionReasonType], { description: 'Every reason, at least one.' })
  @ListSize({ assumedSize: 5 })
  reasons!: ActorSuggestionReasonType[];
}

@InputType('DismissSuggestionInput', { description: 'Names a suggested actor.' })
export class DismissSuggestionInput {
  @Field(() => ID, { description: 'Who shall not be suggested again.' })
  actorId!: string;
}

@ObjectType('DismissSuggestionPayload', { description: 'Answer of dismissSuggestion.' })
export class DismissSuggestionPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Who is not suggested any more; null when refused.',
  })
  dismissedActorId!: string | null;
}

@Resolver(() => ViewerType)
export class ViewerSuggestionFields {
  @FieldResolver(() => [ActorSuggestionType], {
    description: `People to follow, the best first: ${SUGGESTION_FORMULA}. Only people who want to be found and whom the viewer neither follows, asked, blocks, mutes nor dismissed; nobody who blocks the viewer. Hidden follow lists count for nothing.`,
  })
  @RequiresScope('read:relationships')
  @Cost(20)
  @ListSize({ slicingArguments: ['first'] })
  async suggestedActors(
    @Root() { actorId }: ViewerSource,
    @Arg('first', () => Int, {
      defaultValue: 20,
      description: `People wanted, 1–${MOST_SUGGESTIONS}.`,
    })
    first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSuggestionType[]> {
    if (first < 1 || first > MOST_SUGGESTIONS) {
      const range = `1–${MOST_SUGGESTIONS}`;
      throw new Invalid(`Ask for ${range} people.`, ['first'], 'RANGE', range);
    }
    const rows = await findSuggestions(context.database, actorId, first, context.clock.now());
    const actors = await Promise.all(rows.map((row) => load(context, actorLoader, row.actorId)));
    return rows.flatMap(({ score, counts }, index) => {
      const actor = actors[index];
      return actor ? [{ actor, score, reasons: toReasons(counts) }] : [];
    });
  }
}

@Resolver()
export class SuggestionMutations {
  @Mutation(() => DismissSuggestionPayload, {
    description:
      'Never suggest somebody to the viewer again; a repeat changes nothing. Codes: INVALID_INPUT, NOT_FOUND.',
  })
  @RequiresScope('write:feeds')
  dismissSuggestion(
    @Arg('input', () => DismissSuggestionInput, { description: 'Whom.' })
    input: DismissSuggestionInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const id = readId('actor', input.actorId, ['actorId']);
        await dismissSuggestion(context, id);
        return id;
      },
      (id) => ({ dismissedActorId: toGlobalId('actor', id) }),
    );
  }
}

function toReasons(counts: Partial<Record<SuggestionReason, number>>): ActorSuggestionReasonType[] {
  return (Object.keys(SUGGESTION_REASONS) as SuggestionReason[]).flatMap((reason) => {
    const count = counts[reason];
    return count === undefined ? [] : [{ reason, count }];
  });
}
