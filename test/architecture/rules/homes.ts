// Rules 5 to 8: where packages, globals, the ORM and decorators live.
import { homesOfGlobals, packageHomes } from '../law.js';
import type { PackageHome } from '../law.js';
import type { Import } from '../parse/module.js';
import { placeOf, violation } from '../project.js';
import type { Project, Violation } from '../project.js';
import type { SourceFile } from '../parse/source-file.js';

/** 5. Packages are imported in their homes only, types included where the table does not say otherwise. */
export function homesOfPackages(project: Project): Violation[] {
  return project.sourceFiles.flatMap((file) =>
    file.imports
      .filter((entry) => !entry.specifier.startsWith('.'))
      .filter((entry) =>
        packageHomes.some((home) => covers(home, entry) && !isAtHome(file, entry, home)),
      )
      .map((entry) =>
        violation('package-homes', file, entry.line, `${entry.specifier} has no home here`),
      ),
  );
}

function covers(home: PackageHome, { specifier }: Import): boolean {
  return home.packages.some((name) =>
    name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name,
  );
}

function isAtHome(file: SourceFile, entry: Import, home: PackageHome): boolean {
  const places = entry.isType ? [...home.places, ...(home.typePlaces ?? [])] : home.places;
  return places.some((place) => isIn(file.path, place));
}

function isIn(path: string, place: string): boolean {
  if (place.startsWith('*.')) return path.endsWith(place.slice(1));
  if (place.startsWith('*/')) return placeOf(path)?.folder === place.slice(2);
  return path.startsWith(`src/${place}/`);
}

/** 5. One file reads the environment, one file talks to strangers. */
export function homesOfGlobalNames(project: Project): Violation[] {
  const homes: Readonly<Record<string, string>> = homesOfGlobals;
  return project.sourceFiles.flatMap((file) =>
    file.globals
      .filter(({ what }) => homes[what] !== file.path)
      .map(({ what, line }) =>
        violation('global-homes', file, line, `${what} belongs to ${homes[what]}`),
      ),
  );
}

/** 6. The GraphQL edge never holds an EntityManager nor writes SQL: it asks loaders, `*.queries.ts` and commands. */
export function noEntityManagerAtTheEdge(project: Project): Violation[] {
  return project.sourceFiles
    .filter((file) => placeOf(file.path)?.folder === 'graphql')
    .flatMap((file) => {
      const imports = file.imports.filter(
        (entry) =>
          entry.specifier.startsWith('@mikro-orm/') ||
          entry.names.includes('EntityManager') ||
          (entry.names.includes('statement') && placeOf(file.path)?.slice !== 'platform'),
      );
      return [...imports, ...file.entityManagers].map(({ line }) =>
        violation('no-entity-manager', file, line, 'use a loader, a query or a command'),
      );
    });
}

/** 7. Tables are described in `*.entity.ts`, the public schema in the graphql folders; no class is both. */
export function homesOfDefinitions(project: Project): Violation[] {
  return project.sourceFiles.flatMap((file) => {
    const isEntityFile = file.path.endsWith('.entity.ts');
    const { slice, folder } = placeOf(file.path)!;
    const isGraphql = folder === 'graphql';
    const imported = file.imports.filter(
      (entry) => entry.names.includes('defineEntity') || entry.names.includes('EntitySchema'),
    );
    const entities = isEntityFile && !isGraphql ? [] : [...file.entities, ...imported];
    const foreign = slice === 'app' ? definingDecorators : [...definingDecorators, 'Resolver'];
    const types = isGraphql
      ? []
      : file.classDecorators.filter(({ what }) => foreign.includes(what));
    return [
      ...entities.map(({ line }) =>
        violation('definition-homes', file, line, 'an entity belongs into *.entity.ts'),
      ),
      ...types.map(({ what, line }) =>
        violation('definition-homes', file, line, `@${what} belongs into graphql/`),
      ),
    ];
  });
}

const definingDecorators = ['ObjectType', 'InterfaceType', 'InputType', 'ArgsType'];

/** 8. A relation points at a class, and at another slice only from the side that owns the column. */
export function relationsPointDown(project: Project): Violation[] {
  return project.sourceFiles.flatMap((file) =>
    file.relations.flatMap(({ kind, target, isInverse, line }) => {
      if (target === null)
        return [violation('relations', file, line, `${kind} names its target by a string`)];
      const origin = file.imports.find((entry) => entry.names.includes(target));
      const home = origin && project.resolve(file, origin);
      const isForeign = home && placeOf(home)?.slice !== placeOf(file.path)?.slice;
      return isForeign && isInverse
        ? [violation('relations', file, line, `${kind} to ${target} belongs to its own slice`)]
        : [];
    }),
  );
}
