/** Sounds among what trends. */
import { Arg, Ctx, Field, FieldResolver, Int, ObjectType, Resolver } from 'type-graphql';
import { Invalid } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { TrendsType } from '../../search/graphql/trend.type.js';
import { soundLoader, type SoundSourceRow } from '../../sounds/graphql/sound.loader.js';
import { SoundType } from '../../sounds/graphql/sound.type.js';
import { MOST_TRENDING_SOUNDS, SOUND_FORMULA, trendingSounds } from '../trending-sounds.js';

@ObjectType('TrendingSound', {
  description: 'A sound that trends, with its numbers. Only public videos count.',
  simpleResolvers: true,
})
export class TrendingSoundType {
  @Field(() => SoundType, { description: 'The sound.' })
  sound!: SoundSourceRow;

  @Field(() => Int, { description: 'Videos with it in the last 24 hours.' })
  uses!: number;

  @Field(() => Int, { description: 'People who published them.' })
  people!: number;

  @Field(() => DateTimeScalar, { description: 'When the numbers were computed.' })
  computedAt!: Date;
}

@Resolver(() => TrendsType)
export class TrendingSoundFields {
  @FieldResolver(() => String, { description: 'How sounds are ordered, in English.' })
  soundFormula(): string {
    return SOUND_FORMULA;
  }

  @FieldResolver(() => [TrendingSoundType], {
    description:
      'Sounds, the one of most people first; only those that the viewer sees. Shown without a decision of the staff, as they only say how often a sound was used.',
  })
  @Cost(10)
  @ListSize({ slicingArguments: ['first'] })
  async sounds(
    @Arg('first', () => Int, {
      defaultValue: 20,
      description: `Wanted, 1–${MOST_TRENDING_SOUNDS}.`,
    })
    first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<TrendingSoundType[]> {
    const range = `1–${MOST_TRENDING_SOUNDS}`;
    if (first < 1 || first > MOST_TRENDING_SOUNDS)
      throw new Invalid(`Ask for ${range}.`, ['first'], 'RANGE', range);
    const counted = await trendingSounds(context);
    const sounds = await Promise.all(
      counted.map(({ soundId }) => load(context, soundLoader, soundId)),
    );
    const seen = counted.flatMap(({ uses, authors, computedAt }, index) => {
      const sound = sounds[index];
      return sound ? [{ sound, uses, people: authors, computedAt }] : [];
    });
    return seen.slice(0, first);
  }
}
