import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ConfigError, loadConfig } from '../../src/platform/config.js';
import { referencePage } from '../../src/platform/config/reference-page.js';
import { unknownVariables } from '../../src/platform/config/unknown-variables.js';
import { variables } from '../../src/platform/config/variables.js';

function problemsOf(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ variable, given, rule }) =>
      [variable, given, rule].filter((part) => part !== null).join(' '),
    );
  }
  return [];
}

const s3 = {
  STORAGE: 's3',
  S3_BUCKET: 'photos',
  S3_ACCESS_KEY_ID: 'name',
  S3_SECRET_ACCESS_KEY: 'hush',
};

describe('defaults', () => {
  test('an empty environment gives a server on port 8080 with its data in ./data', () => {
    const config = loadConfig({});
    expect(config.port).toBe(8080);
    expect(config.publicUrl.href).toBe('http://localhost:8080/');
    expect(config.dataDirectory).toBe(path.resolve('data'));
    expect(config.databaseUrl).toBeNull();
    expect(config.role).toBe('all');
    expect(config.metrics).toEqual({ port: 9464, host: '127.0.0.1' });
    expect(config.storage).toEqual({ kind: 'filesystem', directory: path.resolve('data/media') });
    expect(config.entitlements.storageBytes).toBe(10_000_000_000n);
    expect(config.graphql).toMatchObject({
      maxCost: 2000,
      anonymousMaxCost: 1000,
      maxDocumentBytes: 16_384,
      graphiql: true,
    });
  });

  test('an empty variable counts as not set', () => {
    expect(loadConfig({ PORT: '', PUBLIC_URL: ' ' })).toEqual(loadConfig({}));
  });

  test('the public address follows the port, and the sender of mail follows the public address', () => {
    expect(loadConfig({ PORT: '9000' }).publicUrl.href).toBe('http://localhost:9000/');
    expect(loadConfig({ PUBLIC_URL: 'https://photos.example' }).smtp.from).toBe(
      'no-reply@photos.example',
    );
  });

  test('e-mail verification is required as soon as mail can be sent, unless the administrator decides otherwise', () => {
    const mail = { SMTP_URL: 'smtp://mail.example' };
    expect(loadConfig({}).registration.emailVerification).toBe('optional');
    expect(loadConfig(mail).registration.emailVerification).toBe('required');
    expect(
      loadConfig({ ...mail, REGISTRATION_EMAIL_VERIFICATION: 'optional' }).registration
        .emailVerification,
    ).toBe('optional');
  });
});

describe('values', () => {
  test.each([
    ['20MB', 20_000_000],
    ['1.5GiB', 1_610_612_736],
    ['4096', 4096],
  ])('the size %s is %d bytes', (size, bytes) => {
    expect(loadConfig({ ENTITLEMENT_IMAGE_SIZE: size }).entitlements.imageBytes).toBe(bytes);
  });

  test('storage may be unlimited', () => {
    expect(loadConfig({ ENTITLEMENT_STORAGE: 'unlimited' }).entitlements.storageBytes).toBeNull();
  });

  test('proxies are addresses, networks or names, and none is nobody', () => {
    expect(loadConfig({ TRUSTED_PROXIES: 'loopback, 10.0.0.0/8,fd00::/8' }).trustedProxies).toEqual(
      ['loopback', '10.0.0.0/8', 'fd00::/8'],
    );
    expect(loadConfig({ TRUSTED_PROXIES: 'none' }).trustedProxies).toEqual([]);
    expect(problemsOf({ TRUSTED_PROXIES: '10.0.0.0/33' })).toHaveLength(1);
  });

  test('S3 storage takes its credentials and its address from the environment', () => {
    const storage = loadConfig({
      ...s3,
      S3_ENDPOINT: 'https://s3.example',
      S3_FORCE_PATH_STYLE: 'true',
    }).storage;
    expect(storage).toEqual({
      kind: 's3',
      endpoint: new URL('https://s3.example'),
      region: 'us-east-1',
      bucket: 'photos',
      accessKeyId: 'name',
      secretAccessKey: 'hush',
      forcePathStyle: true,
    });
  });
});

describe('refusals', () => {
  test('every problem is listed at once, with the value given and the rule', () => {
    expect(problemsOf({ PORT: '70000', ROLE: 'boss', PUBLC_URL: 'https://a.example' })).toEqual([
      'PORT 70000 must be a whole number from 0 to 65535',
      'ROLE boss must be one of all, web, worker',
      'PUBLC_URL is not known; did you mean PUBLIC_URL?',
    ]);
  });

  test.each(
    Object.entries(variables)
      .filter(([, variable]) => variable.secret)
      .map(([name]) => name),
  )('the value of %s is never repeated', (name) => {
    const sentinel = 'x'.repeat(300);
    const problems = problemsOf({ ...s3, [name]: sentinel });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name} ********`);
    expect(problems[0]).not.toContain(sentinel);
  });

  test.each([
    'ftp://a.example',
    'https://a.example/path',
    'https://name:password@a.example',
    'https://a.example?x=1',
    'a.example',
  ])('the public address %s is refused', (address) =>
    expect(problemsOf({ PUBLIC_URL: address })).toHaveLength(1),
  );

  test('S3 storage without bucket and key, and S3 settings without S3 storage, are refused', () => {
    expect(problemsOf({ STORAGE: 's3' })).toEqual(
      ['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'].map(
        (name) => `${name} is required with STORAGE=s3`,
      ),
    );
    expect(problemsOf({ STORAGE_PREVIOUS: 's3', S3_BUCKET: 'photos' })).toEqual(
      ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'].map(
        (name) => `${name} is required with STORAGE_PREVIOUS=s3`,
      ),
    );
    expect(problemsOf({ S3_BUCKET: 'photos' })).toEqual([
      'S3_BUCKET has no effect without STORAGE=s3: set that, or remove this',
    ]);
  });

  test('storages that are one, and settings of a previous one that is none, are refused', () => {
    const other = 'must be another directory than STORAGE_DIR';
    const before = { STORAGE_PREVIOUS: 'filesystem' };
    const same: Record<string, string>[] = [
      {},
      { STORAGE_DIR: 'data/media/new' },
      { STORAGE_PREVIOUS_DIR: 'data' },
    ];
    for (const settings of same)
      expect(problemsOf({ ...before, ...settings })).toEqual([expect.stringContaining(other)]);
    expect(problemsOf({ ...before, STORAGE_DIR: 'data/media2' })).toEqual([]);
    const previous = {
      STORAGE_PREVIOUS: 's3',
      S3_PREVIOUS_BUCKET: 'photos',
      S3_PREVIOUS_ACCESS_KEY_ID: 'a',
      S3_PREVIOUS_SECRET_ACCESS_KEY: 'b',
    };
    expect(problemsOf({ ...s3, ...previous })).toEqual([
      'S3_PREVIOUS_BUCKET must be another bucket than S3_BUCKET, or at another service',
    ]);
    const differences: Record<string, string>[] = [
      { S3_PREVIOUS_BUCKET: 'others' },
      { S3_PREVIOUS_ENDPOINT: 'https://s3.example' },
      { S3_PREVIOUS_REGION: 'eu-west-1' },
    ];
    for (const difference of differences)
      expect(problemsOf({ ...s3, ...previous, ...difference })).toEqual([]);
    expect(problemsOf({ ...s3, STORAGE_PREVIOUS: 's3' })).toEqual(
      ['BUCKET', 'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY'].map(
        (name) => `S3_PREVIOUS_${name} is required with STORAGE_PREVIOUS=s3 beside STORAGE=s3`,
      ),
    );
    expect(problemsOf({ ...s3, STORAGE_DIR: '/m', S3_PREVIOUS_BUCKET: 'x' })).toEqual([
      expect.stringContaining('S3_PREVIOUS_BUCKET has no effect'),
      expect.stringContaining('STORAGE_DIR has no effect'),
    ]);
    expect(problemsOf({ STORAGE_PREVIOUS_DIR: '/m' })).toEqual([
      expect.stringContaining('STORAGE_PREVIOUS_DIR has no effect'),
    ]);
  });

  test('a server key has 32 bytes', () => {
    expect(problemsOf({ TRIPTYCH_SERVER_KEY: Buffer.alloc(31).toString('base64') })).toHaveLength(
      1,
    );
    expect(problemsOf({ TRIPTYCH_SERVER_KEY: Buffer.alloc(32).toString('base64url') })).toEqual([]);
  });
});

describe('unknown variables', () => {
  test('names with our prefixes and near misses of long names are found, with a suggestion', () => {
    expect(
      unknownVariables({ S3_BUKET: 'x', MEDIA_FOO: 'x', DATABASEURL: 'x', GRAPHQL_MAX_COSTS: '1' }),
    ).toEqual([
      { name: 'S3_BUKET', suggestion: 'S3_BUCKET' },
      { name: 'MEDIA_FOO', suggestion: null },
      { name: 'DATABASEURL', suggestion: 'DATABASE_URL' },
      { name: 'GRAPHQL_MAX_COSTS', suggestion: 'GRAPHQL_MAX_COST' },
    ]);
    expect(unknownVariables({ PROT: '80', RLOE: 'web' })).toEqual([
      { name: 'PROT', suggestion: 'PORT' },
      { name: 'RLOE', suggestion: 'ROLE' },
    ]);
  });

  test('ordinary variables of a machine, of npm and of Kubernetes services are left alone', () => {
    const ordinary = {
      PATH: '/bin',
      HOME: '/root',
      LANG: 'C',
      PWD: '/',
      SHLVL: '1',
      TERM: 'xterm',
      NODE_ENV: 'test',
      NODE_OPTIONS: '',
      HOST: 'a',
      POST: 'x',
      XDG_DATA_DIRS: '/usr',
      PGHOST: 'db',
      npm_config_cache: '/c',
      INIT_CWD: '/',
      HOSTNAME: 'a',
      MEDIA_SERVICE_HOST: '10.0.0.1',
      TRIPTYCH_PORT: 'tcp://10.0.0.2:8080',
      TRIPTYCH_PORT_8080_TCP_ADDR: '10.0.0.2',
      S3_SERVICE_PORT_HTTP: '80',
    };
    expect(unknownVariables(ordinary)).toEqual([]);
  });
});

describe('reference page', () => {
  test('the page in the repository is current', () => {
    expect(readFileSync('src/CONFIGURATION.md', 'utf8')).toBe(referencePage());
  });

  test('every variable has a row with a description that is a sentence', () => {
    const page = referencePage();
    for (const [name, variable] of Object.entries(variables)) {
      expect(page).toContain(`| \`${name}\` |`);
      expect(variable.description).toMatch(/^[A-Z/].{15,}\.$/s);
    }
  });
});
