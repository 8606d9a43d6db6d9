/** A story as the API shows it. */
import { Field, ObjectType } from 'type-graphql';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar, HtmlScalar } from '../../platform/graphql/scalars.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { findStories, type StoryRow } from '../stories.queries.js';
import { STORY_VISIBILITIES, type StoryId, type StoryVisibility } from '../story.entity.js';

/** GraphQL enum of the visibilities. */
export const StoryVisibilityEnum = describedEnum<StoryVisibility>(
  'StoryVisibility',
  'Who may see a story; whoever a block stands between and the author does not.',
  STORY_VISIBILITIES,
);

/** A story as resolvers see it. */
export type StorySource = StoryRow & NodeSource;

@ObjectType('Story', {
  implements: Node,
  description:
    'A picture for a while, 24 hours unless its author chose otherwise. Whoever may not see it, or comes after its end, cannot tell it from one that is not there.',
  simpleResolvers: true,
})
export class StoryType {
  @Field(() => HtmlScalar, { description: 'What the author wrote, safe to render; may be empty.' })
  caption!: string;

  @Field(() => StoryVisibilityEnum, { description: 'Who may see it.' })
  visibility!: StoryVisibility;

  @Field(() => DateTimeScalar, { description: 'When it was published.' })
  publishedAt!: Date;

  @Field(() => DateTimeScalar, {
    description:
      'When it ends; from then on nobody but its author sees it, unless it stands in a highlight.',
  })
  expiresAt!: Date;

  @Field(() => String, {
    nullable: true,
    description:
      'Emoji with which the viewer reacted, of Unicode or `:shortcode:` of a custom one; null = none. Nobody but the author learns of it.',
  })
  viewerReaction!: string | null;

  @Field(() => Boolean, {
    description: 'The viewer marked it as seen, or made it. False for anonymous requests.',
  })
  isSeen!: boolean;
}

/** Shapes a row. */
export function toStorySource(row: StoryRow): StorySource {
  return { ...row, nodeType: 'Story' };
}

/** Stories that the viewer sees. */
export const storyLoader = defineLoader<StoryId, StorySource>(async (context, ids) => {
  const viewerId = context.readerId;
  const rows = await findStories(context.database, ids, viewerId, context.clock.now());
  return new Map(rows.map((row) => [row.id, toStorySource(row)]));
});

/** `story_…` ids. */
export const storyNode = defineNode('story', ['Story'], storyLoader);
