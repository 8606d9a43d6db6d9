// What a scene is: something that is drawn, and says truthfully what it drew.
import type { Random } from '../random.js';
import type { Canvas } from './canvas.js';
import type { Light } from './light.js';

/** Kinds of pictures. */
export const SUBJECTS = [
  'mountains',
  'lake',
  'sea',
  'beach',
  'city',
  'flower',
  'forest',
  'dunes',
  'stars',
  'rain',
  'coffee',
  'portrait',
] as const;

/** One of the kinds. */
export type Subject = (typeof SUBJECTS)[number];

/** Things that a picture may show besides. */
export const DETAILS = [
  'snow',
  'conifers',
  'meadow',
  'sailboat',
  'island',
  'river',
  'bokeh',
  'ridge',
  'people',
] as const;

/** One of the things. */
export type Detail = (typeof DETAILS)[number];

/** A point of the picture: 0 to 1 from the left and from the top. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What is on the picture. */
export interface Seen {
  readonly details: readonly Detail[];
  /** Heads of the people, from left to right. */
  readonly people: readonly Point[];
}

/** What a scene works with. */
export interface Shot {
  readonly canvas: Canvas;
  readonly light: Light;
  readonly random: Random;
}

/** Draws one kind of picture. */
export type Scene = (shot: Shot) => Seen;
