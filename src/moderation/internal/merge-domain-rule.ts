/** What holds when two lists speak of one domain. */
import { DOMAIN_SEVERITIES, type DomainRuleDraft } from '../../actors/domain-rule.js';

const ORDER = Object.keys(DOMAIN_SEVERITIES);

/** The stricter of both in each respect; the very rule that there is when the other one adds nothing. */
export function merge(
  before: DomainRuleDraft | undefined,
  draft: DomainRuleDraft,
): DomainRuleDraft {
  if (!before) return draft;
  const isStricter = ORDER.indexOf(draft.severity) > ORDER.indexOf(before.severity);
  const after: DomainRuleDraft = {
    ...before,
    severity: isStricter ? draft.severity : before.severity,
    rejectsMedia: before.rejectsMedia || draft.rejectsMedia,
    rejectsReports: before.rejectsReports || draft.rejectsReports,
    publicComment: before.publicComment ?? draft.publicComment,
  };
  const isSame =
    after.severity === before.severity &&
    after.rejectsMedia === before.rejectsMedia &&
    after.rejectsReports === before.rejectsReports &&
    after.publicComment === before.publicComment;
  return isSame ? before : after;
}
