/** What clients may choose of a timeline. */
import { Field, InputType } from 'type-graphql';
import { Invalid } from '../../platform/errors.js';
import { LanguageTagScalar } from '../../platform/graphql/scalars.js';
import type { PostKind } from '../post.entity.js';
import type { TimelineChoice } from '../timeline-choice.js';
import { PostKindEnum, type PostKindName } from './post.type.js';

/** Entities of one filter list. */
const MOST_LANGUAGES = 20;

/** Formats as rows name them. */
const KINDS: Readonly<Record<PostKindName, PostKind>> = {
  PHOTO: 'photo',
  VIDEO: 'video',
  TEXT: 'text',
};

@InputType('TimelineFilter', { description: 'Which posts of a timeline to show.' })
export class TimelineFilter {
  @Field(() => [PostKindEnum], {
    nullable: true,
    description: 'Only these formats; absent or null = all.',
  })
  kinds?: PostKindName[] | null;

  @Field(() => [LanguageTagScalar], {
    nullable: true,
    description:
      'Only these languages, at most 20; a tag without region stands for all its regions. Absent or null = all.',
  })
  languages?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Only posts of this server.',
  })
  localOnly?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Only posts of other servers.',
  })
  remoteOnly?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Also posts that are marked as sensitive.',
  })
  includeSensitive?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'No posts whose authors disclose the use of AI.',
  })
  excludeAi?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'No reposts; only the home timeline has any.',
  })
  excludeReposts?: boolean | null;
}

/**
 * Reads a filter.
 *
 * @throws {Invalid} INVALID_INPUT for too many languages, or for both localOnly and remoteOnly
 */
export function toTimelineChoice(filter: TimelineFilter | null | undefined): TimelineChoice {
  if (!filter) return {};
  if (filter.localOnly && filter.remoteOnly) {
    throw new Invalid(
      'Give localOnly or remoteOnly, not both.',
      ['filter', 'remoteOnly'],
      'EXCLUSIVE',
    );
  }
  if ((filter.languages?.length ?? 0) > MOST_LANGUAGES) {
    throw new Invalid(
      `At most ${MOST_LANGUAGES} languages.`,
      ['filter', 'languages'],
      'MAX_ITEMS',
      String(MOST_LANGUAGES),
    );
  }
  return {
    kinds: toKinds(filter.kinds),
    languages: filter.languages ?? null,
    isLocal: filter.localOnly ? true : filter.remoteOnly ? false : null,
    excludeSensitive: filter.includeSensitive === false,
    excludeAi: filter.excludeAi === true,
    excludeReposts: filter.excludeReposts === true,
  };
}

/** Formats as rows name them; null = all. */
export function toKinds(kinds: readonly PostKindName[] | null | undefined): PostKind[] | null {
  return kinds ? kinds.map((kind) => KINDS[kind]) : null;
}
