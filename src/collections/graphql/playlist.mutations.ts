/** Making, changing and deleting playlists. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId, toGlobalId } from '../../platform/ids.js';
import type { CollectionId } from '../collection.entity.js';
import { deleteCollection } from '../delete-collection.js';
import { saveCollection, type CollectionChange } from '../save-collection.js';
import { setInCollection } from '../set-in-collection.js';
import {
  readTexts,
  SaveAnyCollectionInput,
  SetInAnyCollectionInput,
  type AnyCollectionSource,
} from './any-collection.type.js';
import { playlistLoader, PlaylistType } from './playlist.type.js';

@InputType('SavePlaylistInput', {
  description:
    'A new playlist, or what to change about an own one: absent = as it is, null = cleared.',
})
export class SavePlaylistInput extends SaveAnyCollectionInput {
  @Field(() => ID, { nullable: true, description: 'The own playlist; null = a new one.' })
  playlistId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Title, 1–100 characters; a new playlist needs one, and it cannot be cleared.',
  })
  title?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'All its videos in order, at most 500 own ones; null = none.',
  })
  postIds?: string[] | null;
}

@ObjectType('SavePlaylistPayload', { description: 'Answer of savePlaylist.' })
export class SavePlaylistPayload extends Payload {
  @Field(() => PlaylistType, {
    nullable: true,
    description: 'The playlist after the change; null when refused.',
  })
  playlist!: AnyCollectionSource | null;
}

@InputType('SetInPlaylistInput', { description: 'An own video and an own playlist.' })
export class SetInPlaylistInput extends SetInAnyCollectionInput {
  @Field(() => ID, { description: 'The playlist.' })
  playlistId!: string;

  @Field(() => ID, { description: 'The video.' })
  postId!: string;
}

@ObjectType('SetInPlaylistPayload', { description: 'Answer of setInPlaylist.' })
export class SetInPlaylistPayload extends Payload {
  @Field(() => PlaylistType, {
    nullable: true,
    description: 'The playlist after the change; null when refused.',
  })
  playlist!: AnyCollectionSource | null;
}

@InputType('DeletePlaylistInput', { description: 'Names an own playlist.' })
export class DeletePlaylistInput {
  @Field(() => ID, { description: 'The playlist.' })
  playlistId!: string;
}

@ObjectType('DeletePlaylistPayload', { description: 'Answer of deletePlaylist.' })
export class DeletePlaylistPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the playlist that is gone; null when refused.',
  })
  deletedPlaylistId!: string | null;
}

@Resolver()
export class PlaylistMutations {
  @Mutation(() => SavePlaylistPayload, {
    description:
      'Make a playlist, or change an own one. Codes: INVALID_INPUT, NOT_FOUND, LIMIT_EXCEEDED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:posts')
  savePlaylist(
    @Arg('input', () => SavePlaylistInput, { description: 'The playlist.' })
    input: SavePlaylistInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'savePlaylist',
      input,
      () => saveCollection(context, toChange(input)),
      async (id) => ({ playlist: await load(context, playlistLoader, id) }),
    );
  }

  @Mutation(() => SetInPlaylistPayload, {
    description:
      'Put an own video at the end of an own playlist, or take it out; a repeat changes nothing. Codes: NOT_FOUND, LIMIT_EXCEEDED.',
  })
  @RequiresScope('write:posts')
  setInPlaylist(
    @Arg('input', () => SetInPlaylistInput, { description: 'Which video and playlist.' })
    input: SetInPlaylistInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const playlistId = readPlaylistId(input.playlistId);
        const postId = readId('post', input.postId, ['postId']);
        await setInCollection(context, {
          collectionId: playlistId,
          holds: 'VIDEOS',
          postId,
          isIncluded: input.included,
        });
        return playlistId;
      },
      async (id) => ({ playlist: await load(context, playlistLoader, id) }),
    );
  }

  @Mutation(() => DeletePlaylistPayload, {
    description: 'Delete an own playlist; its videos stay. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:posts')
  deletePlaylist(
    @Arg('input', () => DeletePlaylistInput, { description: 'Which playlist.' })
    input: DeletePlaylistInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const id = readPlaylistId(input.playlistId);
        await deleteCollection(context, id, 'VIDEOS');
        return id;
      },
      (id) => ({ deletedPlaylistId: toGlobalId('playlist', id) }),
    );
  }
}

function toChange({ playlistId, ...texts }: SavePlaylistInput): CollectionChange {
  const collectionId = playlistId == null ? null : readPlaylistId(playlistId);
  return { holds: 'VIDEOS', collectionId, ...readTexts(texts) };
}

/** Inside, a playlist is a collection; outside, each has ids of its own. */
function readPlaylistId(id: string): CollectionId {
  return readId('playlist', id, ['playlistId']) as string as CollectionId;
}
