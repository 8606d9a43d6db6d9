/**
 * From Markdown source to HTML. Hashtags and mentions are inline rules, so that code, links and
 * addresses keep theirs. What comes out still has to pass `sanitizeHtml`.
 */
import MarkdownIt, { type Env, type RendererRule, type StateInline, type Token } from 'markdown-it';
import { readHashtag, type HashtagUse } from './hashtag.js';
import { readMention, type HandleUse } from './mention.js';
import { LINK_REL } from '../../platform/sanitize-html.js';

/** A text after its first reading: what it names, and its tokens for the second one. */
export interface ParsedText {
  readonly tokens: readonly Token[];
  /** In the order of the text, repetitions included. */
  readonly hashtags: readonly HashtagUse[];
  /** In the order of the text, repetitions included. */
  readonly mentions: readonly HandleUse[];
  /** Addresses of links as written, in the order of the text; not those of hashtags and mentions. */
  readonly links: readonly string[];
}

/** Where hashtags and mentions lead to; null leaves plain text. */
export interface LinkTargets {
  readonly hashtagUrl: (hashtag: HashtagUse) => string | null;
  readonly mentioned: (
    mention: HandleUse,
  ) => { readonly url: string; readonly shownAs: string } | null;
}

const markdown = new MarkdownIt({
  html: false,
  linkify: true,
  breaks: true,
  typographer: false,
  maxNesting: 20,
});
markdown.disable([
  'code',
  'heading',
  'hr',
  'html_block',
  'html_inline',
  'image',
  'lheading',
  'reference',
  'table',
]);
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
markdown.linkify.add('//', null).add('ftp:', null);
markdown.inline.ruler.before('linkify', 'hashtag', hashtagRule);
markdown.inline.ruler.before('linkify', 'mention', mentionRule);
markdown.renderer.rules['hashtag'] = ifTargets((token, targets) => {
  const hashtag = useOf<HashtagUse>(token);
  const url = targets.hashtagUrl(hashtag);
  return url === null
    ? null
    : link(url, 'mention hashtag', `#<span>${escape(hashtag.displayName)}</span>`);
});
markdown.renderer.rules['mention'] = ifTargets((token, targets) => {
  const actor = targets.mentioned(useOf<HandleUse>(token));
  return (
    actor &&
    `<span class="h-card">${link(actor.url, 'u-url mention', `@<span>${escape(actor.shownAs)}</span>`)}</span>`
  );
});

/** Reads a text once. */
export function parseMarkdown(source: string): ParsedText {
  const tokens = markdown.parse(source, {});
  const inline = tokens.flatMap((token) => token.children ?? []);
  return {
    tokens,
    hashtags: inline.filter(({ type }) => type === 'hashtag').map(useOf<HashtagUse>),
    links: inline
      .filter(({ type }) => type === 'link_open')
      .map((token) => String(token.attrGet('href') ?? '')),
    mentions: inline.filter(({ type }) => type === 'mention').map(useOf<HandleUse>),
  };
}

/** Writes the HTML of a text. */
export function renderMarkdown(text: ParsedText, targets: LinkTargets): string {
  return markdown.renderer.render([...text.tokens], markdown.options, { targets }).trim();
}

function hashtagRule(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== '#' || state.linkLevel > 0) return false;
  const hashtag = readHashtag(state.src, state.pos);
  return (
    hashtag !== null && consume(state, silent, 'hashtag', hashtag, hashtag.displayName.length + 1)
  );
}

function mentionRule(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== '@' || state.linkLevel > 0) return false;
  const mention = readMention(state.src, state.pos);
  return mention !== null && consume(state, silent, 'mention', mention, mention.length);
}

function consume(
  state: StateInline,
  silent: boolean,
  type: string,
  use: object,
  length: number,
): boolean {
  if (state.pos + length > state.posMax) return false;
  if (!silent) {
    const token = state.push(type, '', 0);
    token.meta = { use };
    token.content = state.src.slice(state.pos, state.pos + length);
  }
  state.pos += length;
  return true;
}

function useOf<Use>(token: Token): Use {
  return token.meta?.['use'] as Use;
}

function ifTargets(render: (token: Token, targets: LinkTargets) => string | null): RendererRule {
  return (tokens: Token[], index: number, _options: unknown, environment?: Env) => {
    const token = tokens[index]!;
    const targets = environment?.['targets'] as LinkTargets;
    return render(token, targets) ?? escape(token.content);
  };
}

function link(url: string, classes: string, content: string): string {
  return `<a href="${escape(url)}" class="${classes}" rel="${LINK_REL}">${content}</a>`;
}

/** A title as it stands above a text. */
export function titleHtml(title: string): string {
  return `<p><strong>${escape(title)}</strong></p>\n`;
}

function escape(text: string): string {
  return markdown.utils.escapeHtml(text);
}
