// Who stands how to whom in the tables of permissions: everything belongs to the owner, or is about the owner.
import { block, follow, unfollow } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

/** How somebody stands to the owner of a thing. */
export const STANDINGS = [
  'nobody',
  'stranger',
  'follower',
  'exFollower',
  'blocked',
  'owner',
  'moderator',
  'admin',
] as const;

/** One of the standings. */
export type Standing = (typeof STANDINGS)[number];

/** One person of each standing; nobody is null. */
export type Cast = { readonly nobody: null } & Readonly<
  Record<Exclude<Standing, 'nobody'>, Person>
>;

let casts = 0;

/** Brings in one person of each standing, all of them new. */
export async function newCast(world: World): Promise<Cast> {
  casts += 1;
  const local = (name: string) => world.local(`${name}_${casts}`);
  const cast = {
    nobody: null,
    owner: await local('ada'),
    stranger: await local('ben'),
    follower: await local('fay'),
    exFollower: await local('xenia'),
    blocked: await local('mallory'),
    moderator: await world.moderator(`mia_${casts}`),
    admin: await world.admin(`abe_${casts}`),
  };
  await follow(world, cast.follower, cast.owner);
  await follow(world, cast.exFollower, cast.owner);
  await follow(world, cast.blocked, cast.owner);
  await unfollow(world, cast.exFollower, cast.owner);
  await block(world, cast.owner, cast.blocked);
  return cast;
}
