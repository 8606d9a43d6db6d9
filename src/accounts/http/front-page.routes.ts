/** The pages of the server itself: the one at its address, and those of invites. */
import { Router, type Response } from 'express';
import { findActors } from '../../actors/actor.queries.js';
import type { Services } from '../../platform/context.js';
import { localeOf } from '../../platform/messages/accept-language.js';
import type { Locale } from '../../platform/messages/catalogue.js';
import { qrCodeSvg } from '../../platform/qr-code.js';
import { instanceSettings, type InstanceSettings } from '../instance-settings.js';
import { findOpenInvite, inviteUrl } from '../invites.js';
import { frontPage } from './front-page.js';
import { invitePage, type ShownInvite } from './invite-page.js';
import { PLAIN_PAGE_POLICY } from './plain-page.js';

/** Routes to be mounted at the root. */
export function frontPageRoutes(services: Services): Router {
  const { database, config } = services;
  const router = Router();
  router.get('/', async (request, response) => {
    const locale = localeOf(request);
    const settings = await instanceSettings(database, config);
    sendPage(response, locale, frontPage(settings, locale, config.graphql.graphiql));
  });
  router.get('/invite/:code', async (request, response) => {
    const locale = localeOf(request);
    const settings = await instanceSettings(database, config);
    const invite = await showInvite(services, settings, request.params.code);
    if (invite === null) response.status(404);
    // Whether it still lets in changes with each who comes; the code is for nobody else, and for no search engine.
    response.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
    sendPage(response, locale, invitePage(settings, locale, invite));
  });
  router.get('/invite/:code/qr.svg', async (request, response, next) => {
    const { code } = request.params;
    const settings = await instanceSettings(database, config);
    if ((await showInvite(services, settings, code)) === null) return next();
    sendQrCode(response.set('Cache-Control', 'no-store'), inviteUrl(services, code), settings.name);
  });
  return router;
}

/** Answers a page that runs nothing and asks nobody; `policy` says what else it may do. */
export function sendPage(
  response: Response,
  locale: Locale,
  html: string,
  policy = PLAIN_PAGE_POLICY,
): void {
  response
    .set({ 'Content-Security-Policy': policy, 'Content-Language': locale })
    .vary('Accept-Language')
    .type('html')
    .send(html);
}

/** Answers a QR code of an address; `title` is for those who do not see it. */
export function sendQrCode(response: Response, url: string, title: string): void {
  response
    .set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
    .type('image/svg+xml')
    .send(qrCodeSvg(url, title));
}

async function showInvite(
  { database, clock, config }: Services,
  settings: InstanceSettings,
  code: string,
): Promise<ShownInvite | null> {
  if (settings.registrationMode === 'CLOSED') return null;
  const invite = await findOpenInvite(database, settings, code, clock.now());
  if (!invite) return null;
  const { inviterId, followsInviter, expiresAt, sparesApproval } = invite;
  const [inviter] = inviterId === null ? [] : await findActors(database, [inviterId]);
  const handle = inviter && `@${inviter.username}@${config.publicUrl.host}`;
  const named = inviter?.displayName.trim();
  return {
    code,
    inviter: handle && named ? `${named} (${handle})` : (handle ?? null),
    followsInviter,
    needsApproval: settings.registrationMode === 'APPROVAL' && !sparesApproval,
    expiresAt,
  };
}
