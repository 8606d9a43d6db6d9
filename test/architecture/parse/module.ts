// What a source takes from other modules and what it gives: imports in every form, exports, re-exports.
import { Visitor } from 'oxc-parser';
import type {
  Comment,
  Declaration,
  Decorator,
  ExportNamedDeclaration,
  Expression,
  ImportDeclaration,
  Program,
} from 'oxc-parser';
import type { LineOf, Mark } from './line-finder.js';

/** One import: a declaration, `import()`, `import('…').Type`, `require` or `export … from`. */
export interface Import {
  readonly specifier: string;
  /** True when the compiler erases it. `import { type A }` stays at run time, so it counts as a value. */
  readonly isType: boolean;
  /** As the other module calls them; `*` for a namespace, empty for side effects. */
  readonly names: readonly string[];
  readonly line: number;
}

/** One exported name. */
export interface Export {
  readonly name: string;
  /** A GraphQL class with a description counts as documented. */
  readonly hasDocComment: boolean;
  readonly line: number;
}

/** A source as a module. */
export interface ModuleFacts {
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
  /** Names that are only passed on. */
  readonly reexports: readonly Mark[];
}

/** Collects imports and exports. */
export function readModule(
  program: Program,
  source: string,
  comments: readonly Comment[],
  lineOf: LineOf,
): ModuleFacts {
  const imports = [...readImports(program, lineOf)];
  const bindings = new Set(
    program.body.filter((node) => node.type === 'ImportDeclaration').flatMap(localNames),
  );
  const ownDeclarations = new Map(
    program.body.flatMap((node) => namesOf(declarationIn(node)).map((name) => [name, node.start])),
  );
  const exports: Export[] = [];
  const reexports: Mark[] = [];
  const add = (name: string, start: number, declaration: unknown = null) => {
    const known = exports.find((other) => other.name === name);
    const isDocumented = isDescribed(declaration) || hasDocComment(start, source, comments);
    if (!known) exports.push({ name, hasDocComment: isDocumented, line: lineOf(start) });
  };
  for (const node of program.body) {
    const line = lineOf(node.start);
    if (node.type === 'ExportAllDeclaration') reexports.push({ what: '*', line });
    if (node.type === 'ExportDefaultDeclaration') add('default', firstOffset(node));
    if (node.type !== 'ExportNamedDeclaration') continue;
    for (const name of namesOf(node.declaration)) add(name, firstOffset(node), node.declaration);
    for (const specifier of node.specifiers) {
      const name = nameOf(specifier.local);
      if (node.source || bindings.has(name)) reexports.push({ what: name, line });
      else add(nameOf(specifier.exported), ownDeclarations.get(name) ?? node.start);
    }
  }
  return { imports, exports, reexports };
}

function readImports(program: Program, lineOf: LineOf): Import[] {
  const found: Import[] = [];
  const add = (
    source: { value: unknown },
    start: number,
    isType: boolean,
    names: readonly string[] = [],
  ) => {
    if (typeof source.value === 'string')
      found.push({ specifier: source.value, isType, names, line: lineOf(start) });
  };
  new Visitor({
    ImportDeclaration: (node) =>
      add(node.source, node.start, node.importKind === 'type', importedNames(node)),
    ImportExpression: (node) => addExpression(node.source, node.start),
    TSImportType: (node) => add(node.source, node.start, true),
    TSExternalModuleReference: (node) => add(node.expression, node.start, false),
    ExportAllDeclaration: (node) => add(node.source, node.start, node.exportKind === 'type'),
    ExportNamedDeclaration: (node) =>
      node.source && add(node.source, node.start, node.exportKind === 'type'),
    CallExpression: (node) => {
      const [argument] = node.arguments;
      if (argument && argument.type !== 'SpreadElement' && isRequire(node.callee))
        addExpression(argument, node.start);
    },
  }).visit(program);
  return found;

  function addExpression(argument: Expression, start: number) {
    if (argument.type === 'Literal') add(argument, start, false);
  }
}

/** `require(…)` and `createRequire(import.meta.url)(…)`; `require.resolve` loads nothing. */
function isRequire(callee: Expression): boolean {
  if (callee.type === 'Identifier') return callee.name === 'require';
  return (
    callee.type === 'CallExpression' &&
    callee.callee.type === 'Identifier' &&
    callee.callee.name === 'createRequire'
  );
}

function importedNames(node: ImportDeclaration): string[] {
  return node.specifiers.map((specifier) => {
    if (specifier.type === 'ImportSpecifier') return nameOf(specifier.imported);
    return specifier.type === 'ImportDefaultSpecifier' ? 'default' : '*';
  });
}

function localNames(node: ImportDeclaration): string[] {
  return node.specifiers.map((specifier) => specifier.local.name);
}

function nameOf(node: ExportNamedDeclaration['specifiers'][number]['local']): string {
  return node.type === 'Literal' ? node.value : node.name;
}

function declarationIn(node: Program['body'][number]): Declaration | null {
  if (node.type === 'ExportNamedDeclaration') return node.declaration;
  return 'id' in node || node.type === 'VariableDeclaration' ? (node as Declaration) : null;
}

function namesOf(declaration: Declaration | null): string[] {
  if (!declaration) return [];
  if (declaration.type === 'VariableDeclaration') {
    return declaration.declarations.flatMap(({ id }) =>
      id.type === 'Identifier' ? [id.name] : [],
    );
  }
  const id = 'id' in declaration ? declaration.id : null;
  return id?.type === 'Identifier' ? [id.name] : [];
}

/** GraphQL classes say in their decorator what clients read; a resolver is described field by field. */
function isDescribed(declaration: unknown): boolean {
  return decoratorsOf(declaration).some(({ expression }) => {
    if (expression.type !== 'CallExpression' || expression.callee.type !== 'Identifier')
      return false;
    const options = expression.arguments.find((argument) => argument.type === 'ObjectExpression');
    const keys = options?.properties.flatMap((part) =>
      part.type === 'Property' && part.key.type === 'Identifier' ? [part.key.name] : [],
    );
    return expression.callee.name === 'Resolver' || keys?.includes('description');
  });
}

function decoratorsOf(declaration: unknown): readonly Decorator[] {
  const hasDecorators =
    typeof declaration === 'object' && declaration !== null && 'decorators' in declaration;
  return hasDecorators ? (declaration.decorators as readonly Decorator[]) : [];
}

/** Decorators may stand before `export`, outside of the statement's own range. */
function firstOffset(node: { start: number; declaration?: unknown }): number {
  return Math.min(
    node.start,
    ...decoratorsOf(node.declaration).map((decorator) => decorator.start),
  );
}

/** A comment to the linter may stand between the doc comment and what it describes. */
function hasDocComment(start: number, source: string, comments: readonly Comment[]): boolean {
  const before = comments.findLast((comment) => comment.end <= start);
  if (!before || source.slice(before.end, start).trim() !== '') return false;
  if (before.value.trim().startsWith('oxlint-'))
    return hasDocComment(before.start, source, comments);
  return before.type === 'Block' && before.value.startsWith('*');
}
