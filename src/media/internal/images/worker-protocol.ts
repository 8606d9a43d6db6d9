// Messages between the server and an image worker. The worker reads hostile bytes, so the server believes
// nothing it says without checking: no path, no type and no sentence for people comes from there.
import { z } from 'zod';
import { REJECTION_REASONS } from './image-rejected.js';
import { RENDITION_NAMES } from './rendition-plan.js';
import type { ImagePurpose } from './rendition-plan.js';

/** One picture to process. */
export interface WorkerJob {
  inputPath: string;
  /** Empty directory for renditions and intermediate files; the server moves or removes what is in it. */
  workDirectory: string;
  purpose: ImagePurpose;
  maxPixels: number;
  maxFrames: number;
  heifConvertPath: string | null;
}

/** Types that are accepted, as told by the content. */
export const SOURCE_MIME_TYPES = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/avif',
  'image/gif',
  'image/heic',
] as const;

/** One accepted type. */
export type SourceMimeType = (typeof SOURCE_MIME_TYPES)[number];

const pixels = z.int().min(1).max(1_000_000);

const renditionReport = z.object({
  name: z.enum(RENDITION_NAMES),
  mimeType: z.enum(['image/jpeg', 'image/webp']),
  width: pixels,
  height: pixels,
});

const cameraText = z.string().regex(/^[^\p{C}\uFFFD]{1,100}$/u);

/** What a camera wrote about itself; null = nothing, or nothing of use. There is no field for a location. */
const cameraReport = z.object({
  camera: cameraText.nullable(),
  lens: cameraText.nullable(),
  focalLengthMm: z.number().min(0.1).max(10_000).nullable(),
  fNumber: z.number().min(0.1).max(1_000).nullable(),
  exposureSeconds: z.number().min(1e-6).max(86_400).nullable(),
  iso: z.int().min(1).max(65_535).nullable(),
  /** By the camera's clock, whose zone is unknown. */
  takenAt: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
    .nullable(),
});

const imageReport = z.object({
  sourceMimeType: z.enum(SOURCE_MIME_TYPES),
  /** Of the picture as uploaded, after its orientation was applied. */
  width: pixels,
  height: pixels,
  isAnimated: z.boolean(),
  hasAlpha: z.boolean(),
  camera: cameraReport.nullable(),
  blurhash: z.string().regex(/^[0-9A-Za-z#$%*+,\-.:;=?@[\]^_{|}~]{6,50}$/),
  dominantColor: z.string().regex(/^#[0-9a-f]{6}$/),
  renditions: z.array(renditionReport).min(1).max(RENDITION_NAMES.length),
});

const usage = z.object({
  /** Of the worker since its start, user and system. */
  cpuMicroseconds: z.int().min(0),
  maxRssBytes: z.int().min(0),
});

/** Everything a worker may say. */
export const workerMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('progress'), percent: z.number().min(0).max(100) }),
  z.object({ kind: z.literal('done'), image: imageReport, usage }),
  z.object({
    kind: z.literal('rejected'),
    reason: z.enum(REJECTION_REASONS),
    detail: z.string().max(2000),
    usage,
  }),
  /** A fault of this side, such as a full disk. */
  z.object({ kind: z.literal('failed'), detail: z.string().max(2000), usage }),
]);

/** What a worker says. */
export type WorkerMessage = z.infer<typeof workerMessage>;

/** What a camera wrote about itself. */
export type CameraReport = z.infer<typeof cameraReport>;

/** What a worker found and made. */
export type ImageReport = z.infer<typeof imageReport>;

/** One file that a worker made. */
export type RenditionReport = z.infer<typeof renditionReport>;
