/** Stickers as authors place them. */
import { Field, Float, ID, InputType } from 'type-graphql';
import { OneOf } from '../../platform/graphql/directives.js';
import { DateTimeScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import { readId } from '../../platform/ids.js';
import { blankSticker, type Sticker, type StickerContent } from '../sticker.js';

@InputType('StoryLinkInput', { description: 'A page outside.' })
export class StoryLinkInput {
  @Field(() => UrlScalar, { description: 'Its address, by https or http.' })
  url!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Words to show in its place, at most 200 characters; null = the address.',
  })
  label?: string | null;
}

@InputType('StoryPollInput', { description: 'A question with options.' })
export class StoryPollInput {
  @Field(() => String, { description: 'What is asked, 1–200 characters.' })
  question!: string;

  @Field(() => [String], { description: 'Two to four, each of 1–50 characters.' })
  options!: string[];
}

@InputType('StoryCountdownInput', { description: 'Something to wait for.' })
export class StoryCountdownInput {
  @Field(() => String, { description: 'What it is, 1–200 characters.' })
  label!: string;

  @Field(() => DateTimeScalar, { description: 'When it comes; in the future.' })
  endsAt!: Date;
}

@InputType('StoryStickerContent', { description: 'Exactly one thing that a sticker shows.' })
@OneOf()
export class StoryStickerContent {
  @Field(() => ID, {
    nullable: true,
    description: 'A person, who is told and may see the story.',
  })
  mentionedActorId?: string | null;

  @Field(() => String, { nullable: true, description: 'A hashtag, with or without #.' })
  hashtag?: string | null;

  @Field(() => ID, { nullable: true, description: 'A place.' })
  placeId?: string | null;

  @Field(() => StoryLinkInput, { nullable: true, description: 'A page outside.' })
  link?: StoryLinkInput | null;

  @Field(() => StoryPollInput, { nullable: true, description: 'A poll.' })
  poll?: StoryPollInput | null;

  @Field(() => String, {
    nullable: true,
    description: 'A question to be answered in words, 1–200 characters.',
  })
  question?: string | null;

  @Field(() => StoryCountdownInput, { nullable: true, description: 'A countdown.' })
  countdown?: StoryCountdownInput | null;
}

@InputType('StoryStickerInput', { description: 'Something at a point of a story.' })
export class StoryStickerInput {
  @Field(() => Float, { description: 'From 0 (left) to 1 (right).' })
  x!: number;

  @Field(() => Float, { description: 'From 0 (top) to 1 (bottom).' })
  y!: number;

  @Field(() => Float, {
    nullable: true,
    defaultValue: 0,
    description: 'Degrees clockwise, from -180 to 180; null = 0.',
  })
  rotation?: number | null;

  @Field(() => StoryStickerContent, { description: 'What it shows.' })
  content!: StoryStickerContent;
}

/** Reads the input; null = none. */
export function toStickers(stickers: readonly StoryStickerInput[] | null | undefined): Sticker[] {
  return (stickers ?? []).map(({ x, y, rotation, content }, index) => ({
    x,
    y,
    rotation: rotation ?? 0,
    ...toContent(content, ['stickers', String(index), 'content']),
  }));
}

function toContent(content: StoryStickerContent, path: readonly string[]): StickerContent {
  const { mentionedActorId, hashtag, placeId, link, poll, question, countdown } = content;
  if (mentionedActorId != null) {
    const actorId = readId('actor', mentionedActorId, [...path, 'mentionedActorId']);
    return { ...blankSticker('MENTION'), actorId };
  }
  if (hashtag != null) return { ...blankSticker('HASHTAG'), label: hashtag.replace(/^#/, '') };
  if (placeId != null)
    return { ...blankSticker('PLACE'), placeId: readId('place', placeId, [...path, 'placeId']) };
  if (link != null) return { ...blankSticker('LINK'), url: link.url, label: link.label ?? null };
  if (poll != null) return { ...blankSticker('POLL'), label: poll.question, options: poll.options };
  if (countdown != null) return { ...blankSticker('COUNTDOWN'), ...countdown };
  return { ...blankSticker('QUESTION'), label: question ?? '' };
}
