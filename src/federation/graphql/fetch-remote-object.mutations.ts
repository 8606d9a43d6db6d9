/** The way to what is on other servers. */
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { actorLoader } from '../../actors/graphql/actor.loader.js';
import { NotFound } from '../../platform/errors.js';
import { readerOf, readingAs, type GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, OneOf, RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Node, type NodeSource } from '../../platform/graphql/node.js';
import { HandleScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { commentLoader } from '../../posts/graphql/comment.loader.js';
import { postLoader } from '../../posts/graphql/post.loader.js';
import { fetchRemoteObject, type FoundObject } from '../fetch-remote-object.js';

@InputType('FetchRemoteObjectInput', { description: 'Exactly one way to name it.' })
@OneOf()
export class FetchRemoteObjectInput {
  @Field(() => HandleScalar, { nullable: true, description: 'Handle of an actor, with its host.' })
  handle?: string | null;

  @Field(() => UrlScalar, {
    nullable: true,
    description:
      'ActivityPub id or page of an actor, a post or a comment; `acct:name@host` is the handle.',
  })
  url?: string | null;
}

@ObjectType('FetchRemoteObjectPayload', { description: 'Answer of fetchRemoteObject.' })
export class FetchRemoteObjectPayload extends Payload {
  @Field(() => Node, {
    nullable: true,
    description: 'The actor, post or comment; null when nothing was found that the viewer may see.',
  })
  object!: NodeSource | null;
}

@Resolver()
export class FetchRemoteObjectMutations {
  @Mutation(() => FetchRemoteObjectPayload, {
    description:
      'Look an actor, post or comment up by handle or address, on its own server where it is unknown here (WebFinger, ActivityPub); from then on it is known. At most 100 in an hour. Codes: NOT_FOUND, also when its server does not answer, is turned away here or has no public address; RATE_LIMITED.',
  })
  @RequiresScope('read:search')
  @Cost(50)
  fetchRemoteObject(
    @Arg('input', () => FetchRemoteObjectInput, { description: 'What to look up.' })
    { handle, url }: FetchRemoteObjectInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () =>
        fetchRemoteObject(context, {
          ...(handle != null && { handle }),
          ...(url != null && { url }),
        }),
      // It was looked up, not changed: a token that may not read posts learns no more of it here than elsewhere.
      async (found) => {
        const read = () => loadFound(context, found);
        const object = await readingAs(context, readerOf(context.viewer), read);
        if (!object) throw new NotFound([handle == null ? 'url' : 'handle']);
        return { object };
      },
    );
  }
}

function loadFound(context: GraphQLContext, found: FoundObject): Promise<NodeSource | null> {
  switch (found.kind) {
    case 'actor':
      return load(context, actorLoader, found.id);
    case 'post':
      return load(context, postLoader, found.id);
    case 'comment':
      return load(context, commentLoader, found.id);
  }
}
