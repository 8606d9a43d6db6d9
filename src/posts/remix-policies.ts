/** Who may make what of videos. */
import type { RemixPolicy } from '../actors/visibility.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import type { PostId } from './post.entity.js';

/** What a video takes from another one. */
export const REMIX_KINDS = {
  DUET: 'Both are shown at once.',
  STITCH: 'It begins with the first seconds of the other one.',
  SOUND: 'The sound.',
} as const;

/** One of the kinds. */
export type RemixKind = keyof typeof REMIX_KINDS;

/** Who may make what of a video. */
export type RemixPolicies = Readonly<Record<RemixKind, RemixPolicy>>;

/** What an author says of one video; absent = as it is, null = as they have set for themselves. */
export interface RemixPolicyChoice {
  readonly duet?: RemixPolicy | null | undefined;
  readonly stitch?: RemixPolicy | null | undefined;
  readonly sound?: RemixPolicy | null | undefined;
}

/** A policy by its name: of the post, else as its author has set for themselves now. */
const policyOf = (column: string, setting: string) =>
  `coalesce(chosen.${column}, settings->>'${setting}', 'EVERYONE') as ${column}`;
const POLICIES = statement(
  'remixes.policies',
  `select p.id, ${policyOf('duet', 'defaultDuetPolicy')}, ${policyOf('stitch', 'defaultStitchPolicy')},
     ${policyOf('sound', 'defaultSoundPolicy')}
   from posts p left join remix_policies chosen on chosen.post_id = p.id
     left join accounts on accounts.actor_id = p.author_id
   where p.id = any($1::uuid[])`,
);
const SET = statement(
  'remixes.set_policies',
  `insert into remix_policies as chosen (post_id, duet, stitch, sound) values ($1, $3, $5, $7)
   on conflict (post_id) do update set duet = case when $2 then $3 else chosen.duet end,
     stitch = case when $4 then $5 else chosen.stitch end, sound = case when $6 then $7 else chosen.sound end
   where (chosen.duet, chosen.stitch, chosen.sound) is distinct from (case when $2 then $3 else chosen.duet end,
     case when $4 then $5 else chosen.stitch end, case when $6 then $7 else chosen.sound end)
   returning post_id`,
);

interface PolicyRow {
  readonly id: PostId;
  readonly duet: RemixPolicy;
  readonly stitch: RemixPolicy;
  readonly sound: RemixPolicy;
}

/** Who may make what of posts. */
export async function findRemixPolicies(
  reader: Reader,
  postIds: readonly string[],
): Promise<Map<PostId, RemixPolicies>> {
  const rows = await reader.rows<PolicyRow>(POLICIES, [postIds]);
  return new Map(
    rows.map(({ id, duet, stitch, sound }) => [id, { DUET: duet, STITCH: stitch, SOUND: sound }]),
  );
}

/** Changes who may make what of a video; true when something may be different now. Needs a transaction. */
export async function setRemixPolicies(
  tx: Transaction,
  postId: PostId,
  { duet, stitch, sound }: RemixPolicyChoice,
): Promise<boolean> {
  const policies = [duet, stitch, sound];
  if (policies.every((policy) => policy === undefined)) return false;
  const values = policies.flatMap((policy) => [policy !== undefined, policy ?? null]);
  return (await tx.row(SET, [postId, ...values])) !== null;
}
