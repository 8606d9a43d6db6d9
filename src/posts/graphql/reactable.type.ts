/** What can be reacted to, and how reactions are shown. Resolved in `reaction.fields.ts`. */
import { Field, Int, InterfaceType, ObjectType } from 'type-graphql';
import { Node, type NodeSource } from '../../platform/graphql/node.js';
import type { ReactionGroupRow } from '../reaction.queries.js';

@ObjectType('ReactionGroup', {
  description: 'All reactions with the same emoji.',
  simpleResolvers: true,
})
export class ReactionGroupType {
  @Field(() => String, {
    description: 'The emoji, or a custom one as `:shortcode:`; the like is ❤.',
  })
  content!: string;

  @Field(() => Int, {
    description: 'How many people reacted with it, as far as the viewer may see them.',
  })
  count!: number;

  @Field(() => Boolean, { description: 'True when the viewer is one of them.' })
  viewerHasReacted!: boolean;
}

@InterfaceType('Reactable', {
  implements: Node,
  description: 'Something that can be reacted to with an emoji.',
  resolveType: (source: NodeSource) => source.nodeType,
})
export abstract class Reactable {
  @Field(() => [ReactionGroupType], {
    description:
      'Reactions by emoji, the most frequent first. Empty where the author hides numbers from others, or the viewer wants to see none of others.',
  })
  reactions!: ReactionGroupRow[];
}
