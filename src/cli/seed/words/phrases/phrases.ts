// What is needed to describe a picture in one language.
import type { LightName } from '../../pictures/light.js';
import type { Detail, Subject } from '../../pictures/scene.js';

/** Parts of an alternative text; each is true of every picture that has the thing. */
export interface Phrases {
  readonly subjects: Readonly<Record<Subject, string>>;
  /** People are counted: `people` is not asked. */
  readonly details: Readonly<Record<Exclude<Detail, 'people'>, string>>;
  readonly lights: Readonly<Record<LightName, string>>;
  readonly people: readonly [one: string, two: string, three: string];
  readonly monochrome: string;
}
