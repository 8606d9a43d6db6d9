// Words for alternative texts in French.
import type { Phrases } from './phrases.js';

/** What pictures show, in French. */
export const FRENCH: Phrases = {
  subjects: {
    mountains: 'Des crêtes de montagnes l’une derrière l’autre dans la brume',
    lake: 'Des montagnes reflétées dans un lac calme',
    sea: 'La mer jusqu’à l’horizon',
    beach: 'Une plage de sable où de petites vagues viennent mourir',
    city: 'Des immeubles aux fenêtres allumées, leurs lumières en longs traits sur l’eau',
    flower: 'Une fleur en gros plan, ses pétales en couronnes autour du cœur',
    forest: 'Des troncs d’arbres dans la brume, de plus en plus pâles au loin',
    dunes: 'Des dunes de sable aux pentes claires et aux ombres sombres',
    stars: 'La Voie lactée dans un ciel plein d’étoiles',
    rain: 'Des gouttes de pluie sur une vitre',
    coffee: 'Une tasse de café sur une soucoupe, sur une table en bois, vue d’en haut',
    portrait: 'Une personne de dos, tête et épaules à contre-jour',
  },
  details: {
    snow: 'de la neige sur les sommets',
    conifers: 'une rangée de conifères au premier plan',
    meadow: 'un terrain dégagé au premier plan',
    sailboat: 'un petit voilier',
    island: 'une île basse au loin',
    river: 'un fleuve au premier plan',
    bokeh: 'l’arrière-plan flou, en disques de lumière',
    ridge: 'une crête sombre en bas',
  },
  lights: {
    dawn: 'à l’aube',
    morning: 'le matin',
    noon: 'en plein jour',
    golden: 'dans une lumière dorée et basse',
    sunset: 'au coucher du soleil',
    dusk: 'au crépuscule',
    night: 'de nuit',
    overcast: 'sous un ciel gris',
  },
  people: ['une personne debout', 'deux personnes debout', 'trois personnes debout'],
  monochrome: 'Noir et blanc.',
};
