/** The page behind the link of a digest, and the one click that mail programs offer. */
import { Router, type Request, type Response } from 'express';
import { findAccount } from '../../accounts/accounts.queries.js';
import type { Services } from '../../platform/context.js';
import { localeOf } from '../../platform/messages/accept-language.js';
import {
  chooseLocale,
  formatMessage,
  type Locale,
  type MessageKey,
} from '../../platform/messages/catalogue.js';
import { readUnsubscribeLink, unsubscribeDigest } from '../unsubscribe-digest.js';

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/** Routes to be mounted at /notifications. Opening the page changes nothing: mail scanners open links, too. */
export function unsubscribeRoutes(services: Services): Router {
  const router = Router();
  router.get('/unsubscribe', async (request, response) => {
    const accountId = readUnsubscribeLink(services, request.query);
    const account = accountId && (await findAccount(services.database, accountId));
    if (!account) return notThere(request, response);
    answer(response, chooseLocale([account.language]), 200, 'page.unsubscribe.question', true);
  });
  router.post('/unsubscribe', async (request, response) => {
    const accountId = readUnsubscribeLink(services, request.query);
    const account = accountId && (await findAccount(services.database, accountId));
    if (!account) return notThere(request, response);
    await unsubscribeDigest(services, account.id);
    answer(response, chooseLocale([account.language]), 200, 'page.unsubscribe.done', false);
  });
  return router;
}

function notThere(request: Request, response: Response): void {
  const locale = localeOf(request);
  answer(response, locale, 404, 'page.unsubscribe.unknown', false);
}

function answer(
  response: Response,
  locale: Locale,
  status: number,
  text: MessageKey,
  hasButton: boolean,
): void {
  const say = (key: MessageKey): string => formatMessage(locale, key);
  // Without an action the form is sent to the address of the page itself, signature included.
  const form = hasButton
    ? `<form method="post"><button>${say('page.unsubscribe.button')}</button></form>`
    : '';
  const title = say('page.unsubscribe.title');
  const html = `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${title}</title></head><body><main><h1>${title}</h1><p>${say(text)}</p>${form}</main></body></html>`;
  response
    .status(status)
    .set({ ...HEADERS, 'Content-Language': locale })
    .type('html')
    .send(html);
}
