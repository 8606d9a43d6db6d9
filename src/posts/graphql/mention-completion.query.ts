/** Completing a mention while somebody types. */
import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { Invalid } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { parseGlobalId } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { completeMention, MENTION_COMPLETIONS } from '../mention-completion.queries.js';
import type { PostId } from '../post.entity.js';
import { postLoader } from './post.loader.js';

const LONGEST = 100;

@Resolver()
export class MentionCompletionQuery {
  @Query(() => [ActorType], {
    description:
      'People whose username, or a word of whose name, begins with a text: whose whole username it is, then who takes part in the thread, then mutual follows, whom the viewer follows, followers, and others who want to be found; among equals those with most followers. Nobody behind a block, and not the viewer. An unknown post counts as none.',
  })
  @RequiresScope('read:search')
  @ListSize({ slicingArguments: ['first'] })
  async mentionCompletions(
    @Arg('beginning', () => String, {
      description:
        'What was typed, at most 100 characters, with or without the first @, as `ad`, `ada@b.ex`; empty = whoever is closest.',
    })
    beginning: string,
    @Arg('postId', () => ID, {
      nullable: true,
      description: 'The post that is commented on; null = none.',
    })
    postId: string | null | undefined,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: 8,
      description: 'People wanted, 1–20.',
    })
    first: number | null | undefined,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource[]> {
    const { actorId } = requireViewer(context);
    const size = first ?? 8;
    if (size < 1 || size > MENTION_COMPLETIONS)
      throw new Invalid('first must be between 1 and 20.', ['first'], 'RANGE', '1..20');
    if (beginning.length > LONGEST)
      throw new Invalid('At most 100 characters.', ['beginning'], 'MAX_LENGTH', String(LONGEST));
    const [name = '', domain] = beginning.replace(/^@/, '').toLowerCase().split('@');
    const found = await completeMention(
      context.database,
      actorId,
      { name, domain: domain ?? null, postId: await seenPost(context, postId) },
      context.config.publicUrl.host,
      size,
    );
    const actors = await Promise.all(found.map((id) => load(context, actorLoader, id)));
    return actors.filter((actor) => actor !== null);
  }
}

async function seenPost(
  context: GraphQLContext,
  globalId: string | null | undefined,
): Promise<PostId | null> {
  const parsed = globalId == null ? null : parseGlobalId(globalId);
  if (parsed?.kind !== 'post') return null;
  return (await load(context, postLoader, parsed.id as PostId))?.id ?? null;
}
