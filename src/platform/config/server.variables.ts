// Rows of the configuration table: where the server listens, keeps its data and writes its log.
import {
  absolutePath,
  directory,
  hostName,
  integer,
  oneOf,
  origin,
  proxies,
  sender,
  serverKey,
  text,
  url,
} from './rules.js';
import { optional, withDefault } from './variable.js';

/** Listening, roles, database, metrics, log, key and mail. */
export const serverVariables = {
  PORT: withDefault(integer(0, 65535), '8080', {
    description:
      'Port on which the server answers HTTP and WebSocket. 0 takes any free port. Without PUBLIC_URL it becomes part of the address, which is fixed at the first start.',
  }),
  PUBLIC_URL: optional(origin, 'localhost on PORT, without TLS', {
    description:
      'Address at which people and other servers reach this server. Its host becomes the domain of every account, so it is fixed at the first start.',
    takesEffect: 'first start',
  }),
  UPLOAD_URL: optional(origin, 'that of PUBLIC_URL', {
    description:
      'Address to which clients send files, where that is another way to this server: past a proxy that takes no large requests, or to a copy that keeps the name of the original.',
  }),
  TRUSTED_PROXIES: withDefault(proxies, 'loopback', {
    description:
      'Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto headers are believed; `none` believes nobody.',
  }),
  SIGNED_FETCH: withDefault(oneOf('optional', 'required'), 'optional', {
    description:
      'Whether other servers have to sign what they ask for. If required, those whose actors are suspended here cannot read even what is public, except as pages; some software then finds less. The key of each actor, the actor of the server, WebFinger and NodeInfo are given to everybody.',
  }),
  DATA_DIR: withDefault(directory, './data', {
    description:
      'Directory for the embedded database, the server key and, with STORAGE=filesystem, the media.',
  }),
  DATABASE_URL: optional(url('postgres', 'postgresql'), 'an embedded PostgreSQL runs in DATA_DIR', {
    description:
      'An outside PostgreSQL 16 or later, for example postgres://triptych:password@db.example/triptych.',
    secret: true,
  }),
  DATABASE_POOL_SIZE: withDefault(integer(2, 500), '10', {
    description: 'Most database connections that one process opens for requests.',
    unit: 'connections',
  }),
  ROLE: withDefault(oneOf('all', 'web', 'worker'), 'all', {
    description:
      'What this process does: answer requests (web), run background jobs (worker), or both (all).',
  }),
  WORKER_CONCURRENCY: withDefault(integer(1, 100), '4', {
    description: 'Background jobs that one process runs at the same time.',
    unit: 'jobs',
  }),
  WORKER_OUTSIDE_CONCURRENCY: withDefault(integer(1, 200), '12', {
    description:
      'Background jobs beside those that wait for other servers over the network, at the same time: deliveries, what was received, pictures of others, link previews, pushes.',
    unit: 'jobs',
  }),
  DRAIN_DELAY_SECONDS: withDefault(integer(0, 600), '0', {
    description:
      'Time after SIGTERM in which /readyz answers 503 and requests are still taken, so that a load balancer sends the next ones elsewhere; the container image sets 3.',
    unit: 'seconds',
  }),
  SHUTDOWN_SECONDS: withDefault(integer(1, 600), '25', {
    description:
      'Time that requests, sockets and jobs get to finish after SIGTERM and DRAIN_DELAY_SECONDS.',
    unit: 'seconds',
  }),
  METRICS_PORT: withDefault(integer(0, 65535), '9464', {
    description: 'Port of /metrics for Prometheus. 0 takes any free port.',
  }),
  METRICS_HOST: withDefault(hostName, '127.0.0.1', {
    description:
      'Address on which /metrics listens. Metrics are not protected: keep them off the public network.',
  }),
  LOG_LEVEL: withDefault(
    oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    'info',
    {
      description: 'Least important kind of line that is logged.',
    },
  ),
  LOG_FORMAT: withDefault(oneOf('json', 'pretty'), 'json', {
    description: 'One JSON object per line, or lines for reading at a terminal.',
  }),
  TRIPTYCH_SERVER_KEY: optional(
    serverKey,
    'a key is made at the first start and kept in DATA_DIR/server.key',
    {
      description:
        'Key under which secrets in the database are sealed. Losing it loses them; several machines need the same one.',
      secret: true,
    },
  ),
  SMTP_URL: optional(
    url('smtp', 'smtps'),
    'no mail is sent; links for the administrator appear in the log',
    {
      description: 'Mail server, for example smtps://name:password@mail.example:465.',
      secret: true,
    },
  ),
  SMTP_FROM: optional(sender, 'no-reply at the host of PUBLIC_URL', {
    description: 'Sender of all mail.',
  }),
  TRANSLATE_URL: optional(url('http', 'https'), 'texts are not translated', {
    description:
      'LibreTranslate-compatible service that translates what people ask for, for example http://127.0.0.1:5000. It sees those texts.',
  }),
  TRANSLATE_API_KEY: optional(text(200), 'none is sent', {
    description: 'Key for the service at TRANSLATE_URL.',
    secret: true,
  }),
  CAPTIONS_URL: optional(url('http', 'https'), 'captions are written by people alone', {
    description:
      'Service that writes captions of videos, with the transcriptions of OpenAI’s protocol, as servers of Whisper models have them, for example http://127.0.0.1:8000/v1. It is sent the sound of every video that is uploaded without captions, private ones too.',
  }),
  CAPTIONS_API_KEY: optional(text(200), 'none is sent', {
    description: 'Key for the service at CAPTIONS_URL.',
    secret: true,
  }),
  CAPTIONS_MODEL: withDefault(text(200), 'whisper-1', {
    description: 'Name of the model that the service at CAPTIONS_URL is asked for.',
  }),
  FFMPEG_PATH: optional(absolutePath, 'ffmpeg is looked up on PATH', {
    description: 'The ffmpeg executable (5.1 or later), needed for video only.',
  }),
  FFPROBE_PATH: optional(absolutePath, 'ffprobe is looked up on PATH', {
    description: 'The ffprobe executable that belongs to ffmpeg.',
  }),
  FPCALC_PATH: optional(absolutePath, 'fpcalc is looked up on PATH', {
    description:
      'The fpcalc executable of Chromaprint, by which the server recognises the sound of one video in another one. Without it videos have sounds, and none is recognised.',
  }),
  HEIF_CONVERT_PATH: optional(absolutePath, 'heif-convert is looked up on PATH', {
    description: 'The heif-convert executable of libheif, needed for HEIC photographs only.',
  }),
};
