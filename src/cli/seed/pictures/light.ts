// Times of day: where the sun stands and what colour everything gets from it.
import type { Random } from '../random.js';
import { colour, type Colour } from './colour.js';

/** Hours and weathers that pictures are taken in. */
export const LIGHTS = [
  'dawn',
  'morning',
  'noon',
  'golden',
  'sunset',
  'dusk',
  'night',
  'overcast',
] as const;

/** One of the hours and weathers. */
export type LightName = (typeof LIGHTS)[number];

/** The light of one picture. */
export interface Light {
  readonly name: LightName;
  readonly zenith: Colour;
  readonly middle: Colour;
  readonly horizon: Colour;
  /** Colour of the sun, stronger than 1 where it shines. */
  readonly sun: Colour;
  /** Above the horizon, as a part of the sky's height. */
  readonly sunHeight: number;
  /** From 0 (left) to 1 (right). */
  readonly sunX: number;
  /** What reaches the shadows. */
  readonly ambient: Colour;
  /** Share of clouds, 0 to 1. */
  readonly clouds: number;
}

type Recipe = Omit<Light, 'name' | 'sunX' | 'clouds' | 'sunHeight'> & {
  readonly sunHeight: readonly [number, number];
  readonly clouds: readonly [number, number];
};

const recipe = (
  [zenith, middle, horizon, sun, ambient]: readonly [string, string, string, string, string],
  sunStrength: number,
  sunHeight: readonly [number, number],
  clouds: readonly [number, number],
): Recipe => {
  const [red, green, blue] = colour(sun);
  return {
    zenith: colour(zenith),
    middle: colour(middle),
    horizon: colour(horizon),
    sun: [red * sunStrength, green * sunStrength, blue * sunStrength],
    ambient: colour(ambient),
    sunHeight,
    clouds,
  };
};

const RECIPES: Readonly<Record<LightName, Recipe>> = {
  dawn: recipe(
    ['#5d7296', '#a9a7b5', '#f0c9b0', '#ffcf9e', '#8f97ac'],
    1.5,
    [0.02, 0.1],
    [0.2, 0.5],
  ),
  morning: recipe(
    ['#4f83bd', '#8cb2d8', '#d9e4ea', '#ffedd0', '#93a9c4'],
    1.7,
    [0.3, 0.6],
    [0.2, 0.5],
  ),
  noon: recipe(
    ['#2a66ad', '#6ca2d6', '#c9dfec', '#fff7e8', '#93aecb'],
    1.7,
    [0.9, 1.3],
    [0.25, 0.55],
  ),
  golden: recipe(
    ['#5f7fa6', '#b5b6b4', '#f3d39b', '#ffc069', '#92898c'],
    2.0,
    [0.08, 0.22],
    [0.25, 0.55],
  ),
  sunset: recipe(
    ['#32436b', '#9b6a7d', '#f2914f', '#ff8a3c', '#5e5468'],
    1.8,
    [0.01, 0.08],
    [0.35, 0.6],
  ),
  dusk: recipe(
    ['#172544', '#3a4f79', '#c08f8a', '#d97e68', '#2f3b58'],
    0.6,
    [-0.08, -0.03],
    [0.2, 0.5],
  ),
  night: recipe(
    ['#060a14', '#0c1526', '#1c2a40', '#9fb4d8', '#0e1626'],
    0.12,
    [0.5, 0.8],
    [0, 0.2],
  ),
  overcast: recipe(
    ['#8e99a4', '#a9b2ba', '#cbd0d3', '#e8ebec', '#a3abb3'],
    0.25,
    [0.6, 0.9],
    [0.6, 0.85],
  ),
};

/** The light of this hour, a little different each time. */
export function lightAt(name: LightName, random: Random): Light {
  const made = RECIPES[name];
  return {
    ...made,
    name,
    sunX: random.between(0.12, 0.88),
    sunHeight: random.between(...made.sunHeight),
    clouds: random.between(...made.clouds),
  };
}
