/** Facts about assets. Live readers of `media:<id>` follow an upload and its processing. */
import { defineEvent } from '../platform/journal/event.js';
import type { MediaId, MediaKind } from './media.entity.js';

/** Live topic of one asset; only its owner may listen. */
export function mediaTopic(mediaId: MediaId): string {
  return `media:${mediaId}`;
}

/** An asset and nothing else: readers fetch its present state. */
export interface MediaEvent {
  readonly mediaId: MediaId;
}

/** Some of the work is done. */
export interface MediaProgress extends MediaEvent {
  readonly stage: 'UPLOAD' | 'PROCESSING';
  /** 0–100. */
  readonly percent: number;
  /** It waits for its turn, and has moved up. */
  readonly isWaiting?: true;
  /** Of a video, each quality that is to be made. */
  readonly renditions?: readonly RenditionProgress[];
}

/** How far one quality of a video is. */
export interface RenditionProgress {
  /** Of its rendition, such as `video-720`. */
  readonly name: string;
  /** 0–100. */
  readonly percent: number;
}

/** An asset whose bytes are here. */
export interface ReceivedEvent extends MediaEvent {
  readonly kind: MediaKind;
}

/** All bytes of an upload are here. */
export const uploadReceived = defineEvent<ReceivedEvent>('uploadReceived', (event) => [
  mediaTopic(event.mediaId),
]);

/** Bytes came in, or processing went on. */
export const mediaProgressed = defineEvent<MediaProgress>('mediaProgressed', (event) => [
  mediaTopic(event.mediaId),
]);

/** It can be shown; of a video, more renditions may follow, each batch with another such event. */
export const mediaReady = defineEvent<MediaEvent>('mediaReady', (event) => [
  mediaTopic(event.mediaId),
]);

/** What is heard in a video can be fetched. */
export const soundStored = defineEvent<MediaEvent>('soundStored');

/** All qualities of a video are made. */
export const videoMade = defineEvent<MediaEvent>('videoMade');

/** The asset cannot be used; its `failure` says why. */
export const mediaFailed = defineEvent<MediaEvent>('mediaFailed', (event) => [
  mediaTopic(event.mediaId),
]);

/** Nothing refers to the asset any more: its bytes have to go. */
export const mediaReleased = defineEvent<MediaEvent>('mediaReleased', (event) => [
  mediaTopic(event.mediaId),
]);

/** What a picture shows is said in other words. */
export const mediaDescribed = defineEvent<MediaEvent>('mediaDescribed');

/** The owner of a video chose a moment of it as its still picture, which is to be made. */
export const posterChosen = defineEvent<MediaEvent>('posterChosen');

/** A video has another still picture than before. */
export const posterChanged = defineEvent<MediaEvent>('posterChanged', (event) => [
  mediaTopic(event.mediaId),
]);

/** A video has other captions than before. */
export const captionsChanged = defineEvent<MediaEvent>('captionsChanged', (event) => [
  mediaTopic(event.mediaId),
]);

/** An asset that another server has. */
export interface RemoteMediaEvent extends MediaEvent {
  /** Where it is to be had. */
  readonly host: string;
}

/** Another server has a picture that is to be shown here. */
export const remoteMediaFound = defineEvent<RemoteMediaEvent>('remoteMediaFound');
