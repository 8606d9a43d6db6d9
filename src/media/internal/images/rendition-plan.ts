// Sizes and qualities of what is derived from a picture. The numbers are measured: decisions/0003-photo-quality.md.

/** What a picture is for. */
export type ImagePurpose = 'photo' | 'avatar' | 'header' | 'emoji';

/**
 * Names of derived files; `still` is the first frame of an animation, `opaque` a transparent picture on white, for those
 * who read no WebP.
 */
export const RENDITION_NAMES = [
  'full',
  'large',
  'medium',
  'small',
  'thumb',
  'still',
  'opaque',
] as const;

/** Name of one derived file. */
export type RenditionName = (typeof RENDITION_NAMES)[number];

/** Types of derived files with their file name extensions. */
export const FILE_EXTENSIONS = { 'image/jpeg': 'jpg', 'image/webp': 'webp' } as const;

/** Type of one derived file. */
export type RenditionMimeType = keyof typeof FILE_EXTENSIONS;

/** How pixels are written. JPEG becomes WebP of the same class where the picture is transparent. */
export type Encoding =
  | { format: 'jpeg'; quality: number; mozjpeg: boolean; chromaSubsampling: '4:2:0' | '4:4:4' }
  | { format: 'webp'; quality: number };

/** One size to derive. */
export interface RenditionSpec {
  name: RenditionName;
  /** Longest side, px; nothing is enlarged to reach it. */
  maxSide: number;
  encoding: Encoding;
  /** Keeps colours beyond sRGB (as Display P3) and the HDR gain map. */
  isMaster: boolean;
}

/** All sizes for one purpose, largest first; the first is always made and everything else derives from it. */
export interface RenditionPlan {
  /** `square` crops the middle; `inside` keeps the shape. */
  fit: 'inside' | 'square';
  specs: readonly [RenditionSpec, ...RenditionSpec[]];
}

/** Full size: pixels beyond what a screen shows forgive a little more. */
const master: Encoding = {
  format: 'jpeg',
  quality: 90,
  mozjpeg: true,
  chromaSubsampling: '4:2:0',
};
const screen: Encoding = { ...master, quality: 92 };
/** Halving the resolution of colour is what costs most at feed sizes, and mozjpeg saves least. */
const feed: Encoding = { format: 'jpeg', quality: 88, mozjpeg: false, chromaSubsampling: '4:4:4' };
const face: Encoding = { ...master, chromaSubsampling: '4:4:4' };
const grid: Encoding = { format: 'webp', quality: 90 };
const tiny: Encoding = { format: 'webp', quality: 92 };

/** In place of JPEG where a picture is transparent. */
export const TRANSPARENT: Encoding = { format: 'webp', quality: 90 };

/** What others get of a transparent picture, at most as large. */
export const OPAQUE = { maxSide: 2048, background: '#ffffff' } as const;

/** Every frame of an animation; lower than for stills because motion hides more than it shows. */
export const ANIMATION = { maxSide: 1080, quality: 85, effort: 2 } as const;

/** Sizes by purpose. `still` is planned for animations only, in place of every size but the smallest. */
export const RENDITION_PLANS: Readonly<Record<ImagePurpose, RenditionPlan>> = {
  photo: {
    fit: 'inside',
    specs: [
      { name: 'full', maxSide: 4096, encoding: master, isMaster: true },
      { name: 'large', maxSide: 2048, encoding: screen, isMaster: true },
      { name: 'medium', maxSide: 1080, encoding: feed, isMaster: false },
      { name: 'small', maxSide: 640, encoding: grid, isMaster: false },
      { name: 'thumb', maxSide: 320, encoding: tiny, isMaster: false },
    ],
  },
  avatar: {
    fit: 'square',
    specs: [
      { name: 'full', maxSide: 400, encoding: face, isMaster: false },
      { name: 'thumb', maxSide: 200, encoding: tiny, isMaster: false },
    ],
  },
  header: {
    fit: 'inside',
    specs: [
      { name: 'full', maxSide: 1500, encoding: screen, isMaster: false },
      { name: 'thumb', maxSide: 640, encoding: grid, isMaster: false },
    ],
  },
  emoji: {
    fit: 'inside',
    specs: [
      { name: 'full', maxSide: 256, encoding: tiny, isMaster: false },
      { name: 'thumb', maxSide: 64, encoding: tiny, isMaster: false },
    ],
  },
};

/**
 * Sizes worth making from a still picture whose longest side is `longestSide` px after the first resize.
 *
 * The first and the last are always there. A size between them that would only repeat a larger one is left out:
 * whoever wants it takes the next larger name.
 */
export function specsFor(plan: RenditionPlan, longestSide: number): RenditionSpec[] {
  const last = plan.specs.length - 1;
  return plan.specs.filter(
    (spec, index) => index === 0 || index === last || spec.maxSide < longestSide,
  );
}
