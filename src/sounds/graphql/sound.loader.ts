/** Sounds by id and by post, as far as the viewer sees them. */
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, type NodeSource } from '../../platform/graphql/node.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import type { PostId } from '../../posts/post.entity.js';
import type { SoundId } from '../sound.js';
import {
  countSoundUses,
  findSounds,
  findSoundUses,
  findVideosWithSounds,
  type SoundRow,
  type SoundUse,
} from '../sounds.queries.js';

/** A sound as resolvers see it. */
export type SoundSourceRow = SoundRow & NodeSource;

/** Sounds that the viewer sees. */
export const soundLoader = defineLoader<SoundId, SoundSourceRow>(async (context, ids) => {
  const rows = await findSounds(context.database, ids, context.readerId);
  return new Map(rows.map((row) => [row.id, { ...row, nodeType: 'Sound' as const }]));
});

/** What is heard in posts. */
export const soundUseLoader = defineLoader<PostId, SoundUse>(async (context, ids) => {
  const rows = await findSoundUses(context.database, ids);
  return new Map(rows.map((row) => [row.postId, row]));
});

/** In how many videos sounds are heard. */
export const useCountLoader = defineLoader<SoundId, number>(async (context, ids) => {
  const rows = await countSoundUses(context.database, ids, context.readerId);
  return new Map(rows.map(({ id, count }) => [id, count]));
});

/** Videos in which sounds are heard. */
export const soundVideosLoader = definePageLoader((context, ids, _variant: null, request) =>
  findVideosWithSounds(context.database, ids, request, context.readerId),
);

/** `sound_…` ids. */
export const soundNode = defineNode('sound', ['Sound'], soundLoader);
