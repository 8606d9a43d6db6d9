// The one decoding of a picture: upright, at most as large as its largest rendition, without loss. Everything
// else derives from these bytes, which are ours, so that nothing hostile is decoded twice.
import type { Sharp } from 'sharp';
import type { RenditionPlan } from '../rendition-plan.js';
import { open, openRaw } from './decoder.js';
import type { Picture } from './inspect.js';
import { blamePicture } from './rejection.js';

/** Decoded pixels, to be opened as often as there are renditions. */
export interface BasePicture {
  open: () => Sharp;
  width: number;
  height: number;
  /** Whether any pixel lets the background through. */
  hasAlpha: boolean;
}

/** @throws {Rejection} when the bytes are not what the headers promised */
export async function decodeBase(picture: Picture, plan: RenditionPlan): Promise<BasePicture> {
  const fitted = fit(uprightFrame(picture), picture, plan, plan.specs[0].maxSide);
  const isWide = picture.isWideGamut && plan.specs[0].isMaster;
  const { data, info } = await blamePicture(
    (isWide ? asPngInDisplayP3(fitted) : fitted.raw()).toBuffer({ resolveWithObject: true }),
  );
  const { width, height, channels } = info;
  const reopen = (): Sharp => (isWide ? open(data) : openRaw(data, width, height, channels));
  const hasAlpha = picture.hasAlphaChannel && (await isTransparentAnywhere(reopen()));
  return { open: reopen, width, height, hasAlpha };
}

/** Bare pixels cannot carry a colour profile; an uncompressed PNG can, at little cost. */
function asPngInDisplayP3(image: Sharp): Sharp {
  return inDisplayP3(image).png({ compressionLevel: 0, adaptiveFiltering: false, palette: false });
}

/** Opens the picture, or the first frame of an animation, and applies its orientation. */
function uprightFrame(picture: Picture): Sharp {
  const frame = open(picture.path, { limitInputPixels: picture.maxInputPixels });
  return picture.isAnimated ? frame : frame.autoOrient();
}

/**
 * Applies an orientation by hand; mirrors before it rotates, as sharp does.
 *
 * @source EXIF 2.32, tag 0x0112
 */
export function turn(image: Sharp, orientation: number): Sharp {
  const isMirrored = [2, 4, 5, 7].includes(orientation);
  const angle = [0, 0, 0, 180, 180, 270, 90, 90, 270][orientation] ?? 0;
  return (isMirrored ? image.flop() : image).rotate(angle);
}

/** Brings a picture into the shape of its plan without enlarging it. */
export function fit(image: Sharp, picture: Picture, plan: RenditionPlan, maxSide: number): Sharp {
  if (plan.fit === 'square') {
    const side = Math.min(maxSide, picture.width, picture.height);
    return image.resize({ width: side, height: side, fit: 'cover' });
  }
  return image.resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true });
}

/**
 * Converts to Display P3 at sixteen bits, so that nothing is clipped to sRGB on the way, and attaches the
 * library's own profile: the one that was uploaded may hide anything.
 */
export function inDisplayP3(image: Sharp): Sharp {
  return image.pipelineColourspace('rgb16').withIccProfile('p3');
}

async function isTransparentAnywhere(image: Sharp): Promise<boolean> {
  const alpha = await image.extractChannel('alpha').raw().toBuffer();
  return alpha.some((value) => value < 255);
}
