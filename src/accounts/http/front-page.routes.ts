/** The page at the address of the server itself. */
import { Router } from 'express';
import type { Services } from '../../platform/context.js';
import { readAcceptLanguage } from '../../platform/messages/accept-language.js';
import { chooseLocale } from '../../platform/messages/catalogue.js';
import { instanceSettings } from '../instance-settings.js';
import { FRONT_PAGE_POLICY, frontPage } from './front-page.js';

/** A route to be mounted at the root. */
export function frontPageRoutes({ database, config }: Services): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    const locale = chooseLocale(readAcceptLanguage(request.headers['accept-language']));
    const settings = await instanceSettings(database, config);
    response
      .set({ 'Content-Security-Policy': FRONT_PAGE_POLICY, 'Content-Language': locale })
      .vary('Accept-Language')
      .type('html')
      .send(frontPage(settings, locale, config.graphql.graphiql));
  });
  return router;
}
