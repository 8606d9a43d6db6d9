/** Delivering to one host, each request signed in the form that it understands. */
import type { Services } from '../../platform/context.js';
import type { OutsideReceipt } from '../../platform/http-client.js';
import type { SigningIdentity } from './http-signature.js';
import {
  formFor,
  headersIn,
  keepRefusal,
  keepSigningAnew,
  mayBeMisunderstood,
  type SignatureForm,
} from './signature-forms.js';

const TIMEOUT_MS = 10_000;
const UNAUTHENTICATED = 401;

/** Something on its way to an inbox. */
export interface Letter {
  readonly inboxUrl: string | URL;
  readonly body: string | Uint8Array;
  /** `Digest` of the body, where that was computed before. */
  readonly digest?: string;
  /** Further headers, by lower-case name. */
  readonly more?: Readonly<Record<string, string>>;
}

/** What is known of a host, where that was looked up for many at once. */
export interface KnownHost {
  /** The staff has not ruled it out. */
  readonly isLetIn: boolean;
  /** It reads signatures of the newer form. */
  readonly signsAnew: boolean;
}

/** One host for as long as a job runs. */
export class HostDoor {
  private form: SignatureForm | null = null;
  private readonly isLetIn: boolean;
  private hasShown = false;

  constructor(
    private readonly services: Pick<Services, 'database' | 'clock' | 'http'>,
    private readonly host: string,
    known?: KnownHost,
  ) {
    if (known) this.form = known.signsAnew ? 'MESSAGE' : 'DRAFT';
    this.isLetIn = known?.isLetIn ?? false;
  }

  /**
   * Delivers; a host that says that it reads the other form gets that at once.
   *
   * @throws {OutsideUnavailable} when there is no answer
   */
  async deliver(letter: Letter, identity: SigningIdentity): Promise<OutsideReceipt> {
    this.form ??= await formFor(this.services, this.host);
    const receipt = await this.post(letter, identity, this.form);
    if (this.form === 'MESSAGE')
      return mayBeMisunderstood(receipt.status) ? this.goBack(letter, identity, receipt) : receipt;
    if (receipt.acceptSignature === null || this.hasShown) return receipt;
    this.hasShown = true;
    await keepSigningAnew(this.services, this.host);
    this.form = await formFor(this.services, this.host);
    const isAsked = receipt.status === UNAUTHENTICATED && this.form === 'MESSAGE';
    return isAsked ? this.post(letter, identity, 'MESSAGE') : receipt;
  }

  /** What is refused in either form was not refused for its form. */
  private async goBack(
    letter: Letter,
    identity: SigningIdentity,
    refusal: OutsideReceipt,
  ): Promise<OutsideReceipt> {
    const receipt = await this.post(letter, identity, 'DRAFT');
    if (mayBeMisunderstood(receipt.status)) return refusal;
    this.form = 'DRAFT';
    await keepRefusal(this.services, this.host);
    return receipt;
  }

  private post(
    { inboxUrl, body, more, digest }: Letter,
    identity: SigningIdentity,
    form: SignatureForm,
  ): Promise<OutsideReceipt> {
    const { http, clock } = this.services;
    const url = typeof inboxUrl === 'string' ? new URL(inboxUrl) : inboxUrl;
    const request = {
      method: 'POST' as const,
      url,
      body: typeof body === 'string' ? Buffer.from(body) : body,
      ...(more && { more }),
      ...(digest !== undefined && { digest }),
    };
    const headers = {
      'content-type': 'application/activity+json',
      ...headersIn(form, request, identity, clock.now()),
    };
    const { isLetIn } = this;
    return http.deliver(url, { headers, body, timeoutMs: TIMEOUT_MS, isLetIn });
  }
}
