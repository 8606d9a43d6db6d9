/** Serves the pages that links in letters lead to. */
import { Router } from 'express';
import { letterPage, LETTER_PAGES } from './letter-page.js';

/** Routes to be mounted at /account. The pages hold nothing of anybody, so they may be kept for an hour. */
export function letterRoutes(): Router {
  const router = Router();
  for (const [name, content] of Object.entries(LETTER_PAGES)) {
    const { html, policy } = letterPage(content);
    router.get(`/${name}`, (_request, response) => {
      response
        .set({
          'Content-Security-Policy': policy,
          'Referrer-Policy': 'no-referrer',
          'Cache-Control': 'public, max-age=3600',
        })
        .type('html')
        .send(html);
    });
  }
  return router;
}
