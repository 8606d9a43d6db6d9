/** The schema for tools: SDL, introspection result and possible types, at stable addresses; and what errors mean. */
import { createHash } from 'node:crypto';
import { Router, type RequestHandler } from 'express';
import { introspectionFromSchema, type GraphQLSchema } from 'graphql';
import { possibleTypes, printSdl } from '../platform/graphql/sdl.js';
import { ERROR_PAGE_POLICY, errorPage } from './error-page.js';

/**
 * Routes below /graphql. Each text is made when it is first asked for, and once: the schema does not change while the server
 * runs, and no start has to wait for half a second of printing.
 */
export function schemaRoutes(schema: GraphQLSchema): Router {
  const router = Router();
  router.get(
    '/schema.graphql',
    fixedText('text/plain; charset=utf-8', () => printSdl(schema)),
  );
  router.get(
    '/schema.json',
    fixedText('application/json', () => JSON.stringify({ data: introspectionFromSchema(schema) })),
  );
  router.get(
    '/possible-types.json',
    fixedText('application/json', () => JSON.stringify(possibleTypes(schema))),
  );
  const policy: RequestHandler = (_request, response, next) => {
    response.setHeader('Content-Security-Policy', ERROR_PAGE_POLICY);
    next();
  };
  router.get('/errors', policy, fixedText('text/html; charset=utf-8', errorPage));
  return router;
}

function fixedText(type: string, make: () => string): RequestHandler {
  let made: { readonly text: string; readonly etag: string } | null = null;
  return (request, response) => {
    made ??= tagged(make());
    const { text, etag } = made;
    response.setHeader('ETag', etag);
    response.setHeader('Cache-Control', 'public, max-age=300');
    if (request.headers['if-none-match'] === etag) response.status(304).end();
    else response.type(type).send(text);
  };
}

function tagged(text: string): { readonly text: string; readonly etag: string } {
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"` };
}
