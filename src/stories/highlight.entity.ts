/** A highlight as the unit of work writes it. */
import { defineEntity, p } from '@mikro-orm/core';
import type { ActorId } from '../actors/actor.entity.js';
import type { Id } from '../platform/ids.js';
import type { StoryId } from './story.entity.js';

/** Identity of a highlight. */
export type HighlightId = Id<'highlight'>;

const schema = defineEntity({
  name: 'Highlight',
  tableName: 'highlights',
  properties: {
    id: p.uuid().$type<HighlightId>().primary(),
    ownerId: p.uuid().$type<ActorId>(),
    title: p.text(),
    /** Whose picture stands for it; null = the first story. */
    coverStoryId: p.uuid().$type<StoryId>().nullable(),
    /** Place on the profile, the smallest first. */
    position: p.integer(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** Row of `highlights`. */
export class Highlight extends schema.class {}
schema.setClass(Highlight);
