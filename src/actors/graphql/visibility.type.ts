/** GraphQL enums of who may see and who may answer. */
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { COMMENT_POLICIES, QUOTE_POLICIES, REMIX_POLICIES, VISIBILITIES } from '../visibility.js';

/** GraphQL enum of the visibilities. */
export const VisibilityEnum = describedEnum('Visibility', 'Who may see a post.', VISIBILITIES);

/** GraphQL enum of the comment policies. */
export const InteractionPolicyEnum = describedEnum(
  'InteractionPolicy',
  'Who may comment. Blocks rule it out in any case.',
  COMMENT_POLICIES,
);

/** GraphQL enum of the quote policies. */
export const QuotePolicyEnum = describedEnum(
  'QuotePolicy',
  'Who may quote a public or unlisted post. Blocks rule it out in any case, and no other post can be quoted.',
  QUOTE_POLICIES,
);

/** GraphQL enum of the remix policies. */
export const RemixPolicyEnum = describedEnum(
  'RemixPolicy',
  'Who may make a duet or stitch of a public or unlisted video, or take its sound. Blocks rule it out in any case, and no other video can be used.',
  REMIX_POLICIES,
);
