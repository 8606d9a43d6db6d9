/** An asset: what somebody uploaded and everything derived from it. Bytes live in the storage. */
import { defineEntity, p } from '@mikro-orm/core';
import type { Id } from '../platform/ids.js';
import type { VideoFacts } from './video-facts.js';

/** Identity of an asset. */
export type MediaId = Id<'media'>;

/** Life of an asset. */
export const MEDIA_STATES = {
  AWAITING_UPLOAD: 'A ticket exists; the bytes are still to come.',
  PROCESSING: 'The bytes are here; renditions are being made.',
  READY: 'Can be published and shown.',
  FAILED: 'Processing failed for a reason on this side; retryMedia has it tried again.',
  REJECTED: 'The file cannot be used; `failure` says why.',
} as const;

/** What an upload is for; it decides limits and processing. */
export const MEDIA_PURPOSES = {
  POST: 'A picture or a video of a post.',
  STORY: 'The picture of a story.',
  AVATAR: 'A profile picture; cropped to a square.',
  HEADER: 'A profile banner.',
  EMOJI: 'A custom emoji; at most 512 KiB. Only the staff can use it.',
  EMOJI_ARCHIVE:
    'Many custom emoji in a tar file, gzipped or not, or in a zip file, at most 256 MiB, for importCustomEmoji. For administrators.',
} as const;

/** What an upload is for as people say it. */
export type UploadPurpose = keyof typeof MEDIA_PURPOSES;

/** Owner of what belongs to the server itself; no actor has this id. */
export const SERVER_OWNER = '00000000-0000-7000-8000-000000000000' as Id<'actor'>;

/** Who may fetch the renditions: anybody, or whoever holds a signed link. */
export type MediaAccess = 'PRIVATE' | 'PUBLIC';

/** What an asset is; a file is read by the server alone and never shown. */
export type MediaKind = 'image' | 'video' | 'audio' | 'file';

/** One of the states. */
export type MediaState = keyof typeof MEDIA_STATES;

/** What an asset is for; a BLOB is what a client has encrypted, of which nothing is known. */
export type MediaPurpose = UploadPurpose | 'BLOB';

const schema = defineEntity({
  name: 'Media',
  tableName: 'media',
  properties: {
    id: p.uuid().$type<MediaId>().primary(),
    /** Actor that uploaded it. */
    ownerId: p.uuid().$type<Id<'actor'>>(),
    kind: p.text().$type<MediaKind>(),
    purpose: p.text().$type<MediaPurpose>(),
    access: p.text().$type<MediaAccess>().default('PRIVATE'),
    state: p.text().$type<MediaState>(),
    failure: p.text().nullable(),
    fileName: p.text().default(''),
    mimeType: p.text(),
    sizeBytes: p.bigint('bigint').default(0),
    /** Original and renditions together, as counted against the storage quota. */
    storedBytes: p.bigint('bigint').default(0),
    sha256: p.blob().nullable(),
    originalKey: p.text().nullable(),
    width: p.integer().nullable(),
    height: p.integer().nullable(),
    isAnimated: p.boolean().default(false),
    blurhash: p.text().nullable(),
    dominantColor: p.text().nullable(),
    altText: p.text().nullable(),
    focalX: p.float().default(0),
    focalY: p.float().default(0),
    /** The owner lets everybody who sees the picture see its camera data. */
    showsCameraData: p.boolean().default(false),
    remoteUrl: p.text().nullable(),
    /** Null for what is no video. */
    video: p.json().$type<VideoFacts>().nullable(),
    /** Of a video that is READY: more renditions are being made. */
    isGrowing: p.boolean().default(false),
    /** Moment of a video that its still picture shows; null = chosen here. */
    posterAtMs: p.integer().nullable(),
    /** Counts the choices of the still picture of a video; its renditions say of which they are. */
    posterVersion: p.integer().default(0),
    /** How often its owner had it tried again after it failed. */
    retries: p.smallint().default(0),
    /** As `failure`, for programs; null for pictures, too. */
    failureCode: p.text().nullable(),
    /** When it became part of a post or profile; unattached assets expire. */
    attachedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    deletedAt: p.datetime().nullable(),
  },
});

/** Row of `media`. */
export class Media extends schema.class {}
schema.setClass(Media);
