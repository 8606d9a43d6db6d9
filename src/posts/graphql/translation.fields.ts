/** Posts and comments in the language of the reader. */
import { Arg, Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, RequiresScope } from '../../platform/graphql/directives.js';
import { load, type LoaderDefinition } from '../../platform/graphql/loader.js';
import { HtmlScalar, LanguageTagScalar } from '../../platform/graphql/scalars.js';
import { translateTexts, type Translation } from '../translate-texts.js';
import type { CommentSource } from './comment.loader.js';
import { CommentType } from './comment.type.js';
import type { PostSource } from './post.loader.js';
import { PostType } from './post.type.js';

const DESCRIPTION =
  'Its text in another language, by the service that the operator chose; for signed-in people. Null when no service is set up, when there is no text, when it is in that language already, and when the service does not answer.';
const TO = { description: 'Language to translate into; regions do not count.' };
const POINTS = 20;

interface TranslationKey {
  /** Sanitised HTML. */
  readonly text: string;
  readonly to: string;
}

const keyOf = ({ text, to }: TranslationKey): string => `${to} ${text}`;

const translationLoader: LoaderDefinition<TranslationKey, Translation> = {
  keyOf,
  load: async (context, keys) => {
    const found = new Map<string, Translation>();
    for (const to of new Set(keys.map((key) => key.to))) {
      const wanted = keys.filter((key) => key.to === to);
      const texts = wanted.map(({ text }) => text);
      const translations = await translateTexts(context, texts, to);
      for (const [index, translation] of translations.entries())
        if (translation) found.set(keyOf(wanted[index]!), translation);
    }
    return found;
  },
};

@ObjectType('Translation', {
  description: 'A machine translation of a text.',
  simpleResolvers: true,
})
export class TranslationType {
  @Field(() => HtmlScalar, { description: 'The text in the other language, safe to render.' })
  html!: string;

  @Field(() => LanguageTagScalar, {
    nullable: true,
    description: 'Language that the service took the text for; null when it does not say.',
  })
  detectedLanguage!: string | null;
}

@Resolver(() => PostType)
export class PostTranslationFields {
  @FieldResolver(() => TranslationType, { nullable: true, description: DESCRIPTION })
  @RequiresScope('read:posts')
  @Cost(POINTS)
  translation(
    @Root() post: PostSource,
    @Arg('to', () => LanguageTagScalar, TO) to: string,
    @Ctx() context: GraphQLContext,
  ): Promise<Translation | null> | null {
    return translationOf(context, post.caption, post.language, to);
  }
}

@Resolver(() => CommentType)
export class CommentTranslationFields {
  @FieldResolver(() => TranslationType, { nullable: true, description: DESCRIPTION })
  @RequiresScope('read:posts')
  @Cost(POINTS)
  translation(
    @Root() comment: CommentSource,
    @Arg('to', () => LanguageTagScalar, TO) to: string,
    @Ctx() context: GraphQLContext,
  ): Promise<Translation | null> | null {
    return translationOf(context, comment.content, comment.language, to);
  }
}

function translationOf(
  context: GraphQLContext,
  text: string,
  language: string | null,
  to: string,
): Promise<Translation | null> | null {
  const [from, wanted] = [language, to].map((tag) => tag?.split('-')[0]!.toLowerCase() ?? null);
  return from === wanted ? null : load(context, translationLoader, { text, to: wanted! });
}
