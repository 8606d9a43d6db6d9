/** A story as the unit of work writes it. When nobody keeps it past its end the row goes, and what others did with it. */
import { defineEntity, p } from '@mikro-orm/core';
import type { ActorId } from '../actors/actor.entity.js';
import type { MediaId } from '../media/media.entity.js';
import type { Id } from '../platform/ids.js';

/** Identity of a story. */
export type StoryId = Id<'story'>;

/** Identity of an answer to a story. */
export type StoryAnswerId = Id<'storyanswer'>;

/** Who may see a story, besides those whom it mentions. */
export const STORY_VISIBILITIES = {
  PUBLIC: 'Everyone, also without signing in.',
  FOLLOWERS: 'Accepted followers of the author, and those mentioned.',
  CLOSE_FRIENDS: 'Close friends of the author, and those mentioned.',
} as const;

/** One of the visibilities. */
export type StoryVisibility = keyof typeof STORY_VISIBILITIES;

const schema = defineEntity({
  name: 'Story',
  tableName: 'stories',
  properties: {
    id: p.uuid().$type<StoryId>().primary(),
    authorId: p.uuid().$type<ActorId>(),
    mediaId: p.uuid().$type<MediaId>(),
    visibility: p.text().$type<StoryVisibility>(),
    captionHtml: p.text().default(''),
    /** Markdown. */
    captionSource: p.text().default(''),
    /** Whoever sees it may answer it in words. */
    allowsAnswers: p.boolean().default(true),
    /** Its author keeps it past its end. */
    isKept: p.boolean().default(true),
    publishedAt: p.datetime(),
    expiresAt: p.datetime(),
  },
});

/** Row of `stories`. */
export class Story extends schema.class {}
schema.setClass(Story);
