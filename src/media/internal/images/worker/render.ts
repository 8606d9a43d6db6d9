// Writes renditions. Metadata is dropped by default in sharp; nothing here may ask for it to be kept.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Sharp } from 'sharp';
import { ANIMATION, FILE_EXTENSIONS, OPAQUE, specsFor, TRANSPARENT } from '../rendition-plan.js';
import type {
  Encoding,
  RenditionMimeType,
  RenditionName,
  RenditionPlan,
  RenditionSpec,
} from '../rendition-plan.js';
import type { RenditionReport } from '../worker-protocol.js';
import { fit, inDisplayP3, turn } from './base-picture.js';
import type { BasePicture } from './base-picture.js';
import { open } from './decoder.js';
import type { Picture } from './inspect.js';
import { blamePicture, Rejection } from './rejection.js';

/** All that is needed to derive files from one picture. */
export interface Rendering {
  picture: Picture;
  base: BasePicture;
  plan: RenditionPlan;
  directory: string;
  /** Part of the work that is done, 0 to 1. */
  onProgress: (share: number) => void;
}

/** Writes every planned rendition, largest first. */
export async function renderAll(rendering: Rendering): Promise<RenditionReport[]> {
  const { isAnimated } = rendering.picture;
  const steps = [
    ...(isAnimated ? animationSteps(rendering) : stillSteps(rendering)),
    ...opaqueSteps(rendering),
  ];
  const reports: RenditionReport[] = [];
  for (const step of steps) {
    reports.push(await step());
    rendering.onProgress(reports.length / steps.length);
  }
  return reports;
}

type Step = () => Promise<RenditionReport>;

function stillSteps(rendering: Rendering): Step[] {
  const { base, plan } = rendering;
  return specsFor(plan, Math.max(base.width, base.height)).map(
    (spec) => () => renderStill(rendering, spec),
  );
}

/** The animation itself, its first frame as a still of feed quality, and the smallest size. */
function animationSteps(rendering: Rendering): Step[] {
  const { specs } = rendering.plan;
  const feed = specs.find((spec) => spec.maxSide <= ANIMATION.maxSide) ?? specs[0];
  const smallest = specs[specs.length - 1] ?? specs[0];
  return [
    () => renderAnimation(rendering),
    () => renderStill(rendering, { ...feed, name: 'still' }),
    () => renderStill(rendering, smallest),
  ];
}

/** On white, where all else is transparent and would otherwise be JPEG. */
function opaqueSteps({ base, plan, directory }: Rendering): Step[] {
  const [{ encoding, maxSide }] = plan.specs;
  if (!base.hasAlpha || encoding.format !== 'jpeg') return [];
  const side = Math.min(maxSide, OPAQUE.maxSide);
  return [
    () => {
      const resized = base
        .open()
        .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true });
      const flat = resized.flatten({ background: OPAQUE.background });
      return save(directory, 'opaque', encode(flat, encoding), false);
    },
  ];
}

async function renderStill(rendering: Rendering, spec: RenditionSpec): Promise<RenditionReport> {
  const { picture, base } = rendering;
  const encoding = encodingFor(spec, picture, base.hasAlpha);
  if (picture.hasGainMap && spec.isMaster && encoding.format === 'jpeg') {
    const kept = await saveWithGainMap(rendering, spec, encoding);
    if (kept) return kept;
  }
  const resized = base.open().resize({
    width: spec.maxSide,
    height: spec.maxSide,
    fit: 'inside',
    withoutEnlargement: true,
  });
  const visible = base.hasAlpha ? resized : resized.removeAlpha();
  const coloured = spec.isMaster && picture.isWideGamut ? visible.keepIccProfile() : visible;
  return save(rendering.directory, spec.name, encode(coloured, encoding), false);
}

/** Null when the gain map is broken: the picture itself has already been decoded and is fine. */
async function saveWithGainMap(
  rendering: Rendering,
  spec: RenditionSpec,
  encoding: Encoding,
): Promise<RenditionReport | null> {
  try {
    const mapped = encode(withGainMap(rendering, spec), encoding);
    return await save(rendering.directory, spec.name, mapped, true);
  } catch (error) {
    if (error instanceof Rejection && error.reason === 'DAMAGED') return null;
    throw error;
  }
}

/**
 * The gain map is tied to the loader of the original file, so these sizes are decoded from there.
 *
 * @NOTE sharp 0.35.5 reads freed memory when autoOrient() meets keepGainMap(): the turns are spelled out instead.
 */
function withGainMap({ picture, plan }: Rendering, spec: RenditionSpec): Sharp {
  const turned = turn(
    open(picture.path, { limitInputPixels: picture.maxInputPixels }),
    picture.orientation,
  );
  const resized = fit(turned, picture, plan, spec.maxSide);
  return (picture.isWideGamut ? inDisplayP3(resized) : resized).keepGainMap();
}

async function renderAnimation({ picture, plan, directory }: Rendering): Promise<RenditionReport> {
  const frames = open(picture.path, { pages: -1, limitInputPixels: picture.maxInputPixels });
  const side = Math.min(plan.specs[0].maxSide, ANIMATION.maxSide);
  const resized = fit(frames, picture, plan, side).webp({
    quality: ANIMATION.quality,
    effort: ANIMATION.effort,
  });
  return save(directory, 'full', resized, true);
}

function encodingFor(spec: RenditionSpec, picture: Picture, hasAlpha: boolean): Encoding {
  const { encoding } = spec;
  if (encoding.format === 'webp') return encoding;
  if (hasAlpha) return TRANSPARENT;
  return picture.isGraphic ? { ...encoding, chromaSubsampling: '4:4:4' } : encoding;
}

function encode(image: Sharp, encoding: Encoding): Sharp {
  if (encoding.format === 'webp')
    return image.webp({ quality: encoding.quality, smartSubsample: true });
  const { quality, mozjpeg, chromaSubsampling } = encoding;
  return image.jpeg({ quality, mozjpeg, chromaSubsampling });
}

/** `readsUpload`: whether this pipeline decodes the uploaded bytes, which then may be why it fails. */
async function save(
  directory: string,
  name: RenditionName,
  image: Sharp,
  readsUpload: boolean,
): Promise<RenditionReport> {
  const encoded = image.toBuffer({ resolveWithObject: true });
  const { data, info } = await (readsUpload ? blamePicture(encoded) : encoded);
  const mimeType: RenditionMimeType = info.format === 'jpeg' ? 'image/jpeg' : 'image/webp';
  await writeFile(path.join(directory, `${name}.${FILE_EXTENSIONS[mimeType]}`), data);
  return { name, mimeType, width: info.width, height: info.pageHeight ?? info.height };
}
