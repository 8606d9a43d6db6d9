/** Taking key packages of people, wherever they are. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ActorId } from '../../actors/actor.entity.js';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { claimKeyPackages } from '../../devices/claim-key-packages.js';
import { ACTORS_PER_CLAIM, type ChatDeviceId } from '../../devices/device.js';
import {
  ClaimKeyPackagesInput,
  ClaimKeyPackagesPayload,
} from '../../devices/graphql/device.input.js';
import { TooMany } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { parseGlobalId, readId } from '../../platform/ids.js';
import { keysFromOutside } from '../remote-keys.js';

@Resolver()
export class ClaimKeyPackagesMutations {
  @Mutation(() => ClaimKeyPackagesPayload, {
    description:
      'Take a key package of each valid device of people, to let them into an encrypted conversation. None is given to two; who asks for those of one person more than 6 times, and then more often than every 10 minutes, gets the last resorts only. Of people of other servers it is what these give within 15 seconds; who does not answer is among `actorsWithoutPackages`. At most 2,000 people in an hour. Codes: INVALID_INPUT, NOT_FOUND, LIMIT_EXCEEDED, RATE_LIMITED.',
  })
  @RequiresScope('chat')
  claimKeyPackages(
    @Arg('input', () => ClaimKeyPackagesInput, { description: 'Whose.' })
    input: ClaimKeyPackagesInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () =>
        claimKeyPackages(
          context,
          {
            actorIds: input.actorIds.map((id, index) =>
              readId('actor', id, ['actorIds', String(index)]),
            ),
            exceptDeviceIds: readExceptions(input.exceptDeviceIds),
          },
          keysFromOutside(context),
        ),
      async ({ keyPackages, withoutPackages }) => ({
        keyPackages,
        actorsWithoutPackages: await actorsOf(context, withoutPackages),
      }),
    );
  }
}

function readExceptions(ids: readonly string[]): ChatDeviceId[] {
  if (ids.length > ACTORS_PER_CLAIM)
    throw new TooMany(`At most ${ACTORS_PER_CLAIM}.`, ACTORS_PER_CLAIM, ['exceptDeviceIds']);
  const parsed = ids.map(parseGlobalId).filter((id) => id?.kind === 'chatdevice');
  return parsed.map((id) => id!.id as ChatDeviceId);
}

async function actorsOf(context: GraphQLContext, ids: readonly ActorId[]): Promise<ActorSource[]> {
  const actors = await Promise.all(ids.map((id) => load(context, actorLoader, id)));
  return actors.filter((actor) => actor !== null);
}
