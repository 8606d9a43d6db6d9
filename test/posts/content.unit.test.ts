// What authors and other servers write becomes HTML that is safe to show.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foldHashtag, readHashtag } from '../../src/posts/content/hashtag.js';
import { parseMarkdown, renderMarkdown } from '../../src/posts/content/markdown.js';
import { readMention } from '../../src/posts/content/mention.js';
import { sanitizeHtml } from '../../src/platform/sanitize-html.js';
import { cpuMilliseconds } from '../support/cpu-time.js';

const REL = 'rel="nofollow noopener ugc"';

function render(source: string): string {
  return sanitizeHtml(
    renderMarkdown(parseMarkdown(source), {
      hashtagUrl: ({ name }) => `https://a.example/tags/${encodeURIComponent(name)}`,
      mentioned: ({ username, domain }) =>
        username === 'ada'
          ? {
              url: `https://${domain ?? 'a.example'}/@ada`,
              shownAs: domain ? `ada@${domain}` : 'ada',
            }
          : null,
    }),
  );
}

const XSS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)><script>alert(1)</script></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="data:text/html;base64,PHNjcmlwdD4="></object><embed src=//evil.test>',
  '<p style="background:url(javascript:alert(1))" onclick=alert(1) id=x class="admin">hi</p>',
  '<div><p>nested<b>bold</p></b></div>',
  '<template><script>alert(1)</script></template>',
  '<textarea><script>alert(1)</script></textarea><xmp><script>x</script></xmp>',
  '"><script>alert(String.fromCharCode(88,83,83))</script>',
  '<IMG """><SCRIPT>alert("XSS")</SCRIPT>"\\>',
  '<<SCRIPT>alert("XSS");//\\<</SCRIPT>',
  '<a href="https://evil.test" target=_blank style=position:fixed onmouseover=alert(1)>x</a>',
  '<p>a<!-- comment --><![CDATA[<b>x</b>]]>&lt;script&gt;</p>',
  '<base href="https://evil.test/"><meta http-equiv=refresh content="0;url=//evil.test"><link rel=stylesheet href=//evil.test>',
  '<a href="https://b.test"><a href="https://c.test">two</a></a>',
  '<details open ontoggle=alert(1)><summary>x</summary></details>',
  '\u0000<scr\u0000ipt>alert(1)</scr\u0000ipt>',
];

const ALLOWED =
  /^(?:[^<>]|<\/?(?:p|span|strong|b|em|i|u|del|s|code|pre|blockquote|ul|ol|li)>|<br \/>|<\/a>|<a href="(?:https?:|mailto:)[^"<>]*"(?: class="(?:u-url|mention|hashtag)(?: (?:u-url|mention|hashtag))*")? rel="nofollow noopener ugc">|<span class="(?:h-card|invisible|ellipsis)">)*$/;

test.each(XSS)('H01 only the allow-list is left of %s, as HTML and as Markdown', (hostile) => {
  for (const clean of [sanitizeHtml(hostile), render(hostile), sanitizeHtml(`<p>${hostile}</p>`)]) {
    expect(clean).toMatch(ALLOWED);
    expect(sanitizeHtml(clean)).toBe(clean);
  }
});

test('H01 sanitising twice changes nothing, whatever the pieces', () => {
  const piece = fc.oneof(
    fc.constantFrom(...XSS),
    fc.constantFrom(
      '<a href="https://b.example/">',
      '</a>',
      '<span class="invisible">',
      'https://',
      '</span>',
      'bank.example',
      '<p>',
      '</p>',
      '&amp;',
      '&lt;b&gt;',
      '<h1>',
      '</h1>',
      '<li>',
      '<ul>',
      ' ',
      '<b>',
      '<',
    ),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const once = sanitizeHtml(pieces.join(''));
      expect(once).toMatch(ALLOWED);
      expect(sanitizeHtml(once)).toBe(once);
    }),
    { numRuns: 1500 },
  );
});

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  'java\nscript:alert(1)',
  '&#106;avascript:alert(1)',
  '&#x6A&#x61vascript:alert(1)',
  ' javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'DATA:text/html;base64,PHN2Zz4=',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  '//evil.test/x',
  '/relative',
  'https://bank.example@evil.test/',
])('H02 an address %s is never linked', (address) => {
  expect(
    sanitizeHtml(
      `<a href="${address}" action="${address}" poster="${address}" xlink:href="${address}">x</a>`,
    ),
  ).toBe('<span>x</span>');
  expect(render(`[x](${address})`)).not.toContain('<a');
});

test.each([
  ['open tags', '<x '],
  ['nested tags', '<b><i>'],
  ['paragraphs', '<p>'],
  ['list items', '<ul></ul><li>'],
  ['closing tags', '</b>'],
  ['entities', '&amp;&#1'],
  ['comments', '<!--'],
  ['misleading links', '<a href="http://b.test/">http://c.test</a>'],
  ['hiding spans', '<span class="invisible">'],
])('H04 sanitising 400 kB of %s takes linear time', (_name, piece) => {
  const quarter = cpuMilliseconds(() => sanitizeHtml(piece.repeat(100_000 / piece.length)));
  const whole = cpuMilliseconds(() => sanitizeHtml(piece.repeat(400_000 / piece.length)));
  // Linear is four times; a quadratic step would make it sixteen.
  expect(whole).toBeLessThan(Math.max(100, 8 * quarter));
});

test('H04 sanitising 1 MB of tags that never close takes under 100 ms and leaves text', () => {
  const hostile = '<a a='.repeat(200_000);
  expect(cpuMilliseconds(() => sanitizeHtml(hostile))).toBeLessThan(100);
  expect(sanitizeHtml(hostile)).toBe('&lt;a a='.repeat(200_000));
});

test.each(['a@a@a@', '@a@a', '#a#a', '@a.', '#_', '@a-a.', '#1', '@@', '##'])(
  'H04 looking for hashtags and mentions at each sign of 1 MB of %s takes under 100 ms',
  (piece) => {
    const text = piece.repeat(1_000_000 / piece.length);
    const scan = (): void => {
      for (let at = 0; at < text.length; at++) {
        if (text[at] === '#') readHashtag(text, at);
        if (text[at] === '@') readMention(text, at);
      }
    };
    expect(cpuMilliseconds(scan)).toBeLessThan(100);
  },
);

test('H04 a caption of the greatest length is rendered in under 100 ms, however hostile', () => {
  for (const piece of [
    'a@a@a@',
    '@a#',
    '[',
    '[a](',
    '*',
    '_a',
    '> ',
    '- ',
    '`',
    '<',
    '![',
    'http://',
    '&#',
    '~~',
    '\\',
  ]) {
    const source = piece.repeat(5000 / piece.length);
    expect({ piece, isQuick: cpuMilliseconds(() => render(source)) < 100 }).toEqual({
      piece,
      isQuick: true,
    });
  }
});

test('H05 classes, ids, targets and misleading texts do not survive', () => {
  expect(
    sanitizeHtml(
      '<a class="u-url admin mention" id="x" target="_blank" href="https://b.example/@vic">@vic</a>',
    ),
  ).toBe(`<a href="https://b.example/@vic" class="u-url mention" ${REL}>@vic</a>`);
  expect(sanitizeHtml('<a href="https://evil.test/">https://bank.example/login</a>')).toBe(
    'https://bank.example/login',
  );
  expect(sanitizeHtml('<a href="https://evil.test/"><b>bank</b>.example</a>')).toBe(
    '<b>bank</b>.example',
  );
  expect(sanitizeHtml('<a href="https://bank.example.evil.test/">bank.example</a>')).toBe(
    'bank.example',
  );
  expect(sanitizeHtml('<a href="https://www.bank.example/x">bank.example/x</a>')).toBe(
    `<a href="https://www.bank.example/x" ${REL}>bank.example/x</a>`,
  );
});

test('H05 the invisible class covers the scheme of a link and nothing else', () => {
  const honest = `<a href="https://b.example/x" ${REL}><span class="invisible">https://</span>b.example/x</a>`;
  expect(sanitizeHtml(honest)).toBe(honest);
  expect(
    sanitizeHtml(
      '<a href="https://evil.test/"><span class="invisible">https://evil.test/</span>bank.example</a>',
    ),
  ).toBe(`<a href="https://evil.test/" ${REL}><span>https://evil.test/</span>bank.example</a>`);
});

test('hashtags are words of any script with a letter, known by their folded name', () => {
  const names = (text: string) => parseMarkdown(text).hashtags.map(({ name }) => name);
  expect(
    names(
      '#Photo, #Straße #2024 #2024summer #日本 #été (#Ünder_score) #a#b x#y &#39; https://b.example/#part #हिन्दी',
    ),
  ).toEqual(['photo', 'strasse', '2024summer', '日本', 'été', 'ünder_score', 'a', 'हिन्दी']);
  expect(names('`#code` [#link](https://b.example/) \\#escaped #_ #')).toEqual([]);
  expect(names(`#${'x'.repeat(101)}`)).toEqual([]);
  expect(names(`#${'x'.repeat(100)}`)).toEqual(['x'.repeat(100)]);
  expect(parseMarkdown('#PhotoWalk').hashtags[0]).toEqual({
    name: 'photowalk',
    displayName: 'PhotoWalk',
  });
});

test('a hashtag keeps the joiners that its language needs, and is known without them', () => {
  const [tag] = parseMarkdown('#می\u200cخواهم, #x').hashtags;
  expect(tag).toEqual({ name: 'میخواهم', displayName: 'می\u200cخواهم' });
  expect(foldHashtag('میخواهم')).toBe(tag!.name);
  expect(parseMarkdown('#क्\u200dष').hashtags[0]!.displayName).toBe('क्\u200dष');
  // Elsewhere they are what they are elsewhere: nothing of the word.
  expect(parseMarkdown('#a\u200d\u200db #c\u200d #\u200cd').hashtags).toEqual([
    { name: 'a', displayName: 'a' },
    { name: 'c', displayName: 'c' },
  ]);
  for (const written of ['a\u200d\u200db', '\u200ca', 'a\u200c'])
    expect(foldHashtag(written)).toBeNull();
});

test('folding a name twice changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 12 }), (written) => {
      const name = foldHashtag(written);
      if (name !== null) expect(foldHashtag(name)).toBe(name);
    }),
    { numRuns: 3000 },
  );
});

test('mentions are handles, not parts of addresses', () => {
  const handles = (text: string) =>
    parseMarkdown(text).mentions.map(({ username, domain }) => `${username}@${domain}`);
  expect(
    handles(
      '@ada, (@ada.) @Ada@B.Example! @a_b-c@sub.b.example:8443 mail@b.example @ada@ https://b.example/@ada `@code`',
    ),
  ).toEqual(['ada@null', 'ada@null', 'Ada@b.example', 'a_b-c@sub.b.example:8443']);
});

test('a caption keeps its lines, emphasis and links, and names what it links', () => {
  expect(
    render('Hello *world*\n#Sunset with @ada@b.example and @nobody\n\nhttps://b.example/a?b=1&c=2'),
  ).toBe(
    `<p>Hello <em>world</em><br />\n<a href="https://a.example/tags/sunset" class="mention hashtag" ${REL}>#<span>Sunset</span></a>` +
      ` with <span class="h-card"><a href="https://b.example/@ada" class="u-url mention" ${REL}>@<span>ada@b.example</span></a></span> and @nobody</p>\n` +
      `<p><a href="https://b.example/a?b=1&amp;c=2" ${REL}>https://b.example/a?b=1&amp;c=2</a></p>`,
  );
  expect(render('# not a heading\n![no](https://b.example/picture.png)')).not.toMatch(/<h1|<img/);
  expect(render('')).toBe('');
});
