// What things are called: file names tell the role, words come from one language.
import { bannedEntityNames, bannedWords, fileSuffixes } from '../law.js';
import type { BannedWord } from '../law.js';
import { placeOf, violation } from '../project.js';
import type { Project, Violation } from '../project.js';
import type { SourceFile } from '../parse/source-file.js';

const kebab = '[a-z0-9]+(?:-[a-z0-9]+)*';
const fileForm = new RegExp(`^${kebab}(?:\\.([a-z]+))?\\.ts$`);
const folderForm = new RegExp(`^${kebab}$`);

/** Files are kebab-case with at most one known suffix, which stands in the folder where that role lives. */
export function fileNames(project: Project): Violation[] {
  return project.sourceFiles.flatMap((file) => {
    const parts = file.path.split('/').slice(1);
    const match = fileForm.exec(parts.pop()!);
    if (!match || !parts.every((part) => folderForm.test(part))) {
      return [violation('file-names', file, 0, 'names of files and folders are kebab-case')];
    }
    const suffix = match[1];
    if (suffix === undefined) return [];
    if (!Object.hasOwn(fileSuffixes, suffix))
      return [violation('file-names', file, 0, `unknown suffix .${suffix}`)];
    const home = fileSuffixes[suffix];
    const place = placeOf(file.path)!;
    return home === null || place.folder === home || place.slice === 'app'
      ? []
      : [violation('file-names', file, 0, `.${suffix} files live in ${home}/`)];
  });
}

/** A test's name states what is so; a wish proves nothing. */
export function testNames(project: Project): Violation[] {
  return project.files.flatMap((file) =>
    file.testTitles
      .filter(({ what }) => /\bshould\b/i.test(what))
      .map(({ what, line }) => violation('test-names', file, line, `“${what}” wishes`)),
  );
}

/** A name means one prepared statement, as suites share a process; PostgreSQL would run the first one's text. */
export function statementNames(project: Project): Violation[] {
  const texts = new Map<string, string>();
  return project.files.flatMap((file) =>
    file.statements
      .filter(({ name, text }) => {
        const known = texts.get(name) ?? text;
        texts.set(name, known);
        return known !== text;
      })
      .map(({ name, line }) =>
        violation('statement-names', file, line, `another statement is called ${name}`),
      ),
  );
}

/** No file, folder, export or entity carries a banned word. */
export function words(project: Project): Violation[] {
  return project.sourceFiles.flatMap((file) => {
    const names = file.exports.map(({ name, line }) => ({ name, line }));
    const parts = file.path.replace(/\.ts$/, '').split('/').slice(1);
    const entities = file.entities.filter(({ what }) => bannedEntityNames.includes(what));
    return [
      ...parts.flatMap((part) =>
        bannedIn(part, file).map((problem) => violation('words', file, 0, problem)),
      ),
      ...names.flatMap(({ name, line }) =>
        bannedIn(name, file).map((problem) => violation('words', file, line, problem)),
      ),
      ...entities.map(({ what, line }) =>
        violation('words', file, line, `no entity is called ${what}`),
      ),
    ];
  });
}

function bannedIn(name: string, file: SourceFile): string[] {
  const phrase = wordsOf(name).join(' ');
  const { slice, folder } = placeOf(file.path)!;
  return bannedWords
    .filter(
      (banned) =>
        !banned.allowedIn?.some((place) => place === slice || place === `${slice}/${folder}`) &&
        carries(phrase, banned),
    )
    .map((banned) => `${name}: “${banned.word}” means ${banned.instead} here`);
}

function carries(phrase: string, { word, isWholeName, unless }: BannedWord): boolean {
  if (isWholeName) return phrase === word;
  const rest = (unless ?? []).reduce(
    (text, allowed) => ` ${text} `.replaceAll(` ${allowed} `, ' '),
    phrase,
  );
  return ` ${rest} `.includes(` ${word} `);
}

/** `publishPhotoPost`, `PublishPhotoPost`, `PUBLISH_PHOTO_POST` and `publish-photo-post` are the same three words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_.-]+/)
    .map((word) => word.toLowerCase());
}
