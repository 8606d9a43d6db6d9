// Real photographs for tests and measurements: Debian's `lomiri-wallpapers-16.04` (CC0, CC-BY, CC-BY-SA), never
// committed. Without them a synthetic picture stands in, and stderr says so.
import { execFile } from 'node:child_process';
import { access, link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';

const run = promisify(execFile);
const PACKAGE = 'lomiri-wallpapers-16.04';
const INSTALLED = '/usr/share/backgrounds';
const CACHE = path.join(os.tmpdir(), `triptych-photographs-${process.getuid?.() ?? 0}`);
const UNPACKED = path.join(CACHE, 'unpacked');
const APT_TIMEOUT_MS = 180_000;

let found: Promise<string[]> | undefined;

/** Absolute paths of JPEG photographs, at least one, sorted by name; the same list on every call. */
export function realPhotographs(): Promise<string[]> {
  return (found ??= find());
}

/** One of the photographs; `name` is the beginning of its file name, and any other serves when it is absent. */
export async function photograph(name = 'Dragonfly'): Promise<string> {
  const all = await realPhotographs();
  const match = all.find((file) => path.basename(file).startsWith(name)) ?? all[0];
  if (!match) throw new Error('realPhotographs() promises at least one');
  return match;
}

async function find(): Promise<string[]> {
  for (const attempt of [() => {}, process.getuid?.() === 0 ? install : download]) {
    await Promise.resolve(attempt()).catch(() => {});
    for (const directory of [INSTALLED, path.join(UNPACKED, INSTALLED)]) {
      const photographs = await jpegsIn(directory);
      if (photographs.length > 0) return photographs;
    }
  }
  process.stderr.write(
    `${PACKAGE} cannot be had here: tests use a synthetic picture instead of photographs.\n`,
  );
  return [await synthetic()];
}

async function jpegsIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .map((name) => path.join(directory, name));
}

/** A bare machine knows no packages before the first update. */
async function install(): Promise<void> {
  const words = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', PACKAGE];
  const options = { timeout: APT_TIMEOUT_MS };
  await run('apt-get', ['install', ...words], options).catch(async () => {
    await run('apt-get', ['update'], options);
    await run('apt-get', ['install', ...words], options);
  });
}

async function download(): Promise<void> {
  const directory = `${UNPACKED}.${process.pid}`;
  await mkdir(directory, { recursive: true });
  await run('apt-get', ['download', PACKAGE], { cwd: directory, timeout: APT_TIMEOUT_MS });
  const archive = (await readdir(directory)).find((name) => name.endsWith('.deb'));
  if (archive) await run('dpkg', ['-x', path.join(directory, archive), directory]);
  await rename(directory, UNPACKED).catch(() => rm(directory, { recursive: true }));
}

/** Gradients, sharp edges and sensor noise: enough detail that a coarse encoder is caught. */
async function synthetic(): Promise<string> {
  const target = path.join(CACHE, 'synthetic.jpg');
  if (
    await access(target).then(
      () => true,
      () => false,
    )
  )
    return target;
  await mkdir(CACHE, { recursive: true });
  const [width, height] = [4000, 3000];
  const noise = sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 128, sigma: 6 },
    },
  });
  const scene = sharp(Buffer.from(sceneSvg(width, height))).png();
  const unfinished = `${target}.${process.pid}`;
  await noise
    .composite([{ input: await scene.toBuffer(), blend: 'soft-light' }])
    .jpeg({ quality: 95 })
    .toFile(unfinished);
  // Another test may have been faster and be using its own already: the first one stays.
  await link(unfinished, target).catch(() => {});
  await rm(unfinished);
  return target;
}

function sceneSvg(width: number, height: number): string {
  const shapes = Array.from({ length: 400 }, (_, index) => {
    const [x, y] = [(index * 7919) % width, (index * 6007) % height];
    const fill = `hsl(${(index * 47) % 360},${40 + (index % 50)}%,${20 + (index % 60)}%)`;
    return index % 2
      ? `<circle cx="${x}" cy="${y}" r="${10 + (index % 90)}" fill="${fill}"/>`
      : `<path d="M${x} ${y}l${index} ${90 - (index % 180)}l-60 40z" fill="${fill}"/>`;
  });
  const sky =
    '<linearGradient id="s" y2="1" x2="0"><stop stop-color="#36c"/><stop offset="1" stop-color="#fc6"/>';
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${sky}</linearGradient></defs>` +
    `<rect width="100%" height="100%" fill="url(#s)"/>${shapes.join('')}</svg>`
  );
}
