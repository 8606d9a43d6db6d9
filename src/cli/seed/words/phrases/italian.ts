// Words for alternative texts in Italian.
import type { Phrases } from './phrases.js';

/** What pictures show, in Italian. */
export const ITALIAN: Phrases = {
  subjects: {
    mountains: 'Creste di montagne una dietro l’altra nella foschia',
    lake: 'Montagne riflesse in un lago calmo',
    sea: 'Il mare aperto fino all’orizzonte',
    beach: 'Una spiaggia di sabbia dove si spengono piccole onde',
    city: 'Case di una città con le finestre accese, le luci in lunghe strisce sull’acqua',
    flower: 'Un fiore da vicino, i petali in corone attorno al centro',
    forest: 'Tronchi d’albero nella nebbia, più pallidi più sono lontani',
    dunes: 'Dune di sabbia con pendii chiari e ombre scure',
    stars: 'La Via Lattea in un cielo pieno di stelle',
    rain: 'Gocce di pioggia sul vetro di una finestra',
    coffee: 'Una tazza di caffè con il piattino su un tavolo di legno, vista dall’alto',
    portrait: 'Una persona di spalle, testa e spalle in controluce',
  },
  details: {
    snow: 'neve sulle cime',
    conifers: 'una fila di conifere davanti',
    meadow: 'terreno aperto davanti',
    sailboat: 'una piccola barca a vela',
    island: 'un’isola bassa in lontananza',
    river: 'un fiume davanti',
    bokeh: 'lo sfondo sfocato in dischi di luce',
    ridge: 'una cresta scura in basso',
  },
  lights: {
    dawn: 'all’alba',
    morning: 'al mattino',
    noon: 'in piena luce',
    golden: 'in una luce bassa e dorata',
    sunset: 'al tramonto',
    dusk: 'al crepuscolo',
    night: 'di notte',
    overcast: 'sotto un cielo grigio',
  },
  people: ['una persona in piedi', 'due persone in piedi', 'tre persone in piedi'],
  monochrome: 'Bianco e nero.',
};
