/** Reacting to posts and comments. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { NotFound } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { parseGlobalId } from '../../platform/ids.js';
import type { CommentId, PostId } from '../post.entity.js';
import { setReaction } from '../set-reaction.js';
import { commentLoader, type CommentSource } from './comment.loader.js';
import { postLoader, type PostSource } from './post.loader.js';
import { Reactable } from './reactable.type.js';

@InputType('SetReactionInput', { description: 'A reaction to be set, changed or removed.' })
export class SetReactionInput {
  @Field(() => ID, { description: 'The post or comment.' })
  subjectId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Exactly one emoji, of Unicode or a custom one as `:shortcode:`; null removes the reaction. A like is ❤.',
  })
  content?: string | null;
}

@ObjectType('SetReactionPayload', { description: 'Answer of setReaction.' })
export class SetReactionPayload extends Payload {
  @Field(() => Reactable, {
    nullable: true,
    description: 'The post or comment with its new counters; null when refused.',
  })
  subject!: PostSource | CommentSource | null;
}

type Subject =
  | { readonly kind: 'post'; readonly id: PostId }
  | { readonly kind: 'comment'; readonly id: CommentId };

@Resolver()
export class ReactionMutations {
  @Mutation(() => SetReactionPayload, {
    description:
      'React to a post or comment with one emoji, in place of an earlier reaction. Setting it twice is the same as once; it can be taken back when its subject is not seen any more. Codes: NOT_FOUND, INVALID_INPUT.',
  })
  @RequiresScope('write:interactions')
  setReaction(
    @Arg('input', () => SetReactionInput, { description: 'The reaction.' }) input: SetReactionInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const subject = readSubject(input.subjectId);
        await setReaction(context, { subjectId: subject.id, content: input.content ?? null });
        return subject;
      },
      async (subject) => ({
        subject: await (subject.kind === 'post'
          ? load(context, postLoader, subject.id)
          : load(context, commentLoader, subject.id)),
      }),
    );
  }
}

function readSubject(globalId: string): Subject {
  const parsed = parseGlobalId(globalId);
  if (parsed?.kind === 'post') return { kind: 'post', id: parsed.id as PostId };
  if (parsed?.kind === 'comment') return { kind: 'comment', id: parsed.id as CommentId };
  throw new NotFound(['subjectId']);
}
