// Words for alternative texts in English.
import type { Phrases } from './phrases.js';

/** What pictures show, in English. */
export const ENGLISH: Phrases = {
  subjects: {
    mountains: 'Mountain ridges one behind the other in the haze',
    lake: 'Mountains mirrored in a calm lake',
    sea: 'The open sea up to the horizon',
    beach: 'A sandy beach where small waves run out',
    city: 'City houses with lit windows, their lights in long strokes on the water',
    flower: 'A single flower close up, its petals in rings around the middle',
    forest: 'Tree trunks in the mist, paler the farther away they are',
    dunes: 'Sand dunes with bright slopes and dark shadows',
    stars: 'The Milky Way across a sky full of stars',
    rain: 'Raindrops on a window pane',
    coffee: 'A cup of coffee on a saucer on a wooden table, seen from above',
    portrait: 'A person seen from behind, head and shoulders against the light',
  },
  details: {
    snow: 'snow on the peaks',
    conifers: 'a line of conifers in front',
    meadow: 'open ground in front',
    sailboat: 'a small sailing boat',
    island: 'a flat island in the distance',
    river: 'a river in front',
    bokeh: 'the background blurred into discs of light',
    ridge: 'a dark ridge along the bottom',
  },
  lights: {
    dawn: 'at dawn',
    morning: 'in the morning',
    noon: 'in bright daylight',
    golden: 'in low golden light',
    sunset: 'at sunset',
    dusk: 'at dusk',
    night: 'at night',
    overcast: 'under a grey sky',
  },
  people: ['one person standing there', 'two people standing there', 'three people standing there'],
  monochrome: 'Black and white.',
};
