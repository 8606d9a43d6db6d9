/** A starter pack as the API shows it. */
import { Field, Int, ObjectType } from 'type-graphql';
import { Federated } from '../../platform/graphql/federated.js';
import { PageInfo } from '../../platform/graphql/connection.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar, HtmlScalar, MarkdownScalar } from '../../platform/graphql/scalars.js';
import { findStarterPacks } from '../starter-packs.queries.js';
import type { StarterPackId, StarterPackRow } from '../starter-pack.js';

/** A starter pack as resolvers see it. */
export type StarterPackSource = StarterPackRow & NodeSource & { readonly isLocal: boolean };

@ObjectType('StarterPack', {
  implements: [Node, Federated],
  description:
    'People and hashtags that somebody recommends, to be followed at once with useStarterPack. Visible to everybody, unless a block stands between the viewer and its owner.',
  simpleResolvers: true,
})
export class StarterPackType {
  @Field(() => String, { description: 'Title in plain text.' })
  title!: string;

  @Field(() => HtmlScalar, { description: 'What it is about, safe to render; may be empty.' })
  description!: string;

  @Field(() => MarkdownScalar, {
    nullable: true,
    description: 'What the owner typed; null for everybody else.',
  })
  descriptionSource!: string | null;

  @Field(() => Boolean, {
    description:
      'True: it stands on the profile of its owner and among the packs to discover; false: it is for whoever has its link.',
  })
  isListed!: boolean;

  @Field(() => Int, {
    description: 'How many people have used it, its owner and repeats not counted.',
  })
  useCount!: number;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When its owner last changed it.' })
  updatedAt!: Date;

  @Field(() => Boolean, {
    description: 'The viewer has used it. False for anonymous requests; nobody else learns of it.',
  })
  viewerHasUsed!: boolean;

  @Field(() => Boolean, { description: 'The viewer is in it. False for anonymous requests.' })
  viewerIsMember!: boolean;

  @Field(() => Boolean, {
    description:
      'The viewer does not want to be in it (setStarterPackRefused). False for anonymous requests; nobody else learns of it.',
  })
  viewerHasRefused!: boolean;
}

@ObjectType('StarterPackEdge', {
  description: 'A starter pack and its place in a list.',
  simpleResolvers: true,
})
export class StarterPackEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => StarterPackType, { description: 'The starter pack.' })
  node!: StarterPackSource;
}

@ObjectType('StarterPackConnection', {
  description: 'A page of starter packs.',
  simpleResolvers: true,
})
export class StarterPackConnection {
  @Field(() => [StarterPackEdge], { description: 'Starter packs with their places.' })
  edges!: StarterPackEdge[];

  @Field(() => [StarterPackType], { description: 'The starter packs alone.' })
  nodes!: StarterPackSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

/** Shapes a row. */
export function toStarterPackSource(row: StarterPackRow): StarterPackSource {
  return { ...row, nodeType: 'StarterPack', isLocal: true };
}

/** Packs that the viewer sees. */
export const starterPackLoader = defineLoader<StarterPackId, StarterPackSource>(
  async (context, ids) => {
    const rows = await findStarterPacks(context.database, ids, context.viewer?.actorId ?? null);
    return new Map(rows.map((row) => [row.id, toStarterPackSource(row)]));
  },
);

/** `starterpack_…` ids. */
export const starterPackNode = defineNode('starterpack', ['StarterPack'], starterPackLoader);
