/**
 * The one door through which this server asks other servers. What it gets is bounded in size, time and hops; only
 * public addresses are reached, at every hop, unless the operator named the address.
 */
import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { LookupFunction, Socket } from 'node:net';
import { request as requestHttps, type RequestOptions } from 'node:https';
import type { Readable } from 'node:stream';
import {
  checkedLookup,
  ForbiddenAddress,
  isPublicAddress,
  requirePublicHost,
} from './outside-address.js';
import { Deadline } from './internal/deadline.js';
import { ACCEPTED_ENCODINGS, readAnswer, readBody } from './internal/read-answer.js';
import { requestOptions, type Via } from './internal/request-options.js';
import type { ResolveName } from './internal/resolve-name.js';
import { LastingConnections } from './lasting-connections.js';
import { OutsideUnavailable } from './outside-unavailable.js';

/** Of the answer to a delivery: what is longer costs its server the connection. */
const MOST_RECEIPT_BYTES = 64 * 1024;

/** Bounds of one question, redirects included. */
export interface OutsideLimits {
  /** Of the body, as sent and as decompressed. */
  readonly maxBytes: number;
  /** From the first look-up to the last byte. */
  readonly timeoutMs: number;
  readonly maxRedirects: number;
  /** Media types without parameters that are read; all others are not. */
  readonly contentTypes: readonly string[];
  /** What is asked for is a page that somebody links to, and its server no peer. */
  readonly isOpenWeb?: boolean;
  /** More is likely to go to the same server soon: the connection stays open for that. */
  readonly isLasting?: boolean;
}

/** What is sent. */
export interface OutsideQuestion {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What is delivered, and how. */
export interface OutsideDelivery extends Pick<OutsideQuestion, 'headers' | 'body'> {
  readonly timeoutMs: number;
  /** Whoever calls has asked a moment ago, for many hosts at once, whether the staff has ruled this one out. */
  readonly isLetIn?: boolean;
}

/** What came back. */
export interface OutsideAnswer {
  /** After redirects. */
  readonly url: string;
  /** With parameters, as sent. */
  readonly contentType: string;
  /** Decompressed. */
  readonly body: Buffer;
}

/** What the other side made of something that was delivered to it. */
export interface OutsideReceipt {
  readonly status: number;
  /** What `Retry-After` said; null when it said nothing. */
  readonly retryAfter: string | null;
  /** What `Accept-Signature` said; null when it said nothing. */
  readonly acceptSignature: string | null;
}

/** What the other side said, whatever it was. */
export interface OutsideReply extends OutsideReceipt {
  /** With parameters, as sent. */
  readonly contentType: string;
  /** Decompressed. */
  readonly body: Buffer;
}

/** Bounds of such a question. */
export type AskLimits = Pick<OutsideLimits, 'maxBytes' | 'timeoutMs'>;

/** Bounds of an answer that is read as it comes; what is read of it bounds whoever reads. */
export interface OpenLimits {
  /** From the first look-up to the headers. */
  readonly headersMs: number;
  readonly maxRedirects: number;
}

/** An answer whose body is still to come: as sent, whatever its status and type. */
export interface OpenAnswer {
  /** After redirects. */
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** To be read to its end or destroyed. */
  readonly body: Readable;
}

/** Headers that depend on where a question goes, such as a signature: asked for at each hop. */
export type HeadersFor = (url: URL) => Readonly<Record<string, string>>;

/** How a client reaches others; all but the name is for tests. */
export interface HttpClientOptions {
  /** Sent as User-Agent. */
  readonly name: string;
  readonly isAllowed?: (address: string) => boolean;
  readonly resolve?: ResolveName;
  /** Decides about scheme and port. */
  readonly isOpenUrl?: (url: URL) => boolean;
  /** Hosts that the staff has ruled out; asked at every hop. */
  readonly isRefused?: RefusesHost;
  /** Where connections to a host really go. */
  readonly connectTo?: (url: URL) => Via | null;
}

/** Whether nothing is asked of a host (with its port) and nothing delivered to it. */
export type RefusesHost = (host: string, isOpenWeb: boolean) => Promise<boolean>;

/** Whose address it is: one that strangers have named is guarded. */
interface Target {
  readonly isGuarded: boolean;
  readonly headersFor?: HeadersFor | undefined;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** True for https on its own port. */
function isPublicUrl({ protocol, port }: URL): boolean {
  return protocol === 'https:' && port === '';
}

/** Asks other servers. */
export class HttpClient {
  private readonly isAllowed: (address: string) => boolean;
  private readonly lookup: LookupFunction;
  private readonly isOpenUrl: (url: URL) => boolean;

  constructor(
    private readonly options: HttpClientOptions,
    private readonly lasting = new LastingConnections(),
  ) {
    this.isAllowed = options.isAllowed ?? isPublicAddress;
    this.isOpenUrl = options.isOpenUrl ?? isPublicUrl;
    this.lookup = checkedLookup(this.isAllowed, options.resolve);
  }

  /** The same client, for a server that rules out hosts. */
  refusing(isRefused: RefusesHost): HttpClient {
    return new HttpClient({ ...this.options, isRefused }, this.lasting);
  }

  /**
   * Gets what stands at an address that somebody has named.
   *
   * @throws {OutsideUnavailable}
   */
  get(url: string, limits: OutsideLimits, headersFor?: HeadersFor): Promise<OutsideAnswer> {
    return this.follow(url, { method: 'GET' }, limits, { isGuarded: true, headersFor });
  }

  /**
   * Asks for something that is passed on while it comes, uncompressed. Aborting `signal` ends it, the body too.
   *
   * @throws {OutsideUnavailable} when there is no answer
   */
  async open(
    url: string,
    headers: Readonly<Record<string, string>>,
    { headersMs, maxRedirects }: OpenLimits,
    signal: AbortSignal,
  ): Promise<OpenAnswer> {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), headersMs);
    const question: OutsideQuestion = {
      method: 'GET',
      headers: { ...headers, 'accept-encoding': 'identity' },
    };
    try {
      const either = AbortSignal.any([patience.signal, signal]);
      const found = await this.hop(url, question, { maxRedirects }, { isGuarded: true }, either);
      const { statusCode: status = 0, headers: sent } = found.response;
      return { url: found.url.href, status, headers: sent, body: found.response };
    } catch (error) {
      throw toUnavailable(error, patience.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Delivers something to an address that another server has named: without redirects, and without reading more of the
   * answer than its status. The connection stays open for the next delivery; where it turns out to have ended meanwhile,
   * the same is sent over a new one, so that it may come twice.
   *
   * @throws {OutsideUnavailable} when there is no answer
   */
  async deliver(
    url: string | URL,
    { headers, body, timeoutMs, isLetIn = false }: OutsideDelivery,
  ): Promise<OutsideReceipt> {
    const deadline = new Deadline(timeoutMs);
    try {
      const target = readUrl(url);
      await this.requireOpen(target, isLetIn ? null : false);
      const question = { method: 'POST' as const, headers, body };
      const response = await this.send(target, question, deadline, {
        isGuarded: true,
        lasts: true,
      });
      letEnd(response, deadline);
      return {
        status: response.statusCode ?? 0,
        retryAfter: response.headers['retry-after'] ?? null,
        acceptSignature: oneOf(response.headers['accept-signature']),
      };
    } catch (error) {
      deadline.lift();
      throw toUnavailable(error, deadline);
    }
  }

  /**
   * Asks another server and reads whatever it answers: without redirects, over a connection that stays open for the next
   * question. Where that turns out to have ended meanwhile the same is sent over a new one, so that it may come twice.
   *
   * @throws {OutsideUnavailable} when there is no answer, or too much of it
   */
  async ask(url: string, question: OutsideQuestion, limits: AskLimits): Promise<OutsideReply> {
    const deadline = new Deadline(limits.timeoutMs);
    try {
      const target = readUrl(url);
      await this.requireOpen(target, false);
      const response = await this.send(target, question, deadline, {
        isGuarded: true,
        lasts: true,
      });
      const { statusCode: status = 0, headers } = response;
      return {
        status,
        retryAfter: headers['retry-after'] ?? null,
        acceptSignature: oneOf(headers['accept-signature']),
        contentType: headers['content-type'] ?? '',
        body: await readBody(response, limits.maxBytes),
      };
    } catch (error) {
      throw toUnavailable(error, deadline);
    } finally {
      deadline.lift();
    }
  }

  /**
   * Asks a service that the operator has named, wherever it is; redirects are not followed.
   *
   * @throws {OutsideUnavailable}
   */
  askTrusted(
    url: string,
    question: OutsideQuestion,
    limits: Omit<OutsideLimits, 'maxRedirects'>,
  ): Promise<OutsideAnswer> {
    return this.follow(url, question, { ...limits, maxRedirects: 0 }, { isGuarded: false });
  }

  private async follow(
    url: string,
    question: OutsideQuestion,
    limits: OutsideLimits,
    target: Target,
  ): Promise<OutsideAnswer> {
    const deadline = new Deadline(limits.timeoutMs);
    try {
      const found = await this.hop(url, question, limits, target, deadline);
      return await readAnswer(found.response, found.url, limits);
    } catch (error) {
      throw toUnavailable(error, deadline);
    } finally {
      deadline.lift();
    }
  }

  /** Follows redirects to the first answer that is none. */
  private async hop(
    url: string,
    question: OutsideQuestion,
    {
      maxRedirects,
      isOpenWeb = false,
      isLasting: lasts = false,
    }: Pick<OutsideLimits, 'maxRedirects' | 'isOpenWeb' | 'isLasting'>,
    { isGuarded, headersFor }: Target,
    ending: AbortSignal | Deadline,
  ): Promise<{ readonly response: IncomingMessage; readonly url: URL }> {
    let current = readUrl(url);
    for (let hop = 0; hop <= maxRedirects; hop++) {
      if (isGuarded) await this.requireOpen(current, isOpenWeb);
      const asked = { ...question, headers: { ...question.headers, ...headersFor?.(current) } };
      const response = await this.send(current, asked, ending, { isGuarded, lasts });
      const next = redirectOf(response, current);
      if (!next) return { response, url: current };
      response.destroy();
      current = next;
    }
    throw new OutsideUnavailable('REDIRECTS', `More than ${maxRedirects} redirects.`);
  }

  /** @param isOpenWeb null = the staff's rules have been asked already */
  private async requireOpen(url: URL, isOpenWeb: boolean | null): Promise<void> {
    if (!this.isOpenUrl(url) || url.username !== '' || url.password !== '')
      throw new OutsideUnavailable('FORBIDDEN_URL', 'Only https without port and credentials.');
    requirePublicHost(url, this.isAllowed);
    if (isOpenWeb !== null && (await this.options.isRefused?.(url.host, isOpenWeb)))
      throw new OutsideUnavailable('FORBIDDEN_HOST', 'The staff has ruled out this server.');
  }

  private send(
    url: URL,
    question: OutsideQuestion,
    ending: AbortSignal | Deadline,
    { isGuarded, lasts = false }: { readonly isGuarded: boolean; readonly lasts?: boolean },
  ): Promise<IncomingMessage> {
    const { method, headers, body } = question;
    const via = this.options.connectTo?.(url) ?? url;
    const { protocol } = via;
    const written = {
      host: url.host,
      'user-agent': this.options.name,
      'accept-encoding': ACCEPTED_ENCODINGS,
      ...headers,
      'content-length': body === undefined ? undefined : String(Buffer.byteLength(body)),
    };
    const options: RequestOptions = {
      ...requestOptions(url, via, method, written),
      ...(ending instanceof AbortSignal && { signal: ending }),
      agent: lasts ? this.lasting.agentFor(protocol) : false,
      ...(isGuarded && { lookup: this.lookup }),
    };
    return new Promise((resolve, reject) => {
      const request = (protocol === 'http:' ? requestHttp : requestHttps)(options);
      if (ending instanceof Deadline) ending.end(request);
      request.on('response', resolve);
      request.on('error', (error) => {
        const isStale = request.reusedSocket && !ending.aborted && isReset(error);
        if (isStale) resolve(this.send(url, question, ending, { isGuarded }));
        else reject(error);
      });
      if (isGuarded) request.on('socket', (socket) => this.checkPeer(socket));
      request.end(body);
    });
  }

  /** The last look, at what the connection really leads to: a literal address never comes to a look-up. */
  private checkPeer(socket: Socket): void {
    // One that is used again was looked at when it was opened.
    if (!socket.connecting) return;
    socket.once('connect', () => {
      const peer = socket.remoteAddress;
      if (peer === undefined || !this.isAllowed(peer))
        socket.destroy(new ForbiddenAddress(`${peer ?? 'The peer'} is no public address.`));
    });
  }
}

/** Reads a short answer to its end, so that the connection can be used again. */
function letEnd(response: IncomingMessage, deadline: Deadline): void {
  let bytes = 0;
  response.on('close', () => deadline.lift());
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_RECEIPT_BYTES) response.destroy();
  });
}

/** The other side closed the connection before it could have read anything. */
function isReset(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

function oneOf(header: string | string[] | undefined): string | null {
  return typeof header === 'string' ? header : null;
}

function readUrl(text: string | URL): URL {
  if (typeof text !== 'string') return text;
  try {
    return new URL(text);
  } catch (cause) {
    throw new OutsideUnavailable('FORBIDDEN_URL', 'Not an absolute address.', { cause });
  }
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage, from: URL): URL | null {
  if (!REDIRECTS.has(statusCode) || headers.location === undefined) return null;
  return URL.parse(headers.location, from.href) ?? readUrl(headers.location);
}

function toUnavailable(error: unknown, signal: Pick<AbortSignal, 'aborted'>): OutsideUnavailable {
  if (error instanceof OutsideUnavailable) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  if (cause instanceof ForbiddenAddress)
    return new OutsideUnavailable('FORBIDDEN_ADDRESS', cause.message, { cause });
  if (signal.aborted) return new OutsideUnavailable('TIMEOUT', 'Took too long.', { cause });
  return new OutsideUnavailable('NETWORK', cause.message, { cause });
}
