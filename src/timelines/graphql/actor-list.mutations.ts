/** Making, changing and deleting lists of actors. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { ActorId } from '../../actors/actor.entity.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { parseGlobalId, readId, toGlobalId } from '../../platform/ids.js';
import { deleteActorList } from '../delete-actor-list.js';
import { saveActorList, type ActorListChange } from '../save-actor-list.js';
import { actorListLoader, ActorListType, type ActorListSource } from './actor-list.type.js';

@InputType('SaveListInput', {
  description: 'A new list of actors, or what to change about an own one: absent = as it is.',
})
export class SaveListInput {
  @Field(() => ID, { nullable: true, description: 'The own list; null = a new one.' })
  listId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Title, 1–100 characters; a new list needs one.',
  })
  title?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether its members stay out of the home timeline; a new list lets them in.',
  })
  isExclusive?: boolean | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Actors to add, at most 100 at once; those in it stay where they are.',
  })
  addActorIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Actors to take out, at most 100 at once; those who are not in it are passed over.',
  })
  removeActorIds?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('SaveListPayload', { description: 'Answer of saveList.' })
export class SaveListPayload extends Payload {
  @Field(() => ActorListType, {
    nullable: true,
    description: 'The list after the change; null when refused.',
  })
  list!: ActorListSource | null;
}

@InputType('DeleteListInput', { description: 'Names an own list of actors.' })
export class DeleteListInput {
  @Field(() => ID, { description: 'The list.' })
  listId!: string;
}

@ObjectType('DeleteListPayload', { description: 'Answer of deleteList.' })
export class DeleteListPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the list that is gone; null when refused.',
  })
  deletedListId!: string | null;
}

@Resolver()
export class ActorListMutations {
  @Mutation(() => SaveListPayload, {
    description:
      'Make a list of actors, or change an own one; at most 100 lists with 500 members each. Nobody is told. Codes: INVALID_INPUT, NOT_FOUND, LIMIT_EXCEEDED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:feeds')
  saveList(
    @Arg('input', () => SaveListInput, { description: 'The list.' }) input: SaveListInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'saveList',
      input,
      () => saveActorList(context, toChange(input)),
      async (id) => ({ list: await load(context, actorListLoader, id) }),
    );
  }

  @Mutation(() => DeleteListPayload, {
    description:
      'Delete an own list of actors; whom the viewer follows stays as it is. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:feeds')
  deleteList(
    @Arg('input', () => DeleteListInput, { description: 'Which list.' }) input: DeleteListInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const id = readId('list', input.listId, ['listId']);
        await deleteActorList(context, id);
        return id;
      },
      (id) => ({ deletedListId: toGlobalId('list', id) }),
    );
  }
}

function toChange(input: SaveListInput): ActorListChange {
  const { listId, title, isExclusive, addActorIds, removeActorIds } = input;
  return {
    listId: listId == null ? null : readId('list', listId, ['listId']),
    title: title ?? undefined,
    isExclusive: isExclusive ?? undefined,
    addActorIds: addActorIds?.map((id, index) =>
      readId('actor', id, ['addActorIds', String(index)]),
    ),
    removeActorIds: removeActorIds?.flatMap(knownActorId),
  };
}

/** What names no actor is in no list. */
function knownActorId(globalId: string): ActorId[] {
  const parsed = parseGlobalId(globalId);
  return parsed?.kind === 'actor' ? [parsed.id as ActorId] : [];
}
