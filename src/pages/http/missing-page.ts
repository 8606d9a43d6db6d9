/** What a browser sees where nothing is, or nothing that everybody may see: the two look alike. */
import type { RequestHandler } from 'express';
import { sendPage } from '../../accounts/http/front-page.routes.js';
import { escapeHtml, plainPage } from '../../accounts/http/plain-page.js';
import { instanceSettings } from '../../accounts/instance-settings.js';
import type { Services } from '../../platform/context.js';
import { localeOf } from '../../platform/messages/accept-language.js';
import { formatMessage } from '../../platform/messages/catalogue.js';

/** Answers who would rather read HTML than JSON; all others go on. To be mounted behind all routes. */
export function missingPage(services: Services): RequestHandler {
  return async (request, response, next) => {
    const isPage = request.method === 'GET' || request.method === 'HEAD';
    if (!isPage || request.accepts(['json', 'html']) !== 'html') return next();
    const locale = localeOf(request);
    const { name: server } = await instanceSettings(services.database, services.config);
    const title = formatMessage(locale, 'page.missing.title');
    const why = formatMessage(locale, 'page.missing.why');
    const body = `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(why)}</p>
<p><a href="/" dir="auto">${escapeHtml(server)}</a></p>
`;
    const head = '<meta name="robots" content="noindex">';
    response.status(404).vary('Accept').set('Cache-Control', 'no-store');
    sendPage(response, locale, plainPage({ locale, title, description: why, body, head }));
  };
}
