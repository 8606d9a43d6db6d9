// The validated configuration. Built once at the start from the environment; nothing else reads variables.
import os from 'node:os';
import { storageProblems, storagesOf } from './config/storages.js';
import { unknownVariables } from './config/unknown-variables.js';
import type { Variable } from './config/variable.js';
import { variables } from './config/variables.js';
import type { Values } from './config/variables.js';

/** Everything an administrator may set; sizes in bytes, times in the unit of the name. */
export interface Config {
  port: number;
  /** Origin without a path; its host is the domain of local accounts. */
  publicUrl: URL;
  /** Where clients send files. */
  uploadUrl: URL;
  /** Whether other servers have to sign what they ask for. */
  signedFetch: 'optional' | 'required';
  /** Absolute. */
  dataDirectory: string;
  /** null: the embedded PostgreSQL in `dataDirectory`. */
  databaseUrl: string | null;
  role: 'all' | 'web' | 'worker';
  databasePoolSize: number;
  workerConcurrency: number;
  workerOutsideConcurrency: number;
  /** Addresses, networks, or Express's names loopback, linklocal, uniquelocal. */
  trustedProxies: string[];
  metrics: { port: number; host: string };
  log: {
    level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
    format: 'json' | 'pretty';
  };
  /** Secret: base64 of 32 bytes; null: the key file in `dataDirectory`. */
  serverKey: string | null;
  /** `url` is secret; null: no mail is sent. */
  smtp: { url: string | null; from: string };
  /** Service that translates; null = none. */
  translate: { url: string; apiKey: string | null } | null;
  /** Null = no machine writes captions. */
  captions: { url: string; apiKey: string | null; model: string } | null;
  storage: StorageConfig;
  /** Where objects are that have not been moved yet; null: none are. */
  previousStorage: StorageConfig | null;
  ffmpeg: { ffmpegPath: string | null; ffprobePath: string | null };
  fpcalcPath: string | null;
  heifConvertPath: string | null;
  registration: {
    mode: 'open' | 'approval' | 'invite' | 'closed';
    minimumAgeYears: number;
    challenge: 'none' | 'proof-of-work';
    emailVerification: 'required' | 'optional';
    /** Accounts per network and half-hour. */
    perNetwork: number;
    /** Attempts per network and half-hour, refused ones included. */
    attemptsPerNetwork: number;
  };
  /** Wrong passwords in a quarter of an hour. */
  signIn: { failuresPerName: number; failuresPerNetwork: number };
  instance: {
    name: string;
    description: string;
    contactEmail: string | null;
    /** null: none is published. */
    sourceUrl: string | null;
    languages: string[];
  };
  /** `storageBytes` null: no limit. */
  entitlements: {
    storageBytes: bigint | null;
    imageBytes: number;
    videoBytes: number;
    attachmentBytes: number;
    videoDurationMs: number;
    postsPerDay: number;
    scheduledPosts: number;
    uploadsPerDay: number;
    openUploads: number;
    openUploadBytes: number;
    analyticsDays: number;
  };
  media: {
    maxPixels: number;
    maxFrames: number;
    workers: number;
    workerMemoryBytes: number;
    timeoutSeconds: number;
    uploadTtlSeconds: number;
    remoteBytes: number;
    remoteKeptDays: number;
    attachmentKeptDays: number;
  };
  video: {
    workers: number;
    memoryBytes: number;
    timeoutSeconds: number;
    encoder:
      | 'auto'
      | 'software'
      | 'h264_nvenc'
      | 'h264_qsv'
      | 'h264_vaapi'
      | 'h264_videotoolbox'
      | 'h264_v4l2m2m';
    av1: boolean;
  };
  chat: {
    messageBurst: number;
    messagesPerSecond: number;
    bytesPerDay: number;
  };
  graphql: {
    maxCost: number;
    anonymousMaxCost: number;
    maxNodes: number;
    maxDepth: number;
    maxAliases: number;
    maxRootFields: number;
    maxMutations: number;
    maxTokens: number;
    maxDocumentBytes: number;
    pointsPerHour: number;
    anonymousPointsPerHour: number;
    graphiql: boolean;
  };
  sessions: { idleDays: number };
  accountDeletion: { graceDays: number };
  /** Whether every server is let in, or only those that the staff listed. */
  federation: { mode: 'open' | 'allow-list' };
  /** Between SIGTERM and the end of listening. */
  drainDelaySeconds: number;
  exports: { intervalDays: number; keptDays: number };
  shutdownSeconds: number;
}

/** Where media are kept; `secretAccessKey` is secret. */
export type StorageConfig =
  | {
      kind: 'filesystem';
      /** Absolute. */
      directory: string;
    }
  | {
      kind: 's3';
      /** null: Amazon's endpoint of the region. */
      endpoint: URL | null;
      region: string;
      bucket: string;
      accessKeyId: string;
      secretAccessKey: string;
      forcePathStyle: boolean;
    };

/** One thing that is wrong with the environment. */
export interface ConfigProblem {
  variable: string;
  /** As given, masked if secret; null: not given, or a variable that is not ours to show. */
  given: string | null;
  /** A sentence without its subject, such as "must be true or false". */
  rule: string;
}

/** The environment can't be used; lists every problem at once. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(
      ({ variable, given, rule }) => `  ${variable}${given === null ? '' : `=${given}`} ${rule}`,
    );
    super(
      [
        'The configuration is not valid:',
        ...lines,
        '`triptych config explain NAME` tells what a variable means.',
      ].join('\n'),
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const MASK = '********';

function written(env: Readonly<Record<string, string | undefined>>, name: string): string | null {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? null : value;
}

function parseValues(
  env: Readonly<Record<string, string | undefined>>,
  problems: ConfigProblem[],
): Values {
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries<Variable<unknown>>(variables)) {
    const text = written(env, name);
    const source = text ?? variable.default;
    if (source === null) {
      values[name] = null;
      continue;
    }
    const parsed = variable.rule.schema.safeParse(source);
    if (parsed.success) values[name] = parsed.data;
    else
      problems.push({
        variable: name,
        given: variable.secret ? MASK : source,
        rule: `must be ${variable.rule.text}`,
      });
  }
  return values as Values;
}

function peopleOf(
  values: Values,
): Pick<
  Config,
  | 'registration'
  | 'signIn'
  | 'instance'
  | 'entitlements'
  | 'sessions'
  | 'accountDeletion'
  | 'federation'
  | 'exports'
> {
  return {
    federation: { mode: values.FEDERATION_MODE },
    registration: {
      mode: values.REGISTRATION_MODE,
      minimumAgeYears: values.REGISTRATION_MINIMUM_AGE,
      challenge: values.REGISTRATION_CHALLENGE,
      emailVerification:
        values.REGISTRATION_EMAIL_VERIFICATION ??
        (values.SMTP_URL === null ? 'optional' : 'required'),
      perNetwork: values.REGISTRATIONS_PER_NETWORK,
      attemptsPerNetwork: values.REGISTRATION_ATTEMPTS_PER_NETWORK,
    },
    signIn: {
      failuresPerName: values.SIGN_IN_FAILURES_PER_NAME,
      failuresPerNetwork: values.SIGN_IN_FAILURES_PER_NETWORK,
    },
    instance: {
      name: values.INSTANCE_NAME,
      description: values.INSTANCE_DESCRIPTION,
      contactEmail: values.INSTANCE_CONTACT_EMAIL,
      sourceUrl: values.INSTANCE_SOURCE_URL,
      languages: values.INSTANCE_LANGUAGES,
    },
    entitlements: {
      storageBytes: values.ENTITLEMENT_STORAGE,
      imageBytes: values.ENTITLEMENT_IMAGE_SIZE,
      videoBytes: values.ENTITLEMENT_VIDEO_SIZE,
      attachmentBytes: values.ENTITLEMENT_ATTACHMENT_SIZE,
      videoDurationMs: values.ENTITLEMENT_VIDEO_SECONDS * 1000,
      postsPerDay: values.ENTITLEMENT_POSTS_PER_DAY,
      scheduledPosts: values.ENTITLEMENT_SCHEDULED_POSTS,
      uploadsPerDay: values.ENTITLEMENT_UPLOADS_PER_DAY,
      openUploads: values.ENTITLEMENT_OPEN_UPLOADS,
      openUploadBytes: values.ENTITLEMENT_OPEN_UPLOAD_SIZE,
      analyticsDays: values.ENTITLEMENT_ANALYTICS_DAYS,
    },
    sessions: { idleDays: values.SESSION_IDLE_DAYS },
    accountDeletion: { graceDays: values.ACCOUNT_DELETION_GRACE_DAYS },
    exports: { intervalDays: values.EXPORT_INTERVAL_DAYS, keptDays: values.EXPORT_KEPT_DAYS },
  };
}

function limitsOf(values: Values): Pick<Config, 'media' | 'video' | 'chat' | 'graphql'> {
  return {
    video: {
      workers: values.VIDEO_WORKERS ?? Math.max(1, Math.floor(os.availableParallelism() / 2)),
      memoryBytes: values.VIDEO_MEMORY,
      timeoutSeconds: values.VIDEO_TIMEOUT_SECONDS,
      encoder: values.VIDEO_ENCODER,
      av1: values.VIDEO_AV1,
    },
    media: {
      maxPixels: values.MEDIA_MAX_PIXELS,
      maxFrames: values.MEDIA_MAX_FRAMES,
      workers: values.MEDIA_WORKERS,
      workerMemoryBytes: values.MEDIA_WORKER_MEMORY,
      timeoutSeconds: values.MEDIA_TIMEOUT_SECONDS,
      uploadTtlSeconds: values.MEDIA_UPLOAD_TTL_SECONDS,
      remoteBytes: values.REMOTE_MEDIA_BYTES,
      remoteKeptDays: values.REMOTE_MEDIA_KEPT_DAYS,
      attachmentKeptDays: values.CHAT_ATTACHMENT_DAYS,
    },
    chat: {
      messageBurst: values.CHAT_MESSAGE_BURST,
      messagesPerSecond: values.CHAT_MESSAGES_PER_SECOND,
      bytesPerDay: values.CHAT_BYTES_PER_DAY,
    },
    graphql: {
      maxCost: values.GRAPHQL_MAX_COST,
      anonymousMaxCost: values.GRAPHQL_ANONYMOUS_MAX_COST,
      maxNodes: values.GRAPHQL_MAX_NODES,
      maxDepth: values.GRAPHQL_MAX_DEPTH,
      maxAliases: values.GRAPHQL_MAX_ALIASES,
      maxRootFields: values.GRAPHQL_MAX_ROOT_FIELDS,
      maxMutations: values.GRAPHQL_MAX_MUTATIONS,
      maxTokens: values.GRAPHQL_MAX_TOKENS,
      maxDocumentBytes: values.GRAPHQL_MAX_DOCUMENT_SIZE,
      pointsPerHour: values.GRAPHQL_POINTS_PER_HOUR,
      anonymousPointsPerHour: values.GRAPHQL_ANONYMOUS_POINTS_PER_HOUR,
      graphiql: values.GRAPHIQL,
    },
  };
}

/**
 * Turns an environment into the configuration; unset and empty variables take their defaults.
 *
 * @throws {ConfigError} with every invalid, missing, superfluous and unknown variable
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: ConfigProblem[] = [];
  const values = parseValues(env, problems);
  const isGiven = (name: string): boolean => written(env, name) !== null;
  if (values.STORAGE !== undefined) problems.push(...storageProblems(values, isGiven));
  for (const { name, suggestion } of unknownVariables(env)) {
    problems.push({
      variable: name,
      given: null,
      rule: `is not known${suggestion === null ? '' : `; did you mean ${suggestion}?`}`,
    });
  }
  if (problems.length > 0) throw new ConfigError(problems);

  const publicUrl = values.PUBLIC_URL ?? new URL(`http://localhost:${values.PORT}`);
  return {
    port: values.PORT,
    publicUrl,
    uploadUrl: values.UPLOAD_URL ?? publicUrl,
    signedFetch: values.SIGNED_FETCH,
    dataDirectory: values.DATA_DIR,
    databaseUrl: values.DATABASE_URL,
    role: values.ROLE,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    workerConcurrency: values.WORKER_CONCURRENCY,
    workerOutsideConcurrency: values.WORKER_OUTSIDE_CONCURRENCY,
    trustedProxies: values.TRUSTED_PROXIES,
    metrics: { port: values.METRICS_PORT, host: values.METRICS_HOST },
    log: { level: values.LOG_LEVEL, format: values.LOG_FORMAT },
    serverKey: values.TRIPTYCH_SERVER_KEY,
    translate: values.TRANSLATE_URL
      ? { url: values.TRANSLATE_URL, apiKey: values.TRANSLATE_API_KEY }
      : null,
    captions: values.CAPTIONS_URL
      ? {
          url: values.CAPTIONS_URL,
          apiKey: values.CAPTIONS_API_KEY,
          model: values.CAPTIONS_MODEL,
        }
      : null,
    smtp: { url: values.SMTP_URL, from: values.SMTP_FROM ?? `no-reply@${publicUrl.hostname}` },
    ...storagesOf(values),
    ffmpeg: { ffmpegPath: values.FFMPEG_PATH, ffprobePath: values.FFPROBE_PATH },
    fpcalcPath: values.FPCALC_PATH,
    heifConvertPath: values.HEIF_CONVERT_PATH,
    ...peopleOf(values),
    ...limitsOf(values),
    drainDelaySeconds: values.DRAIN_DELAY_SECONDS,
    shutdownSeconds: values.SHUTDOWN_SECONDS,
  };
}
