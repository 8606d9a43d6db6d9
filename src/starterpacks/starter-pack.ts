/** Words and limits of starter packs. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Id } from '../platform/ids.js';

/** Identity of a starter pack. */
export type StarterPackId = Id<'starterpack'>;

/** Most packs of one person. */
export const PACKS_PER_OWNER = 50;

/** Most people in one pack. */
export const PACK_MEMBERS = 150;

/** Most hashtags in one pack. */
export const PACK_HASHTAGS = 20;

/** Characters of a title. */
export const PACK_TITLE_LENGTH = 100;

/** Characters of a description. */
export const PACK_DESCRIPTION_LENGTH = 1000;

/** A pack as it is seen. */
export interface StarterPackRow {
  readonly id: StarterPackId;
  readonly ownerId: ActorId;
  readonly title: string;
  /** Sanitised HTML. */
  readonly description: string;
  /** Only for the owner. */
  readonly descriptionSource: string | null;
  /** As the owner wrote them, without #. */
  readonly hashtags: readonly string[];
  readonly isListed: boolean;
  readonly useCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** All of these are false without a viewer. */
  readonly viewerHasUsed: boolean;
  readonly viewerIsMember: boolean;
  readonly viewerHasRefused: boolean;
}
