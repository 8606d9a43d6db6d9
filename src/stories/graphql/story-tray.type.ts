/** A story tray, and a page of trays. */
import { Field, Int, ObjectType } from 'type-graphql';
import type { ActorId } from '../../actors/actor.entity.js';
import { PageInfo } from '../../platform/graphql/connection.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { findTraysOfAuthors, type TrayRow } from '../story-tray.queries.js';

/** A tray as resolvers see it. Its id is that of its author: everybody has at most one. */
export interface StoryTraySource extends NodeSource {
  readonly id: ActorId;
  readonly hasUnseen: boolean;
}

@ObjectType('StoryTray', {
  implements: Node,
  description:
    'Unexpired stories of one author, as far as the viewer may see them. There is none of an author without such stories.',
  simpleResolvers: true,
})
export class StoryTrayType {
  @Field(() => Boolean, {
    description: 'There is a story in it that the viewer has not seen; never for own stories.',
  })
  hasUnseen!: boolean;
}

@ObjectType('StoryTrayEdge', {
  description: 'A tray and its place in the list.',
  simpleResolvers: true,
})
export class StoryTrayEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => StoryTrayType, { description: 'The tray.' })
  node!: StoryTraySource;
}

@ObjectType('StoryTrayConnection', {
  description: 'A page of trays.',
  simpleResolvers: true,
})
export class StoryTrayConnection {
  @Field(() => [StoryTrayEdge], { description: 'Trays with their places.' })
  edges!: StoryTrayEdge[];

  @Field(() => [StoryTrayType], { description: 'The trays alone.' })
  nodes!: StoryTraySource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

/** Shapes a row. */
export function toTraySource({ authorId, hasUnseen }: TrayRow): StoryTraySource {
  return { id: authorId, hasUnseen, nodeType: 'StoryTray' };
}

/** Trays by author; null where the viewer sees no story. */
export const trayLoader = defineLoader<ActorId, StoryTraySource>(async (context, ids) => {
  const viewerId = context.readerId;
  const rows = await findTraysOfAuthors(context.database, ids, viewerId, context.clock.now());
  return new Map(rows.map((row) => [row.authorId, toTraySource(row)]));
});

/** `storytray_…` ids. */
export const storyTrayNode = defineNode('storytray', ['StoryTray'], trayLoader);
