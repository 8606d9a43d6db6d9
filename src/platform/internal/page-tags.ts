/**
 * The title and the meta elements of a page of the web, read token by token without a tree: what elements are
 * open costs nothing, so time grows linearly with the text, whatever it holds.
 */
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';

/**
 * The first value of each meta element by its name in small letters, and the title as `title`.
 *
 * Reading ends where the head does.
 */
export function readPageTags(html: string): ReadonlyMap<string, string> {
  return read(html).tags;
}

/** Where the first other form of a page stands that is of such a type, as the page writes it; null = it names none. */
export function readAlternate(html: string, type: RegExp): string | null {
  const { alternates } = read(html);
  return alternates.find((one) => type.test(one.type))?.href ?? null;
}

function read(html: string): PageTags {
  const reader = new PageTags(html);
  const tokenizer = new Tokenizer({}, reader);
  reader.stop = () => tokenizer.pause();
  tokenizer.write(html);
  return reader;
}

/** Elements whose attributes count. */
const TOLD = new Set(['meta', 'link']);

class PageTags implements TokenizerCallbacks {
  readonly tags = new Map<string, string>();
  readonly alternates: { readonly type: string; readonly href: string }[] = [];
  stop = (): void => {};
  readonly #html: string;
  /** The element whose start tag is being read. */
  #element = '';
  #attribute = '';
  #value = '';
  readonly #attributes = new Map<string, string>();
  /** Null outside of a title. */
  #title: string | null = null;
  /** Open drawings: their titles are not the page's. */
  #drawings = 0;

  constructor(html: string) {
    this.#html = html;
  }

  onopentagname(start: number, end: number): void {
    this.#element = this.#name(start, end);
    this.#attributes.clear();
    if (this.#element === 'body') this.stop();
  }

  onattribname(start: number, end: number): void {
    this.#attribute = this.#name(start, end);
    this.#value = '';
  }

  onattribdata(start: number, end: number): void {
    if (TOLD.has(this.#element)) this.#value += this.#html.slice(start, end);
  }

  onattribentity(codePoint: number): void {
    if (TOLD.has(this.#element)) this.#value += String.fromCodePoint(codePoint);
  }

  onattribend(): void {
    if (TOLD.has(this.#element) && !this.#attributes.has(this.#attribute))
      this.#attributes.set(this.#attribute, this.#value);
  }

  onopentagend(): void {
    if (this.#element === 'meta') this.#keepMeta();
    else if (this.#element === 'link') this.#keepLink();
    else if (this.#element === 'svg') this.#drawings++;
    else if (this.#element === 'title' && this.#drawings === 0) this.#title = '';
  }

  onselfclosingtag(): void {
    if (this.#element !== 'svg') this.onopentagend();
  }

  onclosetag(start: number, end: number): void {
    const element = this.#name(start, end);
    if (element === 'head') this.stop();
    if (element === 'svg') this.#drawings = Math.max(0, this.#drawings - 1);
    if (element === 'title' && this.#title !== null) {
      this.#keep('title', this.#title);
      this.#title = null;
    }
  }

  ontext(start: number, end: number): void {
    if (this.#title !== null) this.#title += this.#html.slice(start, end);
  }

  ontextentity(codePoint: number): void {
    if (this.#title !== null) this.#title += String.fromCodePoint(codePoint);
  }

  isInForeignContext(): boolean {
    return this.#drawings > 0;
  }

  oncdata(): void {}
  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
  onend(): void {}

  #name(start: number, end: number): string {
    return this.#html.slice(start, end).toLowerCase();
  }

  #keepMeta(): void {
    const name = this.#attributes.get('property') ?? this.#attributes.get('name');
    const content = this.#attributes.get('content');
    if (name !== undefined && content !== undefined) this.#keep(name.trim().toLowerCase(), content);
  }

  #keepLink(): void {
    const [rel = '', type = '', href = ''] = ['rel', 'type', 'href'].map((name) =>
      this.#attributes.get(name)?.trim(),
    );
    const isAlternate = rel.toLowerCase().split(/\s+/).includes('alternate');
    if (isAlternate && href !== '') this.alternates.push({ type: type.toLowerCase(), href });
  }

  #keep(name: string, value: string): void {
    if (name !== '' && !this.tags.has(name)) this.tags.set(name, value);
  }
}
