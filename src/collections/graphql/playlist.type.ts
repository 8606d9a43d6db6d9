/** A playlist as the API shows it: a collection that holds videos alone. */
import { Field, Int, ObjectType } from 'type-graphql';
import { VisibilityEnum } from '../../actors/graphql/visibility.type.js';
import type { Visibility } from '../../actors/visibility.js';
import { Federated } from '../../platform/graphql/federated.js';
import { PageInfo } from '../../platform/graphql/connection.js';
import { defineNode, Node } from '../../platform/graphql/node.js';
import { defineCollectionLoader } from './any-collection.loader.js';
import { AnyCollectionType, type AnyCollectionSource } from './any-collection.type.js';

@ObjectType('Playlist', {
  implements: [Node, Federated],
  description:
    'Own videos of an actor, put in an order under a title. Whoever may not see it cannot tell it from one that is not there.',
  simpleResolvers: true,
})
export class PlaylistType extends AnyCollectionType {
  @Field(() => VisibilityEnum, {
    description:
      'Who may see it; with MENTIONED only its owner. Each video in it is shown only to those who may see that video.',
  })
  visibility!: Visibility;
}

@ObjectType('PlaylistEdge', {
  description: 'A playlist and its place in a list.',
  simpleResolvers: true,
})
export class PlaylistEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => PlaylistType, { description: 'The playlist.' })
  node!: AnyCollectionSource;
}

@ObjectType('PlaylistConnection', {
  description: 'A page of playlists.',
  simpleResolvers: true,
})
export class PlaylistConnection {
  @Field(() => [PlaylistEdge], { description: 'Playlists with their places.' })
  edges!: PlaylistEdge[];

  @Field(() => [PlaylistType], { description: 'The playlists alone.' })
  nodes!: AnyCollectionSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

/** Playlists that the viewer sees. */
export const playlistLoader = defineCollectionLoader('VIDEOS');

/** `playlist_…` ids. */
export const playlistNode = defineNode('playlist', ['Playlist'], playlistLoader);
