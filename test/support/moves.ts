// Moving between accounts, through the public API.
import { WORLD_PASSWORD, type Person } from './world.js';

/** A refusal, as far as tests look at it. */
export interface Refusal {
  readonly code: string;
}

async function mutate(who: Person, field: string, input: object): Promise<string[]> {
  const type = field.charAt(0).toUpperCase() + field.slice(1);
  const answer = await who.graphql<Record<string, { userErrors: Refusal[] }>>(
    `mutation ($input: ${type}Input!) { ${field}(input: $input) { userErrors { code } } }`,
    { input },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data[field]!.userErrors.map(({ code }) => code);
}

/** Names another account; answers the codes of what was refused, as all of these do. */
export function nameAlias(who: Person, handle: string): Promise<string[]> {
  return mutate(who, 'setAccountAlias', { alias: { handle }, present: true });
}

/** Moves with all followers. */
export function moveTo(who: Person, handle: string): Promise<string[]> {
  return mutate(who, 'moveAccount', { target: { handle }, password: WORLD_PASSWORD });
}

/** Says where somebody is now; null = here. */
export function redirectTo(who: Person, handle: string | null): Promise<string[]> {
  return mutate(who, 'setAccountRedirect', {
    target: handle === null ? null : { handle },
    password: WORLD_PASSWORD,
  });
}

/** Follows by global id. */
export function followById(who: Person, actorId: string, more: object = {}): Promise<string[]> {
  return mutate(who, 'followActor', { actorId, ...more });
}

/** Any other mutation with an input. */
export const run = mutate;

/** How somebody's server has an actor. */
export interface SeenActor {
  readonly status: string;
  readonly movedTo: { readonly handle: string } | null;
  readonly viewerRelationship: {
    readonly isFollowing: boolean;
    readonly isRequested: boolean;
    readonly isBlocking: boolean;
    readonly isMuting: boolean;
  } | null;
}

/** An actor as a viewer sees it. */
export async function see(who: Person, id: string): Promise<SeenActor> {
  const answer = await who.graphql<{ node: SeenActor }>(
    `query ($id: ID!) { node(id: $id) { ... on Actor { status movedTo { handle }
       viewerRelationship { isFollowing isRequested isBlocking isMuting } } } }`,
    { id },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.node;
}
