/** `rateLimit`: what this operation costs and what is left. */
import { Ctx, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { GraphQLContext } from './context.js';
import { DateTimeScalar } from './scalars.js';

@ObjectType('RateLimit', {
  description: 'Cost and budget of this operation; also sent as RateLimit headers.',
})
export class RateLimitType {
  @Field(() => Int, { description: 'Points charged for this operation.' })
  cost!: number;

  @Field(() => Int, { description: 'Points per window.' })
  limit!: number;

  @Field(() => Int, { description: 'Points left in the window.' })
  remaining!: number;

  @Field(() => Int, { description: 'Points spent in the window.' })
  used!: number;

  @Field(() => DateTimeScalar, {
    description: 'When the window ends and the budget is full again.',
  })
  resetAt!: Date;

  @Field(() => Int, { description: 'Upper bound of the nodes that this operation may return.' })
  nodeCount!: number;
}

@Resolver()
export class RateLimitQuery {
  @Query(() => RateLimitType, {
    nullable: true,
    description: 'Cost and budget of this operation. Null where the operation is not charged.',
  })
  rateLimit(@Ctx() context: GraphQLContext): RateLimitType | null {
    if (!context.charge) return null;
    const { cost, nodeCount, budget } = context.charge;
    const { limit, remaining, used, resetAt } = budget;
    return { cost, nodeCount, limit, remaining, used, resetAt };
  }
}
