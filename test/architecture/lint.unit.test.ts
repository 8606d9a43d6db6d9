// The linter is switched on: each rule that the house relies on fires on a sample that breaks it.
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './repository.js';

/** One bad sample per rule, and some that are fine. Each becomes `src/<rule>.ts` of a project of its own. */
const samples: Readonly<Record<string, string>> = {
  'typescript(no-floating-promises)': 'export function a(work: () => Promise<void>) { work(); }',
  'typescript(no-misused-promises)':
    'export const a = (work: Promise<boolean>) => { if (work) return 1; return 2; };',
  'typescript(await-thenable)': 'export const a = async (b: number) => { await b; };',
  'typescript(return-await)':
    'export async function a(b: Promise<number>) { try { return b; } catch { return 0; } }',
  'typescript(consistent-type-imports)':
    "import { Readable } from 'node:stream';\nexport type A = Readable;",
  'typescript(no-explicit-any)': 'export type A = any;',
  'typescript(no-unsafe-assignment)': "export const a: string = JSON.parse('1');",
  'typescript(no-unsafe-return)': "export function a(): string { return JSON.parse('1'); }",
  'typescript(only-throw-error)': "export function a() { throw 'a'; }",
  'typescript(ban-ts-comment)': '// @ts-ignore\nexport const a: string = 1;',
  'typescript(switch-exhaustiveness-check)':
    "export function a(b: 'c' | 'd') { switch (b) { case 'c': return 1; } return 2; }",
  'eslint(no-restricted-globals)': "export const a = () => fetch('https://a.example');",
  'eslint(no-restricted-properties)': 'export const a = process.env;',
  'eslint(no-restricted-imports)': "import { env } from 'node:process';\nexport const a = env;",
  'eslint(eqeqeq)': 'export const a = (b: number) => b == 1;',
  'eslint(no-unused-vars)': 'const a = 1;\nexport {};',
  'eslint(no-console)': "console.log('a');\nexport {};",
  'eslint(no-debugger)': 'debugger;\nexport {};',
  'a default that covers the rest':
    "export function a(b: 'c' | 'd') { switch (b) { case 'c': return 1; default: return 2; } }",
  'a promise that is handled':
    'export async function a(work: () => Promise<void>) { await work(); }',
  'null compared loosely': 'export const a = (b: string | null | undefined) => b == null;',
};

const isRule = (name: string) => name.includes('(');
const fileOf = (name: string) => `src/${name.replaceAll(/\W+/g, '-')}.ts`;

test('each rule of the linter fires on its sample, and on nothing that is fine', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'lint-'));
  try {
    await mkdir(path.join(directory, 'src'));
    const typeRoots = [path.join(root, 'node_modules/@types')];
    const compilerOptions = {
      strict: true,
      module: 'nodenext',
      target: 'es2023',
      types: ['node'],
      typeRoots,
    };
    await writeFile(
      path.join(directory, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, include: ['src'] }),
    );
    for (const [name, source] of Object.entries(samples))
      await writeFile(path.join(directory, fileOf(name)), source);
    const found = await lint(directory);
    const expected = Object.keys(samples)
      .filter(isRule)
      .map((rule) => `${fileOf(rule)} ${rule}`);
    expect(expected.filter((line) => !found.includes(line))).toEqual([]);
    const fine = Object.keys(samples)
      .filter((name) => !isRule(name))
      .map(fileOf);
    expect(found.filter((line) => fine.some((file) => line.startsWith(file)))).toEqual([]);
  } finally {
    await rm(directory, { recursive: true });
  }
});

/** Runs the linter with our configuration; one line per finding: file and rule. */
async function lint(directory: string): Promise<string[]> {
  const program = path.join(root, 'node_modules/oxlint/bin/oxlint');
  const config = path.join(root, '.oxlintrc.json');
  const args = [program, '-c', config, '-f', 'json', 'src'];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: directory }, (_failure, stdout) => resolve(stdout));
  });
  const { diagnostics } = JSON.parse(output) as {
    diagnostics: { code: string; filename: string }[];
  };
  return diagnostics.map(({ code, filename }) => `${filename} ${code}`);
}
