// Serves the explorer at /graphiql from this server alone: bundled by tools/build-graphiql.js, working without
// network, under a policy that names no other host.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import express from 'express';
import type { Request, Response, Router } from 'express';

const BUNDLE = path.resolve(import.meta.dirname, '../../../../graphiql');
const ONE_YEAR_SECONDS = 31_536_000;

/**
 * Content-Security-Policy of the page. Scripts and workers come from our files and nothing is evaluated. Styles
 * need 'unsafe-inline' because Monaco writes its theme and its cursor positions into style elements; fonts and
 * icons inside the style sheet are data: URLs.
 */
export const GRAPHIQL_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Routes of the explorer, to be mounted at /graphiql. It talks to /graphql of the same origin, subscriptions included.
 *
 * @throws {Error} when the server was built without the bundle
 */
export function graphiqlRoute(): Router {
  if (!existsSync(BUNDLE))
    throw new Error('GraphiQL is not bundled: run "npm run build", or set GRAPHIQL=false.');
  const page = readFileSync(path.join(BUNDLE, 'index.html'), 'utf8');
  const assets = assetPaths();
  const router = express.Router();
  router.use((_request, response, next) => {
    response.set({
      'Content-Security-Policy': GRAPHIQL_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
    });
    next();
  });
  router.get('/', (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('html').send(page);
  });
  router.get('/:version/:name', (request, response, next) => {
    const { version, name } = request.params;
    if (assets.has(`${version}/${name}`)) sendAsset(request, response, `${version}/${name}`);
    else next();
  });
  return router;
}

/** Names under the bundle that may be asked for, as version/name; the version is a hash of the content. */
function assetPaths(): ReadonlySet<string> {
  const versions = readdirSync(BUNDLE, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const paths = versions.flatMap(({ name: version }) =>
    readdirSync(path.join(BUNDLE, version)).map((name) => `${version}/${name}`),
  );
  return new Set(paths.filter((name) => path.extname(name) in TYPES));
}

function sendAsset(request: Request, response: Response, asset: string): void {
  const packed = `${asset}.br`;
  const isPacked = request.acceptsEncodings('br') === 'br' && existsSync(path.join(BUNDLE, packed));
  response.set({
    'Content-Type': TYPES[path.extname(asset)],
    'Cache-Control': `public, max-age=${ONE_YEAR_SECONDS}, immutable`,
    Vary: 'Accept-Encoding',
  });
  if (isPacked) response.set('Content-Encoding', 'br');
  response.sendFile(isPacked ? packed : asset, { root: BUNDLE, cacheControl: false });
}
