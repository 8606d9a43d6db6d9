/** Making, changing and deleting playlists. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { VisibilityEnum } from '../../actors/graphql/visibility.type.js';
import type { Visibility } from '../../actors/visibility.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { MarkdownScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId, toGlobalId } from '../../platform/ids.js';
import type { CollectionId } from '../collection.entity.js';
import { deleteCollection } from '../delete-collection.js';
import { saveCollection, type CollectionChange } from '../save-collection.js';
import { setInCollection } from '../set-in-collection.js';
import { playlistLoader, PlaylistType, type PlaylistSource } from './playlist.type.js';

@InputType('SavePlaylistInput', {
  description:
    'A new playlist, or what to change about an own one: absent = as it is, null = cleared.',
})
export class SavePlaylistInput {
  @Field(() => ID, { nullable: true, description: 'The own playlist; null = a new one.' })
  playlistId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Title, 1–100 characters; a new playlist needs one, and it cannot be cleared.',
  })
  title?: string | null;

  @Field(() => MarkdownScalar, {
    nullable: true,
    description: 'What it is about, at most 1,000 characters; null = nothing.',
  })
  description?: string | null;

  @Field(() => VisibilityEnum, {
    nullable: true,
    description: 'Who may see it; null = PUBLIC. With MENTIONED only the owner does.',
  })
  visibility?: Visibility | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'All its videos in order, at most 500 own ones; null = none.',
  })
  postIds?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('SavePlaylistPayload', { description: 'Answer of savePlaylist.' })
export class SavePlaylistPayload extends Payload {
  @Field(() => PlaylistType, {
    nullable: true,
    description: 'The playlist after the change; null when refused.',
  })
  playlist!: PlaylistSource | null;
}

@InputType('SetInPlaylistInput', { description: 'An own video and an own playlist.' })
export class SetInPlaylistInput {
  @Field(() => ID, { description: 'The playlist.' })
  playlistId!: string;

  @Field(() => ID, { description: 'The video.' })
  postId!: string;

  @Field(() => Boolean, { description: 'True puts it at the end, false takes it out.' })
  included!: boolean;
}

@ObjectType('SetInPlaylistPayload', { description: 'Answer of setInPlaylist.' })
export class SetInPlaylistPayload extends Payload {
  @Field(() => PlaylistType, {
    nullable: true,
    description: 'The playlist after the change; null when refused.',
  })
  playlist!: PlaylistSource | null;
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

/** Reads the input: absent stays absent, null becomes the value that means nothing. */
function toChange(input: SavePlaylistInput): CollectionChange {
  const { playlistId, title, description, visibility, postIds } = input;
  return {
    holds: 'VIDEOS',
    collectionId: playlistId == null ? null : readPlaylistId(playlistId),
    title: title === null ? '' : title,
    description: description === null ? '' : description,
    visibility: visibility === null ? 'PUBLIC' : visibility,
    postIds:
      postIds === null
        ? []
        : postIds?.map((id, index) => readId('post', id, ['postIds', String(index)])),
  };
}

/** Inside, a playlist is a collection; outside, each has ids of its own. */
function readPlaylistId(id: string): CollectionId {
  return readId('playlist', id, ['playlistId']) as string as CollectionId;
}
