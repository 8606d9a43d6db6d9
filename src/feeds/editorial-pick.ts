/** What the staff may pick, and by which criteria: they are public. */

/** Criteria with what each means. */
export const EDITORIAL_CRITERIA = {
  CRAFT: 'Made with unusual care or skill: light, composition, cut, sound.',
  STORY: 'Tells something that is worth knowing.',
  COMMUNITY: 'About the people or places of this server, or made with them.',
  NEWCOMER: 'By somebody who is not known here yet.',
  ACCESSIBILITY: 'Described or captioned so well that others can learn from it.',
} as const;

/** One of the criteria. */
export type EditorialCriterion = keyof typeof EDITORIAL_CRITERIA;

/** Longest reason, in characters. */
export const PICK_REASON_LENGTH = 500;

/** How long a pick is in force unless told otherwise, in days. */
export const PICK_DAYS = 14;

/** How long at most, in days. */
export const LONGEST_PICK_DAYS = 90;
