/** Making, changing, using and leaving starter packs. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ActorId } from '../../actors/actor.entity.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { parseGlobalId, readId, toGlobalId } from '../../platform/ids.js';
import { deleteStarterPack } from '../delete-starter-pack.js';
import { saveStarterPack } from '../save-starter-pack.js';
import { setInStarterPack } from '../set-in-starter-pack.js';
import { setStarterPackRefused } from '../set-starter-pack-refused.js';
import type { StarterPackId } from '../starter-pack.js';
import { useStarterPack } from '../use-starter-pack.js';
import {
  DeleteStarterPackInput,
  DeleteStarterPackPayload,
  SaveStarterPackInput,
  SaveStarterPackPayload,
  SetInStarterPackInput,
  SetInStarterPackPayload,
  SetStarterPackRefusedInput,
  SetStarterPackRefusedPayload,
  toStarterPackChange,
  UseStarterPackInput,
  UseStarterPackPayload,
} from './starter-pack.input.js';
import { starterPackLoader } from './starter-pack.type.js';

@Resolver()
export class StarterPackMutations {
  @Mutation(() => SaveStarterPackPayload, {
    description:
      'Make a starter pack, or change an own one. Who is new in it is told, and can leave it. At most 300 new people in an hour. Codes: INVALID_INPUT, NOT_FOUND, BLOCKED, FORBIDDEN, LIMIT_EXCEEDED, RATE_LIMITED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:posts')
  saveStarterPack(
    @Arg('input', () => SaveStarterPackInput, { description: 'The starter pack.' })
    input: SaveStarterPackInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'saveStarterPack',
      input,
      () => saveStarterPack(context, toStarterPackChange(input)),
      (id) => present(context, id),
    );
  }

  @Mutation(() => SetInStarterPackPayload, {
    description:
      'Put somebody at the end of an own starter pack, which tells them, or take them out; a repeat changes nothing. At most 300 new people in an hour. Codes: NOT_FOUND, BLOCKED, FORBIDDEN, LIMIT_EXCEEDED, RATE_LIMITED.',
  })
  @RequiresScope('write:posts')
  setInStarterPack(
    @Arg('input', () => SetInStarterPackInput, { description: 'Whom, and in which pack.' })
    input: SetInStarterPackInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const packId = readPackId(input);
        const actorId = readId('actor', input.actorId, ['actorId']);
        await setInStarterPack(context, { packId, actorId, isIncluded: input.included });
        return packId;
      },
      (id) => present(context, id),
    );
  }

  @Mutation(() => DeleteStarterPackPayload, {
    description: 'Delete an own starter pack; who follows whom stays. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:posts')
  deleteStarterPack(
    @Arg('input', () => DeleteStarterPackInput, { description: 'Which pack.' })
    input: DeleteStarterPackInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const packId = readPackId(input);
        await deleteStarterPack(context, packId);
        return packId;
      },
      (id) => ({ deletedStarterPackId: toGlobalId('starterpack', id) }),
    );
  }

  @Mutation(() => SetStarterPackRefusedPayload, {
    description:
      'Leave a starter pack of somebody else for good, or allow to be put into it again; its owner is not told. A repeat changes nothing. Codes: NOT_FOUND, INVALID_INPUT.',
  })
  @RequiresScope('write:relationships')
  setStarterPackRefused(
    @Arg('input', () => SetStarterPackRefusedInput, { description: 'Which pack.' })
    input: SetStarterPackRefusedInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const packId = readPackId(input);
        await setStarterPackRefused(context, { packId, isRefused: input.refused });
        return packId;
      },
      (id) => present(context, id),
    );
  }

  @Mutation(() => UseStarterPackPayload, {
    description:
      'Follow everybody in a starter pack whom the viewer sees there and neither follows, asked nor mutes, or ask to where followers need approval; and its hashtags. A repeat follows only who is new. At most 10 in an hour. Codes: NOT_FOUND, INVALID_INPUT, RATE_LIMITED.',
  })
  @RequiresScope('write:relationships')
  useStarterPack(
    @Arg('input', () => UseStarterPackInput, { description: 'Which pack, and what of it.' })
    input: UseStarterPackInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const packId = readPackId(input);
        const exceptActorIds = readExcepted(input.exceptActorIds ?? []);
        const followsHashtags = input.followHashtags;
        const use = { packId, exceptActorIds, followsHashtags };
        return { packId, actorCount: await useStarterPack(context, use) };
      },
      async ({ packId, actorCount }) => ({ ...(await present(context, packId)), actorCount }),
    );
  }
}

function readPackId({ starterPackId }: { readonly starterPackId: string }): StarterPackId {
  return readId('starterpack', starterPackId, ['starterPackId']);
}

/** What names nobody rules out nobody. */
function readExcepted(ids: readonly string[]): ActorId[] {
  return ids.map((id) => parseGlobalId(id)?.id as ActorId | undefined).filter((id) => id != null);
}

async function present(context: GraphQLContext, id: StarterPackId) {
  return { starterPack: await load(context, starterPackLoader, id) };
}
