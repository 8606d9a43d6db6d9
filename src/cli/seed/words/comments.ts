// What people say about the pictures of others, and answer.
import type { Language } from './language.js';

/** Comments that fit any picture. */
export const COMMENTS: Readonly<Record<Language, readonly string[]>> = {
  en: [
    'What light!',
    'I want to be there right now.',
    'This is my favourite of yours so far.',
    'Lovely colours.',
    'How long did you wait for this?',
    'Which lens is that?',
    'This made my morning, thank you.',
    'Wallpaper material 😍',
    'So calm.',
    'Saved for when I need it.',
    'The composition is perfect.',
    'Is that straight out of camera?',
  ],
  fr: [
    'Quelle lumière !',
    'Magnifique.',
    'On s’y croirait.',
    'Bravo, j’adore les couleurs.',
    'C’est pris avec quoi ?',
    'Ça fait du bien.',
  ],
  de: [
    'Was für ein Licht!',
    'Wunderschön.',
    'Da möchte ich jetzt sein.',
    'Welche Brennweite ist das?',
    'Tolle Farben.',
    'Herrlich ruhig.',
  ],
  es: [
    '¡Qué luz!',
    'Preciosa.',
    'Quiero estar ahí.',
    'Me encantan los colores.',
    '¿Con qué objetivo?',
    'Qué calma.',
  ],
  it: ['Che luce!', 'Bellissima.', 'Che colori.', 'Vorrei essere lì.'],
  pt: ['Que luz!', 'Linda.', 'Adoro as cores.', 'Que calma.'],
  ja: ['光がきれいですね。', '素敵な一枚です。', '行ってみたいです。', '色が好きです。'],
  zh: ['光线太美了！', '好想去。', '喜欢这个颜色。'],
  ko: ['빛이 예술이네요.', '너무 예뻐요!', '가보고 싶어요.'],
  ar: ['ما أجمل الضوء!', 'صورة رائعة.', 'أتمنى أن أكون هناك.'],
  hi: ['क्या रोशनी है!', 'बहुत सुंदर।', 'कमाल की तस्वीर।'],
  uk: ['Яке світло!', 'Дуже гарно.', 'Хочу туди.'],
  pl: ['Ale światło!', 'Pięknie.', 'Chcę tam być.'],
  tr: ['Ne ışık ama!', 'Çok güzel.', 'Orada olmak isterdim.'],
};

/** What authors answer. */
export const ANSWERS: Readonly<Record<Language, readonly string[]>> = {
  en: [
    'Thank you!',
    'Thanks, it was freezing.',
    'About half an hour, and then it was gone in a minute.',
    'Come along next time!',
    'An old 35 mm, nothing special.',
    'That means a lot, thanks.',
  ],
  fr: ['Merci !', 'Merci, ça caillait.', 'La prochaine fois, viens avec !'],
  de: ['Danke!', 'Danke, es war eiskalt.', 'Komm nächstes Mal mit!'],
  es: ['¡Gracias!', 'La próxima vez, vente.', 'Media hora esperando.'],
  it: ['Grazie!', 'La prossima volta vieni!'],
  pt: ['Obrigado!', 'Na próxima vens connosco!'],
  ja: ['ありがとうございます！', '三十分ほど待ちました。'],
  zh: ['谢谢！', '下次一起来！'],
  ko: ['감사합니다!', '다음엔 같이 가요!'],
  ar: ['شكرًا!', 'تعالوا معنا في المرة القادمة!'],
  hi: ['धन्यवाद!', 'अगली बार साथ चलिए!'],
  uk: ['Дякую!', 'Наступного разу — разом!'],
  pl: ['Dzięki!', 'Następnym razem jedź z nami!'],
  tr: ['Teşekkürler!', 'Bir dahakine sen de gel!'],
};

/** What somebody writes about a picture that they quote. */
export const QUOTES: readonly string[] = [
  'This one by {handle} has been in my head all week. My answer to it:',
  'Same week, other place. Inspired by {handle}.',
  'Look at what {handle} made, then look at mine.',
];

/** Reactions with how often they are chosen. */
export const REACTIONS: readonly (readonly [string, number])[] = [
  ['❤', 60],
  ['😍', 10],
  ['🔥', 8],
  ['👏', 8],
  ['😮', 5],
  ['✨', 5],
  ['🌊', 2],
  ['☕', 2],
];
