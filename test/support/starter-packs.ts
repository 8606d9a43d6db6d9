// Starter packs made through the public API.
import type { Answered } from './posts.js';
import type { Person, World } from './world.js';

/** A pack as its lists show it. */
export interface SeenPack {
  readonly id: string;
  readonly title: string;
  readonly isListed: boolean;
  readonly useCount: number;
  readonly actorCount: number;
  readonly viewerFollowingCount: number | null;
  readonly viewerHasUsed: boolean;
  readonly viewerIsMember: boolean;
  readonly viewerHasRefused: boolean;
  readonly actors: { readonly nodes: readonly { readonly username: string }[] };
}

const FIELDS = `id title description descriptionSource isListed useCount actorCount viewerFollowingCount viewerHasUsed
  viewerIsMember viewerHasRefused owner { username } url hashtags { name hashtag { name } }
  actors(first: 100) { nodes { username } }`;

const SAVE = `mutation ($input: SaveStarterPackInput!) { saveStarterPack(input: $input) {
  starterPack { ${FIELDS} } userErrors { code path } } }`;

/** Answer of the mutations about one pack. */
export type AnsweredPack = Answered<{
  starterPack: SeenPack | null;
  actorCount?: number | null;
}>;

/** Makes or changes a pack. */
export async function savePack(who: Person, input: Record<string, unknown>): Promise<AnsweredPack> {
  const answer = await who.graphql<{ saveStarterPack: AnsweredPack }>(SAVE, { input });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.saveStarterPack;
}

/** Makes a pack with these people; answers its id. */
export async function makePack(
  who: Person,
  people: readonly Pick<Person, 'actorGlobalId'>[],
  input: Record<string, unknown> = {},
): Promise<string> {
  const actorIds = people.map(({ actorGlobalId }) => actorGlobalId);
  const { starterPack, userErrors } = await savePack(who, { title: 'Kites', actorIds, ...input });
  if (!starterPack) throw new Error(JSON.stringify(userErrors));
  return starterPack.id;
}

/** Sends one of the other mutations that answer with a pack. */
export async function actOnPack(
  who: Person,
  mutation: 'setInStarterPack' | 'setStarterPackRefused' | 'useStarterPack',
  input: Record<string, unknown>,
): Promise<AnsweredPack> {
  const stem = mutation.charAt(0).toUpperCase() + mutation.slice(1);
  const more = mutation === 'useStarterPack' ? 'actorCount' : '';
  const answer = await who.graphql<Record<string, AnsweredPack>>(
    `mutation ($input: ${stem}Input!) { ${mutation}(input: $input) {
      starterPack { ${FIELDS} } ${more} userErrors { code path } } }`,
    { input },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data[mutation]!;
}

/** A pack as somebody sees it; null = not there. */
export async function seePack(who: Person | World, id: string): Promise<SeenPack | null> {
  const answer = await who.graphql<{ node: SeenPack | null }>(
    `query ($id: ID!) { node(id: $id) { ... on StarterPack { ${FIELDS} } } }`,
    { id },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.node;
}

/** Usernames in a pack, in order. */
export function namesIn(pack: SeenPack | null): string[] | undefined {
  return pack?.actors.nodes.map(({ username }) => username);
}

/** Lets people be found. */
export async function beDiscoverable(...people: readonly Person[]): Promise<void> {
  for (const person of people)
    await person.graphql(
      'mutation { updateProfile(input: { isDiscoverable: true }) { userErrors { code } } }',
    );
}
