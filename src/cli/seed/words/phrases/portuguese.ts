// Words for alternative texts in Portuguese.
import type { Phrases } from './phrases.js';

/** What pictures show, in Portuguese. */
export const PORTUGUESE: Phrases = {
  subjects: {
    mountains: 'Cristas de montanhas umas atrás das outras na bruma',
    lake: 'Montanhas refletidas num lago calmo',
    sea: 'O mar aberto até ao horizonte',
    beach: 'Uma praia de areia onde se desfazem pequenas ondas',
    city: 'Casas de uma cidade com janelas acesas, as luzes em longos traços na água',
    flower: 'Uma flor de perto, as pétalas em coroas à volta do centro',
    forest: 'Troncos de árvores na névoa, mais pálidos quanto mais longe',
    dunes: 'Dunas de areia com encostas claras e sombras escuras',
    stars: 'A Via Láctea num céu cheio de estrelas',
    rain: 'Gotas de chuva no vidro de uma janela',
    coffee: 'Uma chávena de café com o pires numa mesa de madeira, vista de cima',
    portrait: 'Uma pessoa de costas, cabeça e ombros em contraluz',
  },
  details: {
    snow: 'neve nos cumes',
    conifers: 'uma fila de coníferas à frente',
    meadow: 'terreno aberto à frente',
    sailboat: 'um pequeno veleiro',
    island: 'uma ilha baixa ao longe',
    river: 'um rio à frente',
    bokeh: 'o fundo desfocado em discos de luz',
    ridge: 'uma crista escura em baixo',
  },
  lights: {
    dawn: 'ao amanhecer',
    morning: 'de manhã',
    noon: 'em plena luz do dia',
    golden: 'com luz baixa e dourada',
    sunset: 'ao pôr do sol',
    dusk: 'ao anoitecer',
    night: 'à noite',
    overcast: 'sob um céu cinzento',
  },
  people: ['uma pessoa de pé', 'duas pessoas de pé', 'três pessoas de pé'],
  monochrome: 'Preto e branco.',
};
