/** Providers of mailboxes that anybody can read or that last for minutes; the staff adds to them at run time. */
const DOMAINS: ReadonlySet<string> = new Set(
  `10minutemail.com 10minutemail.net 20minutemail.com 33mail.com anonbox.net burnermail.io
  cock.li discard.email discardmail.com dispostable.com emailondeck.com fakeinbox.com fakemail.net
  getairmail.com getnada.com guerrillamail.biz guerrillamail.com guerrillamail.de guerrillamail.info
  guerrillamail.net guerrillamail.org guerrillamailblock.com harakirimail.com inboxkitten.com
  incognitomail.org jetable.org mail-temp.com mail.tm maildrop.cc mailcatch.com mailinator.com
  mailinator.net mailnesia.com mailnull.com mailpoof.com mailsac.com minutemail.com mintemail.com
  moakt.com mohmal.com mytemp.email mytrashmail.com nada.email sharklasers.com spam4.me spamgourmet.com
  temp-mail.io temp-mail.org tempail.com tempinbox.com tempmail.dev tempmail.plus tempmailo.com
  tempr.email throwawaymail.com trash-mail.com trashmail.com trashmail.de trashmail.net wegwerfmail.de
  yopmail.com yopmail.fr yopmail.net`.split(/\s+/),
);

/** Whether a domain, or one above it, is such a provider. Lower-case ASCII. */
export function isDisposableDomain(domain: string): boolean {
  const labels = domain.split('.');
  return labels.some((_, index) => DOMAINS.has(labels.slice(index).join('.')));
}
