/** A collection as the unit of work writes it. */
import { defineEntity, p } from '@mikro-orm/core';
import type { ActorId } from '../actors/actor.entity.js';
import type { Visibility } from '../actors/visibility.js';
import type { Id } from '../platform/ids.js';

/** What a collection holds: any posts, or videos alone; the latter is a playlist to its readers. */
export type Holds = 'POSTS' | 'VIDEOS';

/** Identity of a collection. */
export type CollectionId = Id<'collection'>;

const schema = defineEntity({
  name: 'Collection',
  tableName: 'collections',
  properties: {
    id: p.uuid().$type<CollectionId>().primary(),
    ownerId: p.uuid().$type<ActorId>(),
    holds: p.text().$type<Holds>(),
    title: p.text(),
    descriptionHtml: p.text().default(''),
    /** Markdown. */
    descriptionSource: p.text().default(''),
    visibility: p.text().$type<Visibility>(),
    isHighlighted: p.boolean().default(false),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** Row of `collections`. */
export class Collection extends schema.class {}
schema.setClass(Collection);
