/** A playlist as the API shows it: a collection that holds videos alone. */
import { Field, Int, ObjectType } from 'type-graphql';
import { VisibilityEnum } from '../../actors/graphql/visibility.type.js';
import type { Visibility } from '../../actors/visibility.js';
import { Federated } from '../../platform/graphql/federated.js';
import { PageInfo } from '../../platform/graphql/connection.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar, HtmlScalar, MarkdownScalar } from '../../platform/graphql/scalars.js';
import type { CollectionId } from '../collection.entity.js';
import { findCollections, type CollectionRow } from '../collections.queries.js';

/** A playlist as resolvers see it. */
export type PlaylistSource = CollectionRow & NodeSource & { readonly isLocal: boolean };

@ObjectType('Playlist', {
  implements: [Node, Federated],
  description:
    'Own videos of an actor, put in an order under a title. Whoever may not see it cannot tell it from one that is not there.',
  simpleResolvers: true,
})
export class PlaylistType {
  @Field(() => String, { description: 'Title in plain text.' })
  title!: string;

  @Field(() => HtmlScalar, { description: 'What it is about, safe to render; may be empty.' })
  description!: string;

  @Field(() => MarkdownScalar, {
    nullable: true,
    description: 'What the owner typed; null for everybody else.',
  })
  descriptionSource!: string | null;

  @Field(() => VisibilityEnum, {
    description:
      'Who may see it; with MENTIONED only its owner. Each video in it is shown only to those who may see that video.',
  })
  visibility!: Visibility;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it last changed.' })
  updatedAt!: Date;
}

@ObjectType('PlaylistEdge', {
  description: 'A playlist and its place in a list.',
  simpleResolvers: true,
})
export class PlaylistEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => PlaylistType, { description: 'The playlist.' })
  node!: PlaylistSource;
}

@ObjectType('PlaylistConnection', {
  description: 'A page of playlists.',
  simpleResolvers: true,
})
export class PlaylistConnection {
  @Field(() => [PlaylistEdge], { description: 'Playlists with their places.' })
  edges!: PlaylistEdge[];

  @Field(() => [PlaylistType], { description: 'The playlists alone.' })
  nodes!: PlaylistSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

/** Shapes a row. */
export function toPlaylistSource(row: CollectionRow): PlaylistSource {
  return { ...row, nodeType: 'Playlist', isLocal: true };
}

/** Playlists that the viewer sees. */
export const playlistLoader = defineLoader<CollectionId, PlaylistSource>(async (context, ids) => {
  const rows = await findCollections(
    context.database,
    ids,
    context.viewer?.actorId ?? null,
    'VIDEOS',
  );
  return new Map(rows.map((row) => [row.id, toPlaylistSource(row)]));
});

/** `playlist_…` ids. */
export const playlistNode = defineNode('playlist', ['Playlist'], playlistLoader);
