/** The schema for tools: SDL, introspection result and possible types, at stable addresses; and what errors mean. */
import { createHash } from 'node:crypto';
import { Router, type RequestHandler } from 'express';
import { introspectionFromSchema, type GraphQLSchema } from 'graphql';
import { possibleTypes, printSdl } from '../platform/graphql/sdl.js';
import { ERROR_PAGE_POLICY, errorPage } from './error-page.js';

/** Routes below /graphql. The texts are made once: the schema does not change while the server runs. */
export function schemaRoutes(schema: GraphQLSchema): Router {
  const router = Router();
  router.get('/schema.graphql', fixedText('text/plain; charset=utf-8', printSdl(schema)));
  router.get(
    '/schema.json',
    fixedText('application/json', JSON.stringify({ data: introspectionFromSchema(schema) })),
  );
  router.get(
    '/possible-types.json',
    fixedText('application/json', JSON.stringify(possibleTypes(schema))),
  );
  const policy: RequestHandler = (_request, response, next) => {
    response.setHeader('Content-Security-Policy', ERROR_PAGE_POLICY);
    next();
  };
  router.get('/errors', policy, fixedText('text/html; charset=utf-8', errorPage()));
  return router;
}

function fixedText(type: string, text: string): RequestHandler {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  return (request, response) => {
    response.setHeader('ETag', etag);
    response.setHeader('Cache-Control', 'public, max-age=300');
    if (request.headers['if-none-match'] === etag) response.status(304).end();
    else response.type(type).send(text);
  };
}
