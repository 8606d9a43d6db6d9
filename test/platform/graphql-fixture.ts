// A small schema in the words of the public one, for tests of cost and limits.

import { buildSchema } from 'graphql';
import type { GraphQLSchema } from 'graphql';

const POST_FIELDS = `
  id: ID!
  caption: String!
  author: Actor!
  media: [Media!]!
  hashtags: [String!]!
  counts: PostCounts!
  comments(first: Int = 20, after: String): CommentConnection!
  viewerState: PostViewerState
  viewerPermissions: PostPermissions!`;

export const fixtureSchema: GraphQLSchema = buildSchema(`
  directive @cost(weight: String!) on FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = false) on FIELD_DEFINITION
  directive @requiresScope(anyOf: [String!]!) on FIELD_DEFINITION | OBJECT

  scalar Signature @cost(weight: "3")
  interface Node { id: ID! }
  interface Post implements Node { ${POST_FIELDS} }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Image { url: String! }
  type Media implements Node { id: ID! url: String altText: String }
  type PostCounts { likes: Int comments: Int }
  type PostViewerState { isLiked: Boolean! }
  type PostPermissions { canComment: Boolean! }
  type PhotoPost implements Node & Post { ${POST_FIELDS} taggedActors: [Actor!]! }
  type VideoPost implements Node & Post { ${POST_FIELDS} sound: Sound }
  type TextPost implements Node & Post { ${POST_FIELDS} title: String signature: Signature }
  type Sound implements Node { id: ID! artist: Actor }
  type Actor implements Node {
    id: ID! displayName: String! avatar: Image counts: ActorCounts!
    posts(first: Int = 20, after: String, last: Int, before: String): PostConnection!
    stories: [Story!]!
    highlights(first: Int = 20, after: String): HighlightConnection!
    matrix: [[Image!]!]!
  }
  type ActorCounts { followers: Int }
  type Story implements Node { id: ID! media: Media! }
  type Highlight implements Node { id: ID! cover: Image }
  type HighlightConnection { edges: [HighlightEdge!]! nodes: [Highlight!]! pageInfo: PageInfo! }
  type HighlightEdge { cursor: String! node: Highlight! }
  type PostConnection { edges: [PostEdge!]! nodes: [Post!]! pageInfo: PageInfo! }
  type PostEdge { cursor: String! node: Post! }
  type Comment implements Node { id: ID! author: Actor! replies(first: Int = 20, after: String): CommentConnection! }
  type CommentConnection { edges: [CommentEdge!]! nodes: [Comment!]! pageInfo: PageInfo! }
  type CommentEdge { cursor: String! node: Comment! }
  type FeedConnection { edges: [FeedEdge!]! pageInfo: PageInfo! }
  type FeedEdge { cursor: String! node: Post! explanation: Explanation! }
  type Explanation { summary: String! contributions: [Contribution!]! }
  type Contribution { signal: String! product: Float! }
  type ChatHome { conversations(first: Int = 20, after: String): ConversationConnection! }
  type ConversationConnection { edges: [ConversationEdge!]! nodes: [Conversation!]! pageInfo: PageInfo! }
  type ConversationEdge { cursor: String! node: Conversation! }
  type Conversation implements Node { id: ID! participants: [Participant!]! lastMessage: Message }
  type Participant { actor: Actor! }
  type Message { sentAt: String! }
  type Viewer implements Node {
    id: ID! actor: Actor! viewer: Viewer
    homeTimeline(first: Int = 20, after: String, last: Int, before: String): PostConnection!
    chat: ChatHome!
  }
  type Query {
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]! @listSize(slicingArguments: ["ids"])
    viewer: Viewer
    actor(id: ID!): Actor
    actors(ids: [ID!]): [Actor!]! @listSize(assumedSize: 100)
    post(id: ID!): Post
    publicTimeline(first: Int = 20, last: Int): PostConnection @listSize(slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
    feed(algorithmId: ID!, first: Int = 20): FeedConnection @cost(weight: "10") @listSize(slicingArguments: ["first"], sizedFields: ["edges"])
    translation(to: String!): Message @cost(weight: "20")
    search(text: String!): [Post!]! @cost(weight: "15") @listSize(assumedSize: 10)
    tags: [String!]!
  }
  input PublishInput { caption: String mediaIds: [ID!] }
  type PublishPayload { post: Post }
  type Mutation {
    publish(input: PublishInput!): PublishPayload!
    fetchRemote(input: PublishInput!): PublishPayload! @cost(weight: "50")
  }
`);
