/** Pages of people and posts, feeds, and what sites need that show a link to one of them. */
import { Router } from 'express';
import { sendPage, sendQrCode } from '../../accounts/http/front-page.routes.js';
import { PLAIN_PAGE_POLICY } from '../../accounts/http/plain-page.js';
import { instanceSettings } from '../../accounts/instance-settings.js';
import type { Services } from '../../platform/context.js';
import { localeOf } from '../../platform/messages/accept-language.js';
import { errorBody } from '../../platform/request-errors.js';
import { atomFeed } from './atom-feed.js';
import { EMBED_POLICY, embedPage } from './embed-page.js';
import { interactionPage } from './interaction-page.js';
import { findOpenCollection, findOpenHashtag } from './listed.js';
import { collectionHtml, hashtagPage } from './listing-page.js';
import { findMeant } from './meant.js';
import { oembed } from './oembed.js';
import { postPage } from './post-page.js';
import { profilePage } from './profile-page.js';
import { starterPackPage } from './starter-pack-page.js';
import {
  findAvatar,
  findNewestPosts,
  findOpenPack,
  findOpenPost,
  findPerson,
  findPostOfOpenComment,
  picturesOf,
} from './shown.js';
import { videoOf } from './video-player.js';

const CACHED = 'public, max-age=60';
/** That of every page, and its own videos. */
const VIDEO_POLICY = `${PLAIN_PAGE_POLICY}; media-src 'self'`;

/** Routes to be mounted at the root; what is not there goes on to the next. */
export function pageRoutes(services: Services): Router {
  const { host, origin } = services.config.publicUrl;
  const router = Router();
  router.get('/@:username', async (request, response, next) => {
    const person = await findPerson(services, request.params.username);
    if (!person) return next();
    const [avatar, newest] = await Promise.all([
      findAvatar(services, person),
      findNewestPosts(services, person),
    ]);
    const posts = newest.map((post) => ({
      post,
      picture: picturesOf(services, post, 'grid')[0] ?? null,
    }));
    const locale = localeOf(request);
    response.vary('Accept').set('Cache-Control', CACHED);
    sendPage(response, locale, profilePage({ locale, host, person, avatar, posts }));
  });
  router.get('/@:username/qr.svg', async (request, response, next) => {
    const person = await findPerson(services, request.params.username);
    if (!person) return next();
    sendQrCode(response.set('Cache-Control', CACHED), person.url, `@${person.username}@${host}`);
  });
  router.get('/@:username/feed.atom', async (request, response, next) => {
    const person = await findPerson(services, request.params.username);
    if (!person) return next();
    const posts = (await findNewestPosts(services, person)).map((post) => ({
      post,
      pictures: picturesOf(services, post, 'page'),
    }));
    response
      .set({ 'Content-Type': 'application/atom+xml; charset=utf-8', 'Cache-Control': CACHED })
      .send(atomFeed({ person, host, posts }));
  });
  router.get('/posts/:id', async (request, response, next) => {
    const post = await findOpenPost(services, request.params.id);
    if (!post) return next();
    const locale = localeOf(request);
    const { name: server } = await instanceSettings(services.database, services.config);
    const pictures = picturesOf(services, post, 'page');
    const video = videoOf(services, post);
    response.vary('Accept').set('Cache-Control', CACHED);
    const html = postPage({ locale, server, origin, post, pictures, video });
    sendPage(response, locale, html, video ? VIDEO_POLICY : undefined);
  });
  // Elsewhere a comment is shown with a link to where it stands.
  router.get('/comments/:id', async (request, response, next) => {
    const post = await findPostOfOpenComment(services, request.params.id);
    if (post) response.vary('Accept').set('Cache-Control', CACHED).redirect(post.url);
    else next();
  });
  router.get('/embed/:id', async (request, response, next) => {
    const post = await findOpenPost(services, request.params.id);
    const video = post && videoOf(services, post);
    if (!video) return next();
    const locale = localeOf(request);
    const { name: server } = await instanceSettings(services.database, services.config);
    response.set('Cache-Control', CACHED);
    // older browsers know no frame-ancestors, and obey this
    response.removeHeader('X-Frame-Options');
    sendPage(response, locale, embedPage({ locale, server, post, video }), EMBED_POLICY);
  });
  router.get('/starter-packs/:id', async (request, response, next) => {
    const found = await findOpenPack(services, request.params.id);
    if (!found) return next();
    const locale = localeOf(request);
    const url = `${origin}/starter-packs/${found.pack.id}`;
    response.set('Cache-Control', CACHED);
    sendPage(response, locale, starterPackPage({ locale, host, url, ...found }));
  });
  router.get('/tags/:name', async (request, response, next) => {
    const found = await findOpenHashtag(services, request.params.name, request.query['after']);
    if (!found) return next();
    const locale = localeOf(request);
    response.set('Cache-Control', CACHED);
    sendPage(response, locale, hashtagPage({ locale, host, ...found }));
  });
  router.get('/collections/:id', async (request, response, next) => {
    const found = await findOpenCollection(services, request.params.id, request.query['after']);
    if (!found) return next();
    const locale = localeOf(request);
    response.vary('Accept').set('Cache-Control', CACHED);
    sendPage(response, locale, collectionHtml({ locale, host, ...found }));
  });
  router.get('/authorize_interaction', async (request, response, next) => {
    const locale = localeOf(request);
    const meant = await findMeant(services, request.query['uri'], locale);
    if (!meant) return next();
    const { name: server } = await instanceSettings(services.database, services.config);
    response.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
    sendPage(response, locale, interactionPage({ locale, server, meant }));
  });
  router.get('/oembed', async (request, response) => {
    const found = await oembed(services, request);
    if (found) response.vary('Accept-Language').set('Cache-Control', CACHED).json(found);
    else
      response
        .status(404)
        .json(errorBody(services.config, { code: 'NOT_FOUND', message: 'No such post.' }));
  });
  return router;
}
