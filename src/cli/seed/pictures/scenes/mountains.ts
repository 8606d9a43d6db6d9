// Mountains in haze, with a meadow, a forest or a lake in front.
import { colour, mix, times, type Colour } from '../colour.js';
import { drawPeople } from '../people.js';
import type { Detail, Point, Scene, Seen, Shot } from '../scene.js';
import { skyAbove } from '../sky.js';
import { drawRidge } from '../terrain.js';
import { drawLake } from '../water.js';

const ROCKS = ['#5b5f66', '#6a625a', '#57655c', '#4f5a52', '#74695c', '#5d5a6a'];
const GREENS = ['#3f5130', '#4f5f34', '#6b6a38', '#7a6b3a', '#35472f'];

/** Ridge behind ridge. */
export const mountains: Scene = (shot) => landscape(shot, 0);

/** The same with a lake that mirrors them. */
export const lake: Scene = (shot) => landscape(shot, shot.random.between(0.6, 0.72));

/** `shore`: where the lake begins, as a part of the height; 0 = there is none. */
function landscape(shot: Shot, shore: number): Seen {
  const { canvas, light, random } = shot;
  const { height } = canvas;
  const bottom = shore > 0 ? shore * height : height;
  const horizon = bottom * random.between(0.62, 0.75);
  const sky = skyAbove(canvas, horizon, light, random);
  canvas.fill(0, bottom, (x, y) => sky.at(x, Math.max(0, horizon - y)));
  const snow = random.chance(0.45) ? random.between(0.25, 0.9) : 0;
  const count = random.whole(3, 5);
  const rock = colour(random.pick(ROCKS));
  const haziest = random.between(0.35, 0.78);
  for (let index = 0; index < count; index++) {
    const near = index / (count - 1);
    drawRidge(
      canvas,
      {
        level: horizon - height * 0.05 + (bottom - horizon) * near * 0.75,
        relief: height * random.between(0.17, 0.32) * (1 - near * 0.6),
        peaks: random.between(1.2, 2.6) + near,
        haze: haziest * (1 - near) ** 1.1 + 0.06,
        rock: mix(rock, groundColour(shot), near * 0.7),
        snow: index < 2 ? snow : 0,
        trees: 0,
      },
      { light, random, bottom },
    );
  }
  const front = drawFront(shot, bottom, shore > 0);
  if (shore > 0) drawLake(canvas, { shore: bottom, light, random });
  return {
    details: [...(snow > 0 ? (['snow'] as const) : []), ...front.details],
    people: front.people,
  };
}

function groundColour({ random, light }: Shot): Colour {
  return light.name === 'overcast' ? colour('#4a5340') : colour(random.pick(GREENS));
}

/** What is closest: conifers or a meadow, and now and then somebody who looks. */
function drawFront(
  shot: Shot,
  bottom: number,
  isShore: boolean,
): { details: Detail[]; people: Point[] } {
  const { canvas, light, random } = shot;
  const hasTrees = random.chance(isShore ? 0.75 : 0.5);
  const relief = canvas.height * random.between(0.03, 0.07);
  const level = isShore
    ? bottom - canvas.height * 0.015
    : bottom - canvas.height * random.between(0.1, 0.18);
  const ground = groundColour(shot);
  const line = drawRidge(
    canvas,
    {
      level,
      relief: isShore ? relief * 0.4 : relief,
      peaks: random.between(0.8, 1.6),
      haze: 0.02,
      rock: hasTrees ? times(ground, 0.35) : times(ground, 0.8),
      snow: 0,
      trees: hasTrees ? canvas.height * random.between(0.05, 0.11) : 0,
    },
    { light, random, bottom },
  );
  if (hasTrees) return { details: ['conifers'], people: [] };
  if (isShore || !random.chance(0.4)) return { details: isShore ? [] : ['meadow'], people: [] };
  const tall = canvas.height * random.between(0.06, 0.12);
  const people = drawPeople(canvas, {
    count: random.whole(1, 3),
    tall,
    ground: (x) => line[Math.round(x)]!,
    random,
    shade: times(light.ambient, 0.12),
  });
  return { details: ['meadow', 'people'], people };
}
