/** Where somebody may be supported. @source FEP-0ea0 */
import { isStorable } from '../platform/storable-text.js';

/** An address, and what it is called. */
export interface PaymentLink {
  readonly name: string;
  /** An https address or a `payto:` one (RFC 8905). */
  readonly href: string;
}

/** Longest address, in characters. */
const LONGEST_PAYMENT_ADDRESS = 1000;

/** Whether something can be followed to pay: nothing that runs, and nothing that is read on the way. */
export function isPaymentAddress(text: string): boolean {
  if (text.length > LONGEST_PAYMENT_ADDRESS || !isStorable(text) || /\s/.test(text)) return false;
  const url = URL.parse(text);
  if (url?.protocol === 'https:') return url.username === '' && url.password === '';
  return url?.protocol === 'payto:' && /^payto:\/\/[a-z0-9.-]+\/./i.test(text);
}
