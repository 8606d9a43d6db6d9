/** Earlier versions of posts. */
import { Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../../platform/graphql/connection.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar, HtmlScalar } from '../../platform/graphql/scalars.js';
import { findRevisions, type RevisionRow } from '../revision.queries.js';

/** A revision as resolvers see it. */
export type RevisionSource = RevisionRow & NodeSource;

@ObjectType('PostRevision', {
  implements: Node,
  description: 'An earlier version of an edited post. Whoever sees the post sees it.',
  simpleResolvers: true,
})
export class PostRevisionType {
  @Field(() => HtmlScalar, { description: 'Caption of that version, safe to render.' })
  caption!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Content warning of that version; null when it had none.',
  })
  contentWarning!: string | null;

  @Field(() => DateTimeScalar, { description: 'When that version was written.' })
  editedAt!: Date;
}

@ObjectType('PostRevisionEdge', {
  description: 'An earlier version and its place in the list.',
  simpleResolvers: true,
})
export class PostRevisionEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => PostRevisionType, { description: 'The version.' })
  node!: RevisionSource;
}

@ObjectType('PostRevisionConnection', {
  description: 'A page of earlier versions.',
  simpleResolvers: true,
})
export class PostRevisionConnection {
  @Field(() => [PostRevisionEdge], { description: 'Versions with their places.' })
  edges!: PostRevisionEdge[];

  @Field(() => [PostRevisionType], { description: 'The versions alone.' })
  nodes!: RevisionSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

/** Shapes a row. */
export function toRevisionSource(row: RevisionRow): RevisionSource {
  return { ...row, nodeType: 'PostRevision' };
}

/** `revision_…` ids. */
export const revisionNode = defineNode<string, RevisionSource>(
  'revision',
  ['PostRevision'],
  defineLoader<string, RevisionSource>(async (context, ids) => {
    const rows = await findRevisions(context.database, ids, context.readerId);
    return new Map(rows.map((row) => [row.id, toRevisionSource(row)]));
  }),
);
