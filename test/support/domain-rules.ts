// Rules about whole servers, as the staff makes them.
import type { Person } from './world.js';

/** What saveDomainRule answers. */
export interface SavedDomainRule {
  readonly rule: { id: string; domain: string } | null;
  readonly severedRelationships: number | null;
  readonly userErrors: { code: string; path: string[] }[];
}

/** Makes a rule by the API. */
export async function saveRule(
  staff: Person,
  domain: string,
  severity: 'NONE' | 'LIMIT' | 'SUSPEND',
  more: object = {},
): Promise<SavedDomainRule> {
  const answer = await staff.graphql<{ saveDomainRule: SavedDomainRule }>(
    `mutation ($input: SaveDomainRuleInput!) { saveDomainRule(input: $input) {
       rule { id domain } severedRelationships userErrors { code path } } }`,
    { input: { domain, severity, ...more } },
  );
  if (!answer.data?.saveDomainRule) throw new Error(JSON.stringify(answer));
  return answer.data.saveDomainRule;
}

/** Ends a rule by the API. */
export async function deleteRule(staff: Person, ruleId: string): Promise<void> {
  const answer = await staff.graphql<{ deleteDomainRule: { userErrors: unknown[] } }>(
    'mutation ($input: DeleteDomainRuleInput!) { deleteDomainRule(input: $input) { userErrors { code } } }',
    { input: { ruleId } },
  );
  if (answer.data?.deleteDomainRule.userErrors.length !== 0)
    throw new Error(JSON.stringify(answer));
}
