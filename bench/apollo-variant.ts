// Apollo and Express answering one page from memory with our schema, and with some of its costs left out: the words
// `documents`, `cache-control`, `resolvers` and `executor` each name one that is cut.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer, type ApolloServerOptions, type BaseContext } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import {
  isInterfaceType,
  isObjectType,
  type DocumentNode,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { getMetadataStorage } from 'type-graphql';
import { buildAppSchema } from '../src/app/schema.js';

type GatewayOption = NonNullable<ApolloServerOptions<BaseContext>['gateway']>;

const [pageFile, ...cuts] = process.argv.slice(2);
const page = readPage();
const schema = await schemaFromMemory(cuts.includes('resolvers'));
const apollo = new ApolloServer({
  ...(cuts.includes('executor') ? { gateway: compiledGateway() } : { schema, rootValue: page }),
  documentStore: cuts.includes('documents') ? undefined : null,
  plugins: cuts.includes('cache-control') ? [ApolloServerPluginCacheControlDisabled()] : [],
});
await apollo.start();
const app = express();
app.use('/graphql', express.json(), expressMiddleware(apollo));
const http = createServer(app).listen(0, '127.0.0.1', () => {
  process.send?.({ port: (http.address() as AddressInfo).port });
});

/** The page, in the form that our resolvers hand on. */
function readPage(): unknown {
  const { data } = JSON.parse(readFileSync(pageFile!, 'utf8'), (key, value: unknown) => {
    if (key === 'publishedAt') return new Date(String(value));
    if (typeof value !== 'object' || value === null || !('__typename' in value)) return value;
    return { ...value, nodeType: value.__typename };
  }) as { data: unknown };
  return data;
}

/** Our schema, every computed field replaced by its value on the page; `asIs` = plain fields and interfaces as we have them. */
async function schemaFromMemory(asIs: boolean): Promise<GraphQLSchema> {
  const types = getMetadataStorage().objectTypes;
  const declared = types.map(({ simpleResolvers }) => simpleResolvers);
  for (const type of types) type.simpleResolvers = true;
  const computed = new Set(
    [...fieldsOf(await buildAppSchema())]
      .filter(([, field]) => field.resolve)
      .map(([name]) => name),
  );
  for (const [index, type] of types.entries()) type.simpleResolvers = asIs && declared[index];
  const built = await buildAppSchema();
  for (const [name, field] of fieldsOf(built)) if (computed.has(name)) field.resolve = undefined;
  if (!asIs) resolveTypesLater(built);
  return built;
}

/** As the schema builder leaves it: a promise for every type that an interface stands for. */
function resolveTypesLater(built: GraphQLSchema): void {
  for (const type of Object.values(built.getTypeMap())) {
    const resolveType = isInterfaceType(type) ? type.resolveType : null;
    if (!isInterfaceType(type) || !resolveType) continue;
    type.resolveType = async (...args) => await resolveType(...args);
  }
}

function* fieldsOf(
  built: GraphQLSchema,
): Generator<[name: string, field: ReturnType<GraphQLObjectType['getFields']>[string]]> {
  for (const type of Object.values(built.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields()))
      yield [`${type.name}.${field.name}`, field];
  }
}

/** Apollo hands execution to a gateway where there is one: here one that compiles each document once. */
function compiledGateway(): GatewayOption {
  const compiled = new WeakMap<DocumentNode, CompiledQuery>();
  const compile = (document: DocumentNode): CompiledQuery => {
    const result = compileQuery(schema, document);
    if (!isCompiledQuery(result)) throw new Error('The document cannot be compiled');
    compiled.set(document, result);
    return result;
  };
  return {
    onSchemaLoadOrUpdate: (use) => {
      use({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    load: async () => ({
      executor: async ({ document, context, request }) =>
        (compiled.get(document) ?? compile(document)).query(page, context, request.variables),
    }),
    stop: async () => {},
  };
}
