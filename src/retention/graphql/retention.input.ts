/** Changes of the rules. */
import { Field, InputType, Int } from 'type-graphql';
import { KEPT_FROM, RETENTION_DAYS, type RetentionChange } from '../retention-rules.js';

const days = (of: string): { nullable: true; description: string } => ({
  nullable: true,
  description: `Age in days at which ${of} go, ${RETENTION_DAYS.least}–${RETENTION_DAYS.most}; null = never.`,
});
const kept = (what: string): { nullable: true; description: string } => ({
  nullable: true,
  description: `Whether to keep ${what}; null = yes.`,
});
const keptFrom = (what: string): { nullable: true; description: string } => ({
  nullable: true,
  description: `Keep ${what}, ${KEPT_FROM.least}–${KEPT_FROM.most}; null = they keep nothing.`,
});

@InputType('UpdateRetentionInput', {
  description: 'Absent = unchanged, null = back to the default.',
})
export class UpdateRetentionInput implements RetentionChange {
  @Field(() => Int, days('posts'))
  postDays?: number | null;

  @Field(() => Int, days('comments that nobody answered'))
  commentDays?: number | null;

  @Field(() => Int, days('ended stories in the archive'))
  storyDays?: number | null;

  @Field(() => Boolean, kept('posts that are pinned to the profile'))
  keepPinned?: boolean | null;

  @Field(() => Boolean, kept('posts that were put away into the archive'))
  keepArchived?: boolean | null;

  @Field(() => Boolean, kept('posts for mentioned people only'))
  keepMentioned?: boolean | null;

  @Field(() => Boolean, kept('posts that are in a collection or playlist'))
  keepCollected?: boolean | null;

  @Field(() => Boolean, kept('own posts that the viewer bookmarked'))
  keepBookmarked?: boolean | null;

  @Field(() => Boolean, kept('own posts and comments that the viewer reacted to with ❤'))
  keepLiked?: boolean | null;

  @Field(() => Boolean, kept('stories that are in a highlight'))
  keepHighlighted?: boolean | null;

  @Field(() => Int, keptFrom('posts and comments from this number of likes on'))
  keepFromLikes?: number | null;

  @Field(() => Int, keptFrom('posts from this number of reposts on'))
  keepFromReposts?: number | null;
}
