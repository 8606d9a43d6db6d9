/** The core that photo, video and text posts and comments share. */
import { defineEntity, p } from '@mikro-orm/core';
import type { ActorId } from '../actors/actor.entity.js';
import type { CommentPolicy, QuotePolicy, Visibility } from '../actors/visibility.js';
import type { PlaceId } from '../places/place.js';
import type { Id } from '../platform/ids.js';
import type { Narrowing } from './comment-visibility.js';

/** Identity of a post. */
export type PostId = Id<'post'>;

/** Identity of a comment; comments are rows of the same table. */
export type CommentId = Id<'comment'>;

/** Identity of a repost. */
export type RepostId = Id<'repost'>;

/** Formats of a post, and the comment. */
export type PostKind = 'photo' | 'video' | 'text' | 'comment';

/** Formats that are published here. */
export type PublishedKind = Extract<PostKind, 'photo' | 'video'>;

/** Disclosure of AI use by the author. */
export const AI_DISCLOSURES = {
  NONE: 'Made without generative AI.',
  ASSISTED: 'AI helped to make or change it.',
  GENERATED: 'AI made it.',
} as const;

/** One of the disclosures. */
export type AiDisclosure = keyof typeof AI_DISCLOSURES;

const schema = defineEntity({
  name: 'Post',
  tableName: 'posts',
  properties: {
    id: p.uuid().$type<PostId | CommentId>().primary(),
    kind: p.text().$type<PostKind>(),
    authorId: p.uuid().$type<ActorId>(),
    /** The post a comment belongs to; null for a post. */
    rootId: p.uuid().$type<PostId>().nullable(),
    /** The comment that a comment answers; null for a post or a first-level comment. */
    parentId: p.uuid().$type<CommentId>().nullable(),
    /** The comment by whose hiding it is hidden: itself, or one above it; null = not hidden, or a post. */
    hiddenThrough: p.uuid().$type<CommentId>().nullable(),
    /** Of a comment: whom it is for by itself; null = whoever sees what it answers, or a post. */
    narrowedTo: p.text().$type<Narrowing>().nullable(),
    /** Itself and the comments above it, as far as each is for fewer people than see the post; null = none is, or a post. */
    narrowedThrough: p.array().columnType('uuid[]').$type<CommentId[]>().nullable(),
    isLocal: p.boolean(),
    uri: p.text().unique(),
    url: p.text(),
    /** Of a video, or of a text from elsewhere; the HTML begins with it as well. */
    title: p.text().nullable(),
    contentHtml: p.text().default(''),
    contentSource: p.text().nullable(),
    language: p.text().nullable(),
    visibility: p.text().$type<Visibility>(),
    contentWarning: p.text().nullable(),
    isSensitive: p.boolean().default(false),
    aiDisclosure: p.text().$type<AiDisclosure>().default('NONE'),
    license: p.text().nullable(),
    /** Under which its author put a video; null = none. */
    category: p.text().nullable(),
    /** Of a video: whoever sees it may keep a copy. */
    allowsDownload: p.boolean().default(false),
    commentPolicy: p.text().$type<CommentPolicy>().default('EVERYONE'),
    placeId: p.uuid().$type<PlaceId>().nullable(),
    /** What its author on another server calls the place; null = nothing, or a post of this server. */
    placeName: p.text().nullable(),
    quotePolicy: p.text().$type<QuotePolicy>().default('EVERYONE'),
    /** The post that it quotes; null = none, or a comment. */
    quotedId: p.uuid().$type<PostId>().nullable(),
    /** When the author of the quoted post took it out of this one; null = did not. */
    quoteDetachedAt: p.datetime().nullable(),
    publishedAt: p.datetime(),
    editedAt: p.datetime().nullable(),
    /** When its author pinned it to the profile; null = not pinned. Never set for a comment. */
    pinnedAt: p.datetime().nullable(),
    /** When its author put it away; null = not. Never set for a comment. */
    archivedAt: p.datetime().nullable(),
    deletedAt: p.datetime().nullable(),
  },
});

/** Row of `posts`. */
export class Post extends schema.class {}
schema.setClass(Post);
