// The tabs of a first visit. Each document is checked against the schema by the tests.
import lookAround from './examples/look-around.graphql';
import signIn from './examples/sign-in.graphql';
import whoAmI from './examples/who-am-i.graphql';

const credentials = JSON.stringify({ login: '', password: '' }, null, 2);

export const examples = [
  { query: lookAround },
  { query: signIn, variables: credentials },
  { query: whoAmI },
];
