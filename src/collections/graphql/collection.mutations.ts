/** Making, changing and deleting collections. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId, toGlobalId } from '../../platform/ids.js';
import { deleteCollection } from '../delete-collection.js';
import { saveCollection, type CollectionChange } from '../save-collection.js';
import { setInCollection } from '../set-in-collection.js';
import {
  readTexts,
  SaveAnyCollectionInput,
  SetInAnyCollectionInput,
  type AnyCollectionSource,
} from './any-collection.type.js';
import { collectionLoader, CollectionType } from './collection.type.js';

@InputType('SaveCollectionInput', {
  description:
    'A new collection, or what to change about an own one: absent = as it is, null = cleared.',
})
export class SaveCollectionInput extends SaveAnyCollectionInput {
  @Field(() => ID, { nullable: true, description: 'The own collection; null = a new one.' })
  collectionId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Title, 1–100 characters; a new collection needs one, and it cannot be cleared.',
  })
  title?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it stands above the grid of the profile; null = not.',
  })
  isHighlighted?: boolean | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'All its posts in order, at most 500 own ones; null = none.',
  })
  postIds?: string[] | null;
}

@ObjectType('SaveCollectionPayload', { description: 'Answer of saveCollection.' })
export class SaveCollectionPayload extends Payload {
  @Field(() => CollectionType, {
    nullable: true,
    description: 'The collection after the change; null when refused.',
  })
  collection!: AnyCollectionSource | null;
}

@InputType('SetInCollectionInput', { description: 'An own post and an own collection.' })
export class SetInCollectionInput extends SetInAnyCollectionInput {
  @Field(() => ID, { description: 'The collection.' })
  collectionId!: string;

  @Field(() => ID, { description: 'The post.' })
  postId!: string;
}

@ObjectType('SetInCollectionPayload', { description: 'Answer of setInCollection.' })
export class SetInCollectionPayload extends Payload {
  @Field(() => CollectionType, {
    nullable: true,
    description: 'The collection after the change; null when refused.',
  })
  collection!: AnyCollectionSource | null;
}

@InputType('DeleteCollectionInput', { description: 'Names an own collection.' })
export class DeleteCollectionInput {
  @Field(() => ID, { description: 'The collection.' })
  collectionId!: string;
}

@ObjectType('DeleteCollectionPayload', { description: 'Answer of deleteCollection.' })
export class DeleteCollectionPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the collection that is gone; null when refused.',
  })
  deletedCollectionId!: string | null;
}

@Resolver()
export class CollectionMutations {
  @Mutation(() => SaveCollectionPayload, {
    description:
      'Make a collection, or change an own one. Codes: INVALID_INPUT, NOT_FOUND, LIMIT_EXCEEDED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:posts')
  saveCollection(
    @Arg('input', () => SaveCollectionInput, { description: 'The collection.' })
    input: SaveCollectionInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'saveCollection',
      input,
      () => saveCollection(context, toChange(input)),
      async (id) => ({ collection: await load(context, collectionLoader, id) }),
    );
  }

  @Mutation(() => SetInCollectionPayload, {
    description:
      'Put an own post at the end of an own collection, or take it out; a repeat changes nothing. Codes: NOT_FOUND, LIMIT_EXCEEDED.',
  })
  @RequiresScope('write:posts')
  setInCollection(
    @Arg('input', () => SetInCollectionInput, { description: 'Which post and collection.' })
    input: SetInCollectionInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const collectionId = readId('collection', input.collectionId, ['collectionId']);
        const postId = readId('post', input.postId, ['postId']);
        await setInCollection(context, {
          collectionId,
          holds: 'POSTS',
          postId,
          isIncluded: input.included,
        });
        return collectionId;
      },
      async (id) => ({ collection: await load(context, collectionLoader, id) }),
    );
  }

  @Mutation(() => DeleteCollectionPayload, {
    description: 'Delete an own collection; its posts stay. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:posts')
  deleteCollection(
    @Arg('input', () => DeleteCollectionInput, { description: 'Which collection.' })
    input: DeleteCollectionInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const id = readId('collection', input.collectionId, ['collectionId']);
        await deleteCollection(context, id, 'POSTS');
        return id;
      },
      (id) => ({ deletedCollectionId: toGlobalId('collection', id) }),
    );
  }
}

function toChange({
  collectionId,
  isHighlighted,
  ...texts
}: SaveCollectionInput): CollectionChange {
  return {
    holds: 'POSTS',
    collectionId:
      collectionId == null ? null : readId('collection', collectionId, ['collectionId']),
    isHighlighted: isHighlighted === null ? false : isHighlighted,
    ...readTexts(texts),
  };
}
