// The page that clients ask for most: twenty posts with author, pictures, counters and what the viewer did.
import { send, type Contestant } from './contestant.js';

/** Posts on a page. */
export const PAGE_SIZE = 20;

/** One page of the viewer's home timeline. */
export const HOME_QUERY = `query Home($first: Int!, $after: String) {
  viewer {
    homeTimeline(first: $first, after: $after) {
      edges {
        cursor
        node {
          __typename
          id
          url
          caption
          publishedAt
          author { id handle displayName avatar { url } }
          media { __typename id url blurhash altText ... on ImageMedia { width height } }
          counts { likes comments }
          viewerState { isLiked reaction }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

/** One page, checked: a server that answers errors quickly must not win. */
export async function fetchPage(
  server: Contestant,
  token?: string,
  after: string | null = null,
): Promise<{ readonly text: string; readonly endCursor: string }> {
  const text = await send(server, {
    query: HOME_QUERY,
    variables: { first: PAGE_SIZE, after },
    token,
  });
  const { data, errors } = JSON.parse(text) as {
    data?: { viewer?: { homeTimeline: HomePage } };
    errors?: unknown;
  };
  const page = data?.viewer?.homeTimeline;
  const isFull =
    page?.edges.length === PAGE_SIZE && page.edges.every(({ node }) => node.media.length === 1);
  if (errors || !page || !isFull) throw new Error(`not a full page: ${text.slice(0, 500)}`);
  return { text, endCursor: page.pageInfo.endCursor };
}

interface HomePage {
  readonly edges: readonly { readonly node: { readonly media: readonly unknown[] } }[];
  readonly pageInfo: { readonly endCursor: string };
}
