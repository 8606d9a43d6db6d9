/** Choosing how feeds are made, and saying what to show less of. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ActorId } from '../../actors/actor.entity.js';
import { Invalid, NotFound } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { answer } from '../../platform/graphql/mutation.js';
import { parseGlobalId, type Id } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import type { PostId } from '../../posts/post.entity.js';
import { setHiddenInFeeds, setLessLikeThis } from '../give-feed-feedback.js';
import { resetInterests } from '../reset-interests.js';
import { updateFeedPreferences } from '../update-feed-preferences.js';
import { loadPreferences } from './feed-preferences.type.js';
import {
  GiveFeedFeedbackInput,
  GiveFeedFeedbackPayload,
  ResetInterestsInput,
  ResetInterestsPayload,
  toPreferencesChange,
  UpdateFeedPreferencesInput,
  UpdateFeedPreferencesPayload,
} from './feed.input.js';

@Resolver()
export class FeedMutations {
  @Mutation(() => UpdateFeedPreferencesPayload, {
    description:
      'Choose how feeds are made. Turning profiling off forgets everything that was known. Codes: INVALID_INPUT, LIMIT_EXCEEDED.',
  })
  @RequiresScope('write:feeds')
  updateFeedPreferences(
    @Arg('input', () => UpdateFeedPreferencesInput, { description: 'What to change.' })
    input: UpdateFeedPreferencesInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () => updateFeedPreferences(context, toPreferencesChange(input)),
      () => present(context),
    );
  }

  @Mutation(() => GiveFeedFeedbackPayload, {
    description:
      'Want less like a post (needs profiling), or nothing of an author in `for-you`; or take that back. A repeat changes nothing. Codes: INVALID_INPUT, NOT_FOUND, CONFLICT, LIMIT_EXCEEDED.',
  })
  @RequiresScope('write:feeds')
  giveFeedFeedback(
    @Arg('input', () => GiveFeedFeedbackInput, { description: 'About what.' })
    input: GiveFeedFeedbackInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () => giveFeedback(context, input),
      () => present(context),
    );
  }

  @Mutation(() => ResetInterestsPayload, {
    description:
      'Forget what the viewer did with posts of some authors and hashtags until now, or everything; what is done from now on counts again. Codes: INVALID_INPUT.',
  })
  @RequiresScope('write:feeds')
  resetInterests(
    @Arg('input', () => ResetInterestsInput, { description: 'What to forget.' })
    input: ResetInterestsInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const parsed = (input.subjectIds ?? []).map(parseGlobalId);
        const of = <Kind extends string>(kind: Kind) =>
          parsed.flatMap((each) => (each?.kind === kind ? [each.id as Id<Kind>] : []));
        const [actorIds, hashtagIds] = [of('actor'), of('hashtag')];
        const [isAll, isNamed] = [input.all, parsed.length > 0];
        await resetInterests(context, { actorIds, hashtagIds, isAll, isNamed });
      },
      () => present(context),
    );
  }
}

async function giveFeedback(
  context: GraphQLContext,
  { subjectId, control, undo }: GiveFeedFeedbackInput,
): Promise<void> {
  const parsed = parseGlobalId(subjectId);
  if (control === 'LESS_LIKE_THIS') {
    if (parsed?.kind !== 'post') throw new NotFound(['subjectId']);
    return setLessLikeThis(context, { postId: parsed.id as PostId, isLess: !undo });
  }
  if (control !== 'HIDE_AUTHOR')
    throw new Invalid(
      'Give LESS_LIKE_THIS or HIDE_AUTHOR.',
      ['control'],
      'ENUM',
      'LESS_LIKE_THIS, HIDE_AUTHOR',
    );
  if (parsed?.kind !== 'actor') throw new NotFound(['subjectId']);
  return setHiddenInFeeds(context, { authorId: parsed.id as ActorId, isHidden: !undo });
}

async function present(context: GraphQLContext) {
  return { preferences: await loadPreferences(context, requireViewer(context).actorId) };
}
