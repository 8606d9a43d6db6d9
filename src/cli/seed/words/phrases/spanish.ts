// Words for alternative texts in Spanish.
import type { Phrases } from './phrases.js';

/** What pictures show, in Spanish. */
export const SPANISH: Phrases = {
  subjects: {
    mountains: 'Crestas de montañas una tras otra en la bruma',
    lake: 'Montañas reflejadas en un lago en calma',
    sea: 'El mar abierto hasta el horizonte',
    beach: 'Una playa de arena donde mueren olas pequeñas',
    city: 'Edificios con ventanas encendidas, sus luces en largos trazos sobre el agua',
    flower: 'Una flor de cerca, con los pétalos en coronas alrededor del centro',
    forest: 'Troncos de árboles en la niebla, más pálidos cuanto más lejos',
    dunes: 'Dunas de arena con laderas claras y sombras oscuras',
    stars: 'La Vía Láctea en un cielo lleno de estrellas',
    rain: 'Gotas de lluvia en el cristal de una ventana',
    coffee: 'Una taza de café con su plato sobre una mesa de madera, vista desde arriba',
    portrait: 'Una persona de espaldas, cabeza y hombros a contraluz',
  },
  details: {
    snow: 'nieve en las cumbres',
    conifers: 'una hilera de coníferas delante',
    meadow: 'terreno abierto delante',
    sailboat: 'un velero pequeño',
    island: 'una isla baja a lo lejos',
    river: 'un río delante',
    bokeh: 'el fondo desenfocado en discos de luz',
    ridge: 'una cresta oscura abajo',
  },
  lights: {
    dawn: 'al amanecer',
    morning: 'por la mañana',
    noon: 'a plena luz del día',
    golden: 'con luz dorada y baja',
    sunset: 'al ponerse el sol',
    dusk: 'al anochecer',
    night: 'de noche',
    overcast: 'bajo un cielo gris',
  },
  people: ['una persona de pie', 'dos personas de pie', 'tres personas de pie'],
  monochrome: 'Blanco y negro.',
};
