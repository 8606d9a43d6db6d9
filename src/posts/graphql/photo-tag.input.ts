/** People on pictures, as authors name them. */
import { Field, Float, ID, InputType } from 'type-graphql';
import { readId } from '../../platform/ids.js';
import type { TagPlacement } from '../photo-tag.js';

@InputType('PhotoTagInput', {
  description: 'A person at a point of a picture. The person decides whether it shows.',
})
export class PhotoTagInput {
  @Field(() => ID, { description: 'Who: a person of this server who may see the post.' })
  actorId!: string;

  @Field(() => ID, { description: 'A picture of the post; at most 20 people in each.' })
  mediaId!: string;

  @Field(() => Float, { description: 'From 0 (left) to 1 (right).' })
  x!: number;

  @Field(() => Float, { description: 'From 0 (top) to 1 (bottom).' })
  y!: number;
}

/** Reads the input; null = none, absent stays absent. */
export function toTags(
  tags: readonly PhotoTagInput[] | null | undefined,
): TagPlacement[] | undefined {
  if (tags === null) return [];
  return tags?.map(({ actorId, mediaId, x, y }, index) => ({
    actorId: readId('actor', actorId, ['tags', String(index), 'actorId']),
    mediaId: readId('media', mediaId, ['tags', String(index), 'mediaId']),
    x,
    y,
  }));
}
