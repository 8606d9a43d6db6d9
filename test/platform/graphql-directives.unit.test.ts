import 'reflect-metadata';

import { expect, test } from '@jest/globals';
import { buildSchema as buildFromSdl, graphql, parse, validate } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import {
  Arg,
  buildSchema,
  Field,
  FieldResolver,
  ID,
  InputType,
  InterfaceType,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';

import {
  Cost,
  Experimental,
  ListSize,
  OneOf,
  RequiresScope,
  schemaDirectives,
  Shared,
} from '../../src/platform/graphql/directives.js';
import { enforceScopes, scopedFields } from '../../src/platform/graphql/enforce-scopes.js';
import type { ViewerContext } from '../../src/platform/graphql/enforce-scopes.js';
import { applyOneOf } from '../../src/platform/graphql/one-of.js';
import { possibleTypes, printSdl } from '../../src/platform/graphql/sdl.js';
import { isSharedSelection } from '../../src/platform/graphql/shared-selection.js';
import { hasAnyScope, isScope } from '../../src/platform/scopes.js';

@InterfaceType({ description: 'Something with a title.', resolveType: () => 'Novel' })
abstract class Book {
  @Shared()
  @Field(() => String, { description: 'Title.' })
  title!: string;

  @RequiresScope('read:posts')
  @Field(() => String, { nullable: true, description: 'Private note.' })
  note?: string;
}

@ObjectType({ implements: Book, description: 'A long story.' })
class Novel extends Book {
  @Cost(7)
  @Field(() => [String], { description: 'Chapters.' })
  chapters!: string[];

  @Field(() => Boolean, { description: 'Whether the viewer has read it.' })
  viewerHasRead!: boolean;
}

@Shared()
@RequiresScope('admin:read:reports')
@ObjectType({ description: 'Secrets of the shelf.' })
class Shelf {
  @Field(() => String, { description: 'Where it stands.' })
  place!: string;

  @RequiresScope('chat')
  @Field(() => String, { description: 'Whispered.' })
  whisper!: string;
}

@Shared()
@ObjectType({ description: 'One event.' })
class BookEvent {
  @Field(() => Book, { description: 'The book.' })
  book!: Book;

  @Field(() => Shelf, { description: 'Where it stands.' })
  shelf!: Shelf;
}

@OneOf()
@InputType({ description: 'One way to name a book.' })
class BookLocator {
  @Field(() => ID, { nullable: true, description: 'By id.' })
  id?: string;

  @Field(() => String, { nullable: true, description: 'By title.' })
  title?: string;
}

@Resolver(() => Novel)
class NovelResolver {
  @Experimental('Ordering may change.')
  @ListSize({ assumedSize: 3 })
  @Cost(2)
  @FieldResolver(() => [Novel], { description: 'Sequels.' })
  sequels(@Root() novel: Novel): Novel[] {
    return [novel];
  }

  // A resolver of a declared field: type-graphql drops @Directive here, but keeps extensions.
  @RequiresScope('read:posts', 'chat')
  @FieldResolver(() => Boolean)
  viewerHasRead(): boolean {
    return true;
  }

  @Query(() => Book, { nullable: true, description: 'A book.' })
  book(@Arg('by', () => BookLocator, { description: 'Which one.' }) by: BookLocator): Book {
    return Object.assign(new Novel(), {
      title: by.title ?? by.id,
      note: 'mine',
      chapters: ['one'],
      viewerHasRead: true,
    });
  }

  @Query(() => Shelf, { nullable: true, description: 'The shelf.' })
  shelf(): Shelf {
    return { place: 'cellar', whisper: 'psst' };
  }

  @Shared()
  @RequiresScope('read:feeds')
  @Subscription(() => BookEvent, {
    description: 'Changes.',
    subscribe: async function* () {
      yield {};
    },
  })
  bookChanged(): BookEvent {
    return { book: Object.assign(new Novel(), { title: 't' }), shelf: this.shelf() };
  }
}

async function build(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [NovelResolver],
    orphanedTypes: [Novel],
    directives: [...schemaDirectives],
    validate: false,
    pubSub: {
      publish: () => undefined,
      subscribe: () => ({
        [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
      }),
    },
  });
  return applyOneOf(schema);
}

const schema = await build();

async function run(source: string, scopes: readonly string[] | null) {
  const contextValue: ViewerContext = { viewer: scopes === null ? null : { scopes } };
  const { data, errors = [] } = await graphql({ schema: enforced, source, contextValue });
  return {
    data: structuredClone(data),
    codes: errors.map(({ extensions }) => extensions['code']),
    required: errors.map(({ extensions }) => extensions['requiredScopes']),
  };
}

const enforced = enforceScopes(await build());

test('the SDL prints every decorator, sorted, and two builds print the same text', async () => {
  const sdl = printSdl(schema);
  expect(sdl).toBe(printSdl(await build()));
  expect(sdl).toContain('note: String @requiresScope(anyOf: ["read:posts"])');
  expect(sdl).toContain('chapters: [String!]! @cost(weight: "7")');
  expect(sdl).toContain('viewerHasRead: Boolean! @requiresScope(anyOf: ["read:posts", "chat"])');
  expect(sdl).toContain(
    'sequels: [Novel!]! @cost(weight: "2") @listSize(assumedSize: 3) @experimental(reason: "Ordering may change.")',
  );
  expect(sdl).toContain('type Shelf @requiresScope(anyOf: ["admin:read:reports"])');
  expect(sdl).toContain('input BookLocator @oneOf');
  expect(sdl).toContain('directive @listSize(');
  expect(sdl).not.toContain('shared');
  expect(sdl.match(/^(?:type|interface|input) (\w+)/gm)).toEqual([
    'interface Book',
    'type BookEvent',
    'input BookLocator',
    'type Novel',
    'type Query',
    'type Shelf',
    'type Subscription',
  ]);
});

test('a schema built from the SDL prints the same SDL again', () => {
  const sdl = printSdl(schema);
  expect(printSdl(buildFromSdl(sdl))).toBe(sdl);
});

test('a @oneOf input takes exactly one of its fields', () => {
  const check = (by: string) => validate(schema, parse(`{ book(by: ${by}) { title } }`)).length;
  expect(check('{ id: "1" }')).toBe(0);
  expect(check('{ id: "1", title: "t" }')).toBe(1);
  expect(check('{}')).toBe(1);
  expect(() => applyOneOf(schema, ['Novel'])).toThrow('Novel is not an input of the schema');
});

test('possible types are listed by interface', () => {
  expect(possibleTypes(schema)).toEqual({ Book: ['Novel'] });
});

test('every guarded field is found, also through its object and its interface', () => {
  expect(scopedFields(schema)).toEqual([
    { typeName: 'Novel', fieldName: 'note', anyOf: ['read:posts'] },
    { typeName: 'Novel', fieldName: 'viewerHasRead', anyOf: ['read:posts', 'chat'] },
    { typeName: 'Shelf', fieldName: 'place', anyOf: ['admin:read:reports'] },
    { typeName: 'Shelf', fieldName: 'whisper', anyOf: ['chat'] },
    { typeName: 'Subscription', fieldName: 'bookChanged', anyOf: ['read:feeds'] },
  ]);
});

test('a guarded field refuses the anonymous, refuses the wrong scope by name, and answers the right one', async () => {
  const source = '{ book(by: { title: "t" }) { title note } }';
  expect(await run(source, null)).toEqual({
    data: { book: { title: 't', note: null } },
    codes: ['UNAUTHENTICATED'],
    required: [['read:posts']],
  });
  expect(await run(source, ['write', 'chat', 'admin:read'])).toEqual({
    data: { book: { title: 't', note: null } },
    codes: ['INSUFFICIENT_SCOPE'],
    required: [['read:posts']],
  });
  expect(await run(source, ['read'])).toEqual({
    data: { book: { title: 't', note: 'mine' } },
    codes: [],
    required: [],
  });
});

test('the requirement of a field replaces that of its object', async () => {
  expect((await run('{ shelf { whisper } }', ['admin:read'])).codes).toEqual([
    'INSUFFICIENT_SCOPE',
  ]);
  expect((await run('{ shelf { whisper } }', ['chat'])).data).toEqual({
    shelf: { whisper: 'psst' },
  });
  expect((await run('{ shelf { place } }', ['admin:read'])).data).toEqual({
    shelf: { place: 'cellar' },
  });
});

test('parent scopes include their children, and nothing includes chat or account security', () => {
  expect(hasAnyScope(['read'], ['read:posts'])).toBe(true);
  expect(hasAnyScope(['read'], ['write:posts'])).toBe(false);
  expect(hasAnyScope(['read'], ['admin:read:reports'])).toBe(false);
  expect(hasAnyScope(['admin:read'], ['admin:read:reports'])).toBe(true);
  expect(hasAnyScope(['read:posts'], ['read'])).toBe(false);
  expect(
    hasAnyScope(['read', 'write', 'admin:read', 'admin:write'], ['chat', 'account:security']),
  ).toBe(false);
  expect(hasAnyScope(['read'], ['readable'])).toBe(false);
  expect(hasAnyScope(['read'], [])).toBe(false);
  expect(isScope('chat')).toBe(true);
  expect(isScope('toString')).toBe(false);
});

test('a selection is shared only when each of its fields is, through fragments and interfaces', () => {
  const shared = (body: string, fragments = '') =>
    isSharedSelection(schema, parse(`subscription { bookChanged ${body} } ${fragments}`));
  expect(shared('{ book { title __typename } }')).toBe(true);
  expect(shared('{ book { ... on Novel { title } ... { title } } }')).toBe(true);
  expect(
    shared(
      '{ book { ...T } }',
      'fragment T on Novel { title ...U } fragment U on Book { title ...T }',
    ),
  ).toBe(true);
  expect(shared('{ book { title note } }')).toBe(false);
  expect(shared('{ shelf { place } }')).toBe(false);
  expect(shared('{ shelf { __typename } }')).toBe(true);
  expect(shared('{ book { ... on Novel { viewerHasRead } } }')).toBe(false);
  expect(
    shared(
      '{ book { ...T } }',
      'fragment T on Novel { title ...U } fragment U on Novel { chapters }',
    ),
  ).toBe(false);
  expect(isSharedSelection(schema, parse('{ book(by: {id: 1}) { title } }'))).toBe(false);
  expect(isSharedSelection(schema, parse('query A { __typename } query B { __typename }'))).toBe(
    false,
  );
});
