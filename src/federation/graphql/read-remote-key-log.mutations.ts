/** Checking the keys of people of other servers by the logs of these. */
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { headOf, type WrittenHead } from '../../devices/remote-key-log.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, RequiresScope } from '../../platform/graphql/directives.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { MOST_SIZES, showRemoteKeyLog, type ShownKeyLog } from '../show-remote-key-log.js';
import { RemoteKeyLogType } from './remote-key-log.type.js';

@InputType('ReadRemoteKeyLogInput', { description: 'Whose, and what is to be proven.' })
export class ReadRemoteKeyLogInput {
  @Field(() => ID, { description: 'A person of another server.' })
  actorId!: string;

  @Field(() => [Int], {
    defaultValue: [],
    description: `Sizes of the log of which the client knows the head, from itself or from others: it is proven how they fit to the present one. At most ${MOST_SIZES}.`,
  })
  sizes!: number[];
}

@ObjectType('ReadRemoteKeyLogPayload', { description: 'Answer of readRemoteKeyLog.' })
export class ReadRemoteKeyLogPayload extends Payload {
  @Field(() => RemoteKeyLogType, {
    nullable: true,
    description: 'The log; null when it was refused.',
  })
  keyLog!: RemoteKeyLogType | null;
}

@Resolver()
export class ReadRemoteKeyLogMutations {
  @Mutation(() => ReadRemoteKeyLogPayload, {
    description:
      'Have what the log of keys of another server says of a person read and shown, with all that proves it; it is asked for when it was not in ten minutes, or once their keys have changed. Of people of this server `Actor.chatKeyLog` has it. At most 300 in an hour. Codes: INVALID_INPUT, LIMIT_EXCEEDED, NOT_FOUND, also behind a block; RATE_LIMITED.',
  })
  @RequiresScope('chat')
  @Cost(50)
  readRemoteKeyLog(
    @Arg('input', () => ReadRemoteKeyLogInput, { description: 'Whose.' })
    { actorId, sizes }: ReadRemoteKeyLogInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () => showRemoteKeyLog(context, { actorId: readId('actor', actorId, ['actorId']), sizes }),
      (shown) => ({ keyLog: toSource(shown) }),
    );
  }
}

function toSource({ log, contradictions, ...rest }: ShownKeyLog): RemoteKeyLogType {
  const head = (written: WrittenHead | null) => written && headOf(written);
  return {
    ...rest,
    growth: [...rest.growth],
    readAt: log?.readAt ?? null,
    head: log?.head ?? null,
    entries: [...(log?.entries ?? [])],
    contradictions: contradictions.map((one) => ({
      ...one,
      keptHead: head(one.keptHead),
      shownHead: head(one.shownHead),
    })),
  };
}
