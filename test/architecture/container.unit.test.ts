// The container files agree with the configuration that they configure.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { loadConfig } from '../../src/platform/config.js';
import { checkNode } from '../../src/cli/doctor/machine.js';
import { variables } from '../../src/platform/config/variables.js';
import { root } from './repository.js';

interface Service {
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly stop_grace_period: string;
}

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const { services } = parse(read('compose.yaml')) as { services: { triptych: Service } };
const service = services.triptych;

/** The ENV lines of the Dockerfile. */
const image = Object.fromEntries(
  [...read('Dockerfile').matchAll(/^ENV (.+)$/gm)].flatMap(([, line = '']) =>
    line.split(' ').map((pair) => pair.split('=') as [string, string]),
  ),
);

/** As compose hands it over, with the two values that it asks for. */
function substituted(text: string): string {
  const values: Record<string, string> = {
    PUBLIC_URL: 'https://photos.example',
    POSTGRES_PASSWORD: '0123456789abcdef',
  };
  return text.replaceAll(/\$\{(\w+)(:\?[^}]*)?\}/g, (_match, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`compose.yaml asks for ${name}`);
    return value;
  });
}

const environment = Object.fromEntries(
  Object.entries(service.environment).map(([name, text]) => [name, substituted(text)]),
);
const config = loadConfig({ ...image, ...environment });

test('image and compose.yaml set only variables that exist', () => {
  const known = ['NODE_ENV', ...Object.keys(variables)];
  expect(
    [...Object.keys(image), ...Object.keys(environment)].filter((name) => !known.includes(name)),
  ).toEqual([]);
  expect(config).toMatchObject({
    role: 'all',
    databaseUrl: 'postgres://triptych:0123456789abcdef@postgres/triptych',
  });
});

test('port, volume and patience of compose.yaml are those of the configuration', () => {
  expect(service.ports).toEqual([`127.0.0.1:8080:${config.port}`]);
  expect(service.volumes).toEqual([`triptych:${config.dataDirectory}`]);
  expect(parseInt(service.stop_grace_period, 10)).toBeGreaterThan(
    config.drainDelaySeconds + config.shutdownSeconds,
  );
});

test('D01 the image has a Node with the fixes that doctor wants', () => {
  const [, version] = /^ARG NODE_IMAGE=\S+:(\d+\.\d+\.\d+)-/m.exec(read('Dockerfile')) ?? [];
  expect(checkNode(version ?? '')).toMatchObject({ state: 'ok' });
});
