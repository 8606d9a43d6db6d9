// The table of all variables: the sections in the order of the reference page.
import { graphqlVariables, mediaVariables } from './limits.variables.js';
import { peopleVariables } from './people.variables.js';
import { serverVariables } from './server.variables.js';
import { storageVariables } from './storage.variables.js';
import type { Variable } from './variable.js';

/** Every variable by name. */
export const variables = {
  ...serverVariables,
  ...storageVariables,
  ...peopleVariables,
  ...mediaVariables,
  ...graphqlVariables,
};

/** Name of a variable in the table. */
export type VariableName = keyof typeof variables;

/** The value of every variable after its rule. */
export type Values = {
  [Name in VariableName]: (typeof variables)[Name] extends Variable<infer T> ? T : never;
};

/** Headings of the reference page and the variables under each. */
export const sections: readonly {
  readonly title: string;
  readonly variables: Readonly<Record<string, Variable<unknown>>>;
}[] = [
  { title: 'Server', variables: serverVariables },
  { title: 'Media storage', variables: storageVariables },
  { title: 'People', variables: peopleVariables },
  { title: 'Media limits', variables: mediaVariables },
  { title: 'GraphQL limits', variables: graphqlVariables },
];
