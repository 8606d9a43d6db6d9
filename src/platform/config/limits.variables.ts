// Rows of the configuration table: what one file and one GraphQL operation may cost.
import { boolean, bytes, integer, oneOf } from './rules.js';
import { optional, withDefault } from './variable.js';

/** Limits of media processing. */
export const mediaVariables = {
  MEDIA_MAX_PIXELS: withDefault(integer(1, 1_000_000_000), '120_000_000', {
    description: 'Largest image that is decoded, width times height.',
    unit: 'pixels',
  }),
  MEDIA_MAX_FRAMES: withDefault(integer(1, 100_000), '1000', {
    description: 'Most frames that an animated image may have.',
    unit: 'frames',
  }),
  MEDIA_WORKERS: withDefault(integer(1, 64), '1', {
    description: 'Worker processes that decode media, each with its own memory limit.',
    unit: 'processes',
  }),
  MEDIA_WORKER_MEMORY: withDefault(bytes(128 * 2 ** 20), '1536MiB', {
    description: 'Memory at which a media worker is stopped.',
    unit: 'bytes',
  }),
  MEDIA_TIMEOUT_SECONDS: withDefault(integer(1, 3600), '60', {
    description: 'Time that one image may take before its worker is stopped.',
    unit: 'seconds',
  }),
  MEDIA_UPLOAD_TTL_SECONDS: withDefault(integer(60, 30 * 86_400), '86_400', {
    description: 'Time after which an upload that nobody finished or used is removed.',
    unit: 'seconds',
  }),
  VIDEO_WORKERS: optional(integer(1, 64), 'half of the processors, at least one', {
    description: 'Videos that one process makes at the same time, beside all other work.',
    unit: 'videos',
  }),
  VIDEO_MEMORY: withDefault(bytes(512 * 2 ** 20), '3GiB', {
    description: 'Address space at which the process that makes a video is stopped.',
    unit: 'bytes',
  }),
  VIDEO_TIMEOUT_SECONDS: withDefault(integer(10, 3 * 3600), '1800', {
    description: 'Time that one video may take before it is given up.',
    unit: 'seconds',
  }),
  VIDEO_ENCODER: withDefault(
    oneOf(
      'auto',
      'software',
      'h264_nvenc',
      'h264_qsv',
      'h264_vaapi',
      'h264_videotoolbox',
      'h264_v4l2m2m',
    ),
    'auto',
    {
      description:
        'What encodes videos: `auto` the first hardware that encodes a few frames when the first video comes, else software. Hardware that fails later is replaced by software until the next start. Drivers of NVIDIA need more address space than VIDEO_MEMORY has by default.',
    },
  ),
  VIDEO_AV1: withDefault(boolean, 'false', {
    description:
      'Makes every quality of a video in AV1 too, once no other video waits: fewer bits for players that know it, above all of videos with much motion, for about twice the CPU of H.264 and more storage.',
  }),
  REMOTE_MEDIA_BYTES: withDefault(bytes(0), '20GiB', {
    description:
      'Space for pictures of other servers, avatars included. What was not used for longest is dropped beyond it, and fetched again when somebody asks for it.',
    unit: 'bytes',
  }),
  REMOTE_MEDIA_KEPT_DAYS: withDefault(integer(1, 3650), '90', {
    description: 'Time after its last use at which a picture of another server is dropped anyway.',
    unit: 'days',
  }),
  CHAT_ATTACHMENT_DAYS: withDefault(integer(1, 3650), '30', {
    description:
      'Time after which an encrypted file of a chat is removed. Devices that were away for longer cannot fetch it any more.',
    unit: 'days',
  }),
};

/** Limits of GraphQL operations. */
export const graphqlVariables = {
  GRAPHQL_MAX_COST: withDefault(integer(1, 1_000_000), '2000', {
    description: 'Points that one operation of a signed-in account may cost.',
    unit: 'points',
  }),
  GRAPHQL_ANONYMOUS_MAX_COST: withDefault(integer(1, 1_000_000), '1000', {
    description: 'Points that one operation without a token may cost.',
    unit: 'points',
  }),
  GRAPHQL_MAX_NODES: withDefault(integer(1, 1_000_000), '10_000', {
    description: 'Objects that one operation may ask for.',
    unit: 'objects',
  }),
  GRAPHQL_MAX_DEPTH: withDefault(integer(1, 100), '15', {
    description: 'How deep fields may be nested.',
    unit: 'levels',
  }),
  GRAPHQL_MAX_ALIASES: withDefault(integer(0, 10_000), '50', {
    description: 'Aliases in one document.',
    unit: 'aliases',
  }),
  GRAPHQL_MAX_ROOT_FIELDS: withDefault(integer(1, 1000), '20', {
    description: 'Fields at the root of one operation.',
    unit: 'fields',
  }),
  GRAPHQL_MAX_MUTATIONS: withDefault(integer(1, 1000), '10', {
    description: 'Mutations in one operation.',
    unit: 'mutations',
  }),
  GRAPHQL_MAX_TOKENS: withDefault(integer(100, 1_000_000), '5000', {
    description: 'Lexical tokens in one document.',
    unit: 'tokens',
  }),
  GRAPHQL_MAX_DOCUMENT_SIZE: withDefault(bytes(1024), '16KiB', {
    description: 'Length of one document.',
    unit: 'bytes',
  }),
  GRAPHQL_POINTS_PER_HOUR: withDefault(integer(1, 1_000_000_000), '50_000', {
    description: 'Points that a signed-in account may spend in an hour.',
    unit: 'points',
  }),
  GRAPHQL_ANONYMOUS_POINTS_PER_HOUR: withDefault(integer(1, 1_000_000_000), '5000', {
    description: 'Points that one network address without a token may spend in an hour.',
    unit: 'points',
  }),
  CHAT_MESSAGE_BURST: withDefault(integer(1, 1_000_000), '60', {
    description: 'Encrypted messages that somebody may send at once.',
    unit: 'messages',
  }),
  CHAT_MESSAGES_PER_SECOND: withDefault(integer(1, 100_000), '1', {
    description: 'Encrypted messages that somebody may send in a second beyond that.',
    unit: 'messages',
  }),
  CHAT_BYTES_PER_DAY: withDefault(bytes(1), '1GiB', {
    description:
      'Encrypted bytes that somebody may send in a day, in messages and changes of groups of more than 4 KiB. Files are counted by the entitlements.',
    unit: 'bytes',
  }),
  GRAPHIQL: withDefault(boolean, 'true', {
    description: 'Whether /graphiql offers the explorer of the API.',
  }),
};
