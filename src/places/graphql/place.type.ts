/** Places, and looking them up. */
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize, Shared } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { LanguageTagScalar } from '../../platform/graphql/scalars.js';
import { parseGlobalId } from '../../platform/ids.js';
import { countryName } from '../country-name.js';
import type { PlaceId } from '../place.js';
import { findPlaces, type PlaceRow } from '../places.queries.js';
import { MAX_FOUND, searchPlaces } from '../search-places.js';

/** A place as resolvers see it. */
export type PlaceSource = PlaceRow & NodeSource;

@ObjectType('Place', {
  implements: Node,
  description: 'A city or village of the GeoNames gazetteer (© GeoNames, CC BY 4.0). Public.',
  simpleResolvers: true,
})
@Shared()
export class PlaceType {
  @Field(() => String, { description: 'Its name, as people there write it in the Latin script.' })
  name!: string;

  @Field(() => String, { description: 'Country by its ISO 3166-1 alpha-2 code.' })
  countryCode!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'First-level division (state, canton, …) as GeoNames codes it, to tell places of one name apart; null when it has none.',
  })
  regionCode!: string | null;

  @Field(() => Float, { description: 'Degrees north, WGS 84.' })
  latitude!: number;

  @Field(() => Float, { description: 'Degrees east, WGS 84.' })
  longitude!: number;

  @Field(() => Float, { description: 'Inhabitants; 0 when unknown.' })
  population!: number;

  @Field(() => String, { description: 'Time zone by its IANA name.' })
  timezone!: string;
}

/** Places by id. */
export const placeLoader = defineLoader<PlaceId, PlaceSource>(async (context, ids) => {
  const rows = await findPlaces(context.database, ids);
  return new Map(rows.map((row) => [row.id, toPlaceSource(row)]));
});

/** `place_…` ids. */
export const placeNode = defineNode('place', ['Place'], placeLoader);

/** Shapes a row. */
export function toPlaceSource(row: PlaceRow): PlaceSource {
  return { ...row, nodeType: 'Place' };
}

@Resolver(() => PlaceType)
export class PlaceFields {
  @Query(() => PlaceType, {
    nullable: true,
    description: 'A place by its id. Public. Null when there is none.',
  })
  place(
    @Arg('id', () => ID, { description: 'Global id.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<PlaceSource | null> | null {
    const parsed = parseGlobalId(id);
    return parsed?.kind === 'place' ? load(context, placeLoader, parsed.id as PlaceId) : null;
  }

  @Query(() => [PlaceType], {
    description:
      'Places one of whose names, in any language, begins with a text; case and accents do not matter. Those called exactly so come first, then the larger ones. Public. Empty while the gazetteer is being loaded, shortly after the first start.',
  })
  @Cost(10)
  @ListSize({ slicingArguments: ['first'] })
  async searchPlaces(
    @Arg('query', () => String, { description: 'Begin of a name, 2–100 characters.' })
    query: string,
    @Arg('first', () => Int, {
      defaultValue: 10,
      description: `Places wanted, 1–${MAX_FOUND}.`,
    })
    first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<PlaceSource[]> {
    return (await searchPlaces(context.database, query, first)).map(toPlaceSource);
  }

  @FieldResolver(() => String, {
    description:
      'Name of the country in a language; its code when that language has no name for it.',
  })
  country(
    @Root() place: PlaceSource,
    @Arg('language', () => LanguageTagScalar, {
      defaultValue: 'en',
      description: 'Language of the name.',
    })
    language: string,
  ): string {
    return countryName(place.countryCode, language);
  }
}
