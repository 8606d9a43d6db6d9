// The field that is measured: an open post, read from the database for each event, visible by the real rule.
import { GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import type { CommandContext } from '../src/platform/context.js';
import { LiveSource, type LiveFilter } from '../src/platform/realtime/live-source.js';
import { statement, type Database } from '../src/platform/db/database.js';
import type { LiveEvent } from '../src/platform/realtime/live-event.js';
import { findWhoSees } from '../src/posts/live-visibility.queries.js';
import type { PostId } from '../src/posts/post.entity.js';

/** What every client asks for. */
export const QUERY =
  'subscription { postChanged { cursor change post { id caption publishedAt language author { id handle displayName } } } }';

/** The post that clients have open. */
export interface OpenPost {
  readonly id: string;
  readonly caption: string;
  readonly publishedAt: string;
  readonly language: string;
  readonly author: { readonly id: string; readonly handle: string; readonly displayName: string };
}

const POST = statement(
  'bench.post',
  `select p.id, p.content_html as caption, to_json(p.published_at) #>> '{}' as "publishedAt", coalesce(p.language, 'en') as language,
     json_build_object('id', a.id, 'handle', a.username, 'displayName', a.display_name) as author
   from posts p join actors a on a.id = p.author_id where p.id = $1`,
);

/** Reads the post. */
export async function readPost(database: Database, id: string): Promise<OpenPost> {
  const post = await database.row<OpenPost>(POST, [id]);
  if (!post) throw new Error('No post to measure with');
  return post;
}

/** Topic of the post. */
export function topicOf(postId: string): string {
  return `post:${postId}`;
}

/** The schema of our server, with the field on our live edge. */
export function liveSchema(postId: string): GraphQLSchema {
  const filter: LiveFilter = {
    isWanted: () => true,
    admit: ({ database }, _event, onlookers) =>
      findWhoSees(database, { id: postId as PostId }, onlookers),
  };
  return schemaOf(
    () => new LiveSource(filter, [topicOf(postId)], null),
    async ({ cursor }: LiveEvent, _args: object, { database }: CommandContext) => ({
      cursor,
      change: 'UPDATED',
      post: await readPost(database, postId),
    }),
  );
}

/** The same schema for a stock server, at its best: what it sends is in memory already. */
export function stockSchema(subscribe: () => AsyncIterable<object>): GraphQLSchema {
  return schemaOf(subscribe, (event: object) => event);
}

function schemaOf<Source, Context>(
  subscribe: () => AsyncIterable<Source> | AsyncIterable<LiveEvent>,
  resolve: (source: Source, args: object, context: Context) => unknown,
): GraphQLSchema {
  const extensions = { shared: true };
  const text = { type: new GraphQLNonNull(GraphQLString), extensions };
  const author = new GraphQLObjectType({
    name: 'Actor',
    fields: { id: text, handle: text, displayName: text },
  });
  const post = new GraphQLObjectType({
    name: 'Post',
    fields: {
      id: text,
      caption: text,
      publishedAt: text,
      language: text,
      author: { type: author, extensions },
    },
  });
  const event = new GraphQLObjectType({
    name: 'PostEvent',
    fields: { cursor: text, change: text, post: { type: post, extensions } },
  });
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { nothing: { type: GraphQLString } } }),
    subscription: new GraphQLObjectType<Source, Context>({
      name: 'Subscription',
      fields: { postChanged: { type: new GraphQLNonNull(event), extensions, subscribe, resolve } },
    }),
  });
}
