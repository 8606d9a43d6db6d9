/** What everything with an ActivityPub identity has in common. */
import { Field, InterfaceType } from 'type-graphql';
import { Shared } from './directives.js';
import type { NodeSource } from './node.js';
import { UrlScalar } from './scalars.js';

@InterfaceType('Federated', {
  description: 'Anything that has an ActivityPub identity.',
  resolveType: (source: NodeSource) => source.nodeType,
})
export abstract class Federated {
  @Field(() => UrlScalar, { description: 'Canonical ActivityPub id.' })
  @Shared()
  uri!: string;

  @Field(() => UrlScalar, { description: 'Page for people on the origin server.' })
  @Shared()
  url!: string;

  @Field(() => Boolean, { description: 'True when this server is the origin.' })
  @Shared()
  isLocal!: boolean;
}
