/** What collections and playlists have in common: a playlist is a collection that holds videos alone. */
import { Field, InputType, ObjectType } from 'type-graphql';
import { VisibilityEnum } from '../../actors/graphql/visibility.type.js';
import type { Visibility } from '../../actors/visibility.js';
import type { NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar, HtmlScalar, MarkdownScalar } from '../../platform/graphql/scalars.js';
import { readId } from '../../platform/ids.js';
import type { CollectionRow } from '../collections.queries.js';
import type { CollectionChange } from '../save-collection.js';

/** A collection or playlist as resolvers see it. */
export type AnyCollectionSource = CollectionRow & NodeSource & { readonly isLocal: boolean };

@ObjectType({ description: 'Own posts of an actor in an order.' })
export abstract class AnyCollectionType {
  @Field(() => String, { description: 'Title in plain text.' })
  title!: string;

  @Field(() => HtmlScalar, { description: 'What it is about, safe to render; may be empty.' })
  description!: string;

  @Field(() => MarkdownScalar, {
    nullable: true,
    description: 'What the owner typed; null for everybody else.',
  })
  descriptionSource!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it last changed.' })
  updatedAt!: Date;
}

@InputType({ description: 'What is said of own posts in an order.' })
export abstract class SaveAnyCollectionInput {
  @Field(() => MarkdownScalar, {
    nullable: true,
    description: 'What it is about, at most 1,000 characters; null = nothing.',
  })
  description?: string | null;

  @Field(() => VisibilityEnum, {
    nullable: true,
    description: 'Who may see it; null = PUBLIC. With MENTIONED only the owner does.',
  })
  visibility?: Visibility | null;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@InputType({ description: 'A post, and whether it is to be in something.' })
export abstract class SetInAnyCollectionInput {
  @Field(() => Boolean, { description: 'True puts it at the end, false takes it out.' })
  included!: boolean;
}

/** Reads an input: absent stays absent, null becomes the value that means nothing. */
export function readTexts({
  title,
  description,
  visibility,
  postIds,
}: SaveAnyCollectionInput & {
  readonly title?: string | null;
  readonly postIds?: readonly string[] | null;
}): Pick<CollectionChange, 'title' | 'description' | 'visibility' | 'postIds'> {
  return {
    title: title === null ? '' : title,
    description: description === null ? '' : description,
    visibility: visibility === null ? 'PUBLIC' : visibility,
    postIds:
      postIds === null
        ? []
        : postIds?.map((id, index) => readId('post', id, ['postIds', String(index)])),
  };
}
