// The two servers that ours is compared with, each in a process of its own.
// `static`: Apollo answers the page from memory: what GraphQL itself costs.
// `stock`: Apollo and Express as their guides show them, with the same rows through DataLoader.
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import DataLoader from 'dataloader';
import express from 'express';
import { buildSchema, isAbstractType, type GraphQLSchema } from 'graphql';
import pg from 'pg';

const [mode, schemaFile, pageFile, databaseUrl] = process.argv.slice(2);
const schema = buildSchema(readFileSync(schemaFile!, 'utf8'));
nameTypes(schema);
const rootValue =
  mode === 'static' ? readPage() : stockRoot(new pg.Pool({ connectionString: databaseUrl }));
const apollo = new ApolloServer({ schema, rootValue });
await apollo.start();
const app = express();
app.use('/graphql', express.json(), expressMiddleware(apollo));
const http = createServer(app).listen(0, '127.0.0.1', () => {
  process.send?.({ port: (http.address() as AddressInfo).port });
});

/** Objects in memory say their type themselves. */
function nameTypes(target: GraphQLSchema): void {
  for (const type of Object.values(target.getTypeMap())) {
    if (isAbstractType(type))
      type.resolveType = (value: { __typename: string }) => value.__typename;
  }
}

function readPage(): unknown {
  return (JSON.parse(readFileSync(pageFile!, 'utf8')) as { data: unknown }).data;
}

interface PostRow {
  readonly id: string;
  readonly author_id: string;
  readonly url: string;
  readonly content_html: string;
  readonly published_at: Date;
}

/** Plain resolvers: one query for the page, one per kind of thing that belongs to it. */
function stockRoot(pool: pg.Pool): unknown {
  const byId = (text: string, key: string) =>
    new DataLoader<string, Record<string, unknown>[]>(async (ids) => {
      const { rows } = await pool.query<Record<string, unknown>>(text, [ids]);
      return ids.map((id) => rows.filter((row) => row[key] === id));
    });
  return {
    viewer: () => ({ homeTimeline: ({ first }: { first: number }) => page(first) }),
  };

  async function page(first: number): Promise<unknown> {
    const authors = byId('select * from actors where id = any($1)', 'id');
    const media = byId(
      `select pm.post_id, m.*, r.storage_key from post_media pm join media m on m.id = pm.media_id
       join renditions r on r.media_id = m.id and r.name = 'large' where pm.post_id = any($1) order by pm.position`,
      'post_id',
    );
    const counts = byId('select * from post_counts where post_id = any($1)', 'post_id');
    const reactions = byId(
      `select * from reactions where post_id = any($1) and actor_id = (select id from actors where username = 'author0')`,
      'post_id',
    );
    const { rows } = await pool.query<PostRow>(
      `select p.* from home_timeline_entries e join posts p on p.id = e.post_id
       where e.owner_id = (select id from actors where username = 'author0') order by e.post_id desc limit $1`,
      [first],
    );
    return {
      edges: rows.map((post) => ({
        cursor: post.id,
        node: stockPost(post, { authors, media, counts, reactions }),
      })),
      pageInfo: { hasNextPage: true, endCursor: rows.at(-1)?.id },
    };
  }
}

type Loaders = Record<
  'authors' | 'media' | 'counts' | 'reactions',
  DataLoader<string, Record<string, unknown>[]>
>;

function stockPost(post: PostRow, loaders: Loaders): unknown {
  return {
    __typename: 'PhotoPost',
    id: post.id,
    url: post.url,
    caption: post.content_html,
    publishedAt: post.published_at.toISOString(),
    author: async () => {
      const [actor] = await loaders.authors.load(post.author_id);
      return {
        id: actor?.['id'],
        handle: actor?.['username'],
        displayName: actor?.['display_name'],
        avatar: null,
      };
    },
    media: async () =>
      (await loaders.media.load(post.id)).map((row) => ({
        __typename: 'ImageMedia',
        id: row['id'],
        url: `https://bench.example/media/${String(row['storage_key'])}`,
        blurhash: row['blurhash'],
        altText: row['alt_text'],
        width: row['width'],
        height: row['height'],
      })),
    counts: async () => {
      const [row] = await loaders.counts.load(post.id);
      return { likes: row?.['likes'], comments: row?.['comments'] };
    },
    viewerState: async () => {
      const [row] = await loaders.reactions.load(post.id);
      return { isLiked: row?.['content'] === '❤', reaction: row?.['content'] ?? null };
    },
  };
}
