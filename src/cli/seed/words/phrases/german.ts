// Words for alternative texts in German.
import type { Phrases } from './phrases.js';

/** What pictures show, in German. */
export const GERMAN: Phrases = {
  subjects: {
    mountains: 'Bergkämme hintereinander im Dunst',
    lake: 'Berge, die sich in einem stillen See spiegeln',
    sea: 'Das offene Meer bis zum Horizont',
    beach: 'Ein Sandstrand, auf dem kleine Wellen auslaufen',
    city: 'Häuser einer Stadt mit hellen Fenstern, deren Licht sich lang im Wasser spiegelt',
    flower: 'Eine Blüte aus der Nähe, die Blätter in Kränzen um die Mitte',
    forest: 'Baumstämme im Nebel, je weiter weg, desto blasser',
    dunes: 'Sanddünen mit hellen Hängen und dunklen Schatten',
    stars: 'Die Milchstraße an einem Himmel voller Sterne',
    rain: 'Regentropfen an einer Fensterscheibe',
    coffee: 'Eine Tasse Kaffee mit Untertasse auf einem Holztisch, von oben',
    portrait: 'Eine Person von hinten, Kopf und Schultern im Gegenlicht',
  },
  details: {
    snow: 'Schnee auf den Gipfeln',
    conifers: 'vorn eine Reihe Nadelbäume',
    meadow: 'vorn offenes Gelände',
    sailboat: 'ein kleines Segelboot',
    island: 'in der Ferne eine flache Insel',
    river: 'vorn ein Fluss',
    bokeh: 'der Hintergrund unscharf, in Lichtscheiben aufgelöst',
    ridge: 'unten ein dunkler Kamm',
  },
  lights: {
    dawn: 'in der Morgendämmerung',
    morning: 'am Morgen',
    noon: 'bei hellem Tageslicht',
    golden: 'in tiefem, goldenem Licht',
    sunset: 'bei Sonnenuntergang',
    dusk: 'in der Abenddämmerung',
    night: 'bei Nacht',
    overcast: 'unter grauem Himmel',
  },
  people: ['dort steht eine Person', 'dort stehen zwei Personen', 'dort stehen drei Personen'],
  monochrome: 'Schwarzweiß.',
};
