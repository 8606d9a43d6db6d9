// What happens inside of a source, as far as a rule cares: globals, the ORM, decorators, casts.
import { Visitor } from 'oxc-parser';
import type { Argument, CallExpression, Expression, Program, Super } from 'oxc-parser';
import type { LineOf, Mark } from './line-finder.js';

/** A relation property of an entity. */
export interface Relation {
  readonly kind: string;
  /** The class it points at; null when a string names it. */
  readonly target: string | null;
  /** True when it is the side without a column. */
  readonly isInverse: boolean;
  readonly line: number;
}

/** A prepared statement: `statement('name', 'text')`, where both stand in the source. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly line: number;
}

/** A source's inside. */
export interface ExpressionFacts {
  /** Uses of `process.env` and of the global `fetch`. */
  readonly globals: readonly Mark[];
  /** Accesses to a property `em`. */
  readonly entityManagers: readonly Mark[];
  /** Names of decorators on classes. */
  readonly classDecorators: readonly Mark[];
  /** Names that `defineEntity` is given. */
  readonly entities: readonly Mark[];
  readonly relations: readonly Relation[];
  /** Casts through `unknown` and to `any`. */
  readonly blindCasts: readonly Mark[];
  /** Titles of tests and of their groups. */
  readonly testTitles: readonly Mark[];
  readonly statements: readonly Statement[];
}

type Collector = { -readonly [Key in keyof ExpressionFacts]: ExpressionFacts[Key][number][] };

/** Collects what the expressions of a program do. */
export function readExpressions(program: Program, lineOf: LineOf): ExpressionFacts {
  const facts: Collector = {
    globals: [],
    entityManagers: [],
    classDecorators: [],
    entities: [],
    relations: [],
    blindCasts: [],
    testTitles: [],
    statements: [],
  };
  const mark = (list: Mark[], what: string, node: { start: number }) =>
    list.push({ what, line: lineOf(node.start) });
  new Visitor({
    MemberExpression: (node) => {
      const property = node.computed
        ? literalOf(node.property)
        : (node.property as { name?: string }).name;
      const object = identifierOf(node.object);
      if (object === 'process' && property === 'env') mark(facts.globals, 'process.env', node);
      if (object === 'globalThis' && property === 'fetch') mark(facts.globals, 'fetch', node);
      if (property === 'em') mark(facts.entityManagers, 'em', node);
    },
    Property: (node) => {
      if (
        node.key.type === 'Identifier' &&
        node.key.name === 'em' &&
        node.value.type === 'Identifier'
      )
        mark(facts.entityManagers, 'em', node);
    },
    VariableDeclarator: (node) => {
      if (node.id.type !== 'ObjectPattern') return;
      const names = node.id.properties.flatMap((part) =>
        part.type === 'Property' && part.key.type === 'Identifier' ? [part.key.name] : [],
      );
      const from = identifierOf(node.init);
      if (from === 'process' && names.includes('env')) mark(facts.globals, 'process.env', node);
      if (from === 'globalThis' && names.includes('fetch')) mark(facts.globals, 'fetch', node);
    },
    ImportDeclaration: (node) => {
      const isProcess = node.source.value === 'node:process' || node.source.value === 'process';
      if (isProcess) mark(facts.globals, 'process.env', node);
    },
    CallExpression: (node) => {
      const callee = identifierOf(node.callee);
      if (callee === 'fetch') mark(facts.globals, 'fetch', node);
      if (callee === 'defineEntity') mark(facts.entities, entityName(node), node);
      const title = testTitle(node);
      if (title) mark(facts.testTitles, title, node);
      const statement = callee === 'statement' && statementOf(node);
      if (statement) facts.statements.push({ ...statement, line: lineOf(node.start) });
      const relation = relationOf(node);
      if (relation) facts.relations.push({ ...relation, line: lineOf(node.start) });
    },
    ClassDeclaration: (node) => {
      for (const { expression } of node.decorators) {
        const name = identifierOf(
          expression.type === 'CallExpression' ? expression.callee : expression,
        );
        if (name) mark(facts.classDecorators, name, node);
      }
    },
    TSAsExpression: (node) => {
      const isTwice =
        node.expression.type === 'TSAsExpression' &&
        node.expression.typeAnnotation.type === 'TSUnknownKeyword';
      if (isTwice) mark(facts.blindCasts, 'as unknown as', node);
      if (node.typeAnnotation.type === 'TSAnyKeyword') mark(facts.blindCasts, 'as any', node);
    },
  }).visit(program);
  return facts;
}

function statementOf({ arguments: [name, text] }: CallExpression): Omit<Statement, 'line'> | null {
  const [said, what] = [name, text].map((part) => (part ? textOf(part) : null));
  return said && what ? { name: said, text: what } : null;
}

/** A literal, or a template that nothing is put into. */
function textOf(node: Argument): string | null {
  const isFixed = node.type === 'TemplateLiteral' && node.expressions.length === 0;
  return isFixed ? node.quasis[0]!.value.cooked : literalOf(node);
}

/** The title in `test('…')`, `describe('…')` and `test.each(…)('…')`. */
function testTitle({ callee, arguments: [title] }: CallExpression): string | null {
  let root: Expression | Super = callee;
  while (root.type === 'MemberExpression' || root.type === 'CallExpression') {
    root = root.type === 'CallExpression' ? root.callee : root.object;
  }
  const isTest = ['test', 'it', 'describe'].includes(identifierOf(root) ?? '');
  return isTest && title ? literalOf(title) : null;
}

function identifierOf(node: Expression | Super | null): string | null {
  return node?.type === 'Identifier' ? node.name : null;
}

function literalOf(node: { type: string; value?: unknown }): string | null {
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}

function entityName(call: CallExpression): string {
  const [options] = call.arguments;
  if (options?.type !== 'ObjectExpression') return '';
  for (const part of options.properties) {
    if (part.type === 'Property' && part.key.type === 'Identifier' && part.key.name === 'name')
      return literalOf(part.value) ?? '';
  }
  return '';
}

/** `p.manyToOne(() => Actor)` and the inverse forms `.mappedBy(…)`, `.inversedBy(…)` chained to it. */
function relationOf(call: CallExpression): Omit<Relation, 'line'> | null {
  if (call.callee.type !== 'MemberExpression') return null;
  const name = (call.callee.property as { name?: string }).name;
  const inner = call.callee.object;
  if (name === 'mappedBy' || name === 'inversedBy') {
    const relation = inner.type === 'CallExpression' ? relationOf(inner) : null;
    return relation && { ...relation, isInverse: true };
  }
  const isRelation =
    name === 'oneToOne' || name === 'oneToMany' || name === 'manyToOne' || name === 'manyToMany';
  if (!isRelation) return inner.type === 'CallExpression' ? relationOf(inner) : null;
  return { kind: name, target: targetOf(call.arguments[0]), isInverse: name === 'oneToMany' };
}

function targetOf(argument: Argument | undefined): string | null {
  if (argument?.type === 'Identifier') return argument.name;
  if (argument?.type !== 'ArrowFunctionExpression' || argument.body.type !== 'Identifier')
    return null;
  return argument.body.name;
}
