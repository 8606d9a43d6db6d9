/** Inputs and answers of the mutations about starter packs. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { MarkdownScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import type { StarterPackChange } from '../save-starter-pack.js';
import { StarterPackType, type StarterPackSource } from './starter-pack.type.js';

@InputType('SaveStarterPackInput', {
  description:
    'A new starter pack, or what to change about an own one: absent = as it is, null = cleared.',
})
export class SaveStarterPackInput {
  @Field(() => ID, { nullable: true, description: 'The own pack; null = a new one.' })
  starterPackId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Title, 1–100 characters; a new pack needs one, and it cannot be cleared.',
  })
  title?: string | null;

  @Field(() => MarkdownScalar, {
    nullable: true,
    description: 'What it is about, at most 1,000 characters; null = nothing.',
  })
  description?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it stands on the profile and among the packs to discover, or is only for whoever has its link; null = it does.',
  })
  isListed?: boolean | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Everybody in it, in order, at most 150: people who wish to be found (`isDiscoverable`), and the viewer. Null = nobody.',
  })
  actorIds?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'All its hashtags in any spelling, in order, at most 20; null = none.',
  })
  hashtags?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

/** Reads the input: absent stays absent, null becomes the value that means nothing. */
export function toStarterPackChange(input: SaveStarterPackInput): StarterPackChange {
  const { starterPackId, title, description, isListed, actorIds, hashtags } = input;
  return {
    packId: starterPackId == null ? null : readId('starterpack', starterPackId, ['starterPackId']),
    title: title === null ? '' : title,
    description: description === null ? '' : description,
    isListed: isListed === null ? true : isListed,
    actorIds:
      actorIds === null
        ? []
        : actorIds?.map((id, index) => readId('actor', id, ['actorIds', String(index)])),
    hashtags: hashtags === null ? [] : hashtags,
  };
}

@InputType({ description: 'Names a starter pack.' })
abstract class StarterPackInput {
  @Field(() => ID, { description: 'The starter pack.' })
  starterPackId!: string;
}

@InputType('SetInStarterPackInput', { description: 'A person and an own starter pack.' })
export class SetInStarterPackInput extends StarterPackInput {
  @Field(() => ID, { description: 'The person.' })
  actorId!: string;

  @Field(() => Boolean, { description: 'True puts them at the end, false takes them out.' })
  included!: boolean;
}

@InputType('DeleteStarterPackInput', { description: 'Names an own starter pack.' })
export class DeleteStarterPackInput extends StarterPackInput {}

@InputType('SetStarterPackRefusedInput', {
  description: 'A starter pack of somebody else, and whether the viewer may be in it.',
})
export class SetStarterPackRefusedInput extends StarterPackInput {
  @Field(() => Boolean, {
    description:
      'True takes the viewer out, and its owner cannot put them back; false lets the owner do so again.',
  })
  refused!: boolean;
}

@InputType('UseStarterPackInput', { description: 'Which starter pack, and what of it.' })
export class UseStarterPackInput extends StarterPackInput {
  @Field(() => [ID], {
    nullable: true,
    description:
      'People in it whom not to follow, at most 150; ids of nobody are passed over. Null = none.',
  })
  exceptActorIds?: string[] | null;

  @Field(() => Boolean, { defaultValue: true, description: 'Follow its hashtags, too.' })
  followHashtags!: boolean;
}

@ObjectType({ description: 'Answers with a starter pack.' })
abstract class StarterPackPayload extends Payload {
  @Field(() => StarterPackType, {
    nullable: true,
    description: 'The starter pack after the change; null when refused.',
  })
  starterPack!: StarterPackSource | null;
}

@ObjectType('SaveStarterPackPayload', { description: 'Answer of saveStarterPack.' })
export class SaveStarterPackPayload extends StarterPackPayload {}

@ObjectType('SetInStarterPackPayload', { description: 'Answer of setInStarterPack.' })
export class SetInStarterPackPayload extends StarterPackPayload {}

@ObjectType('SetStarterPackRefusedPayload', { description: 'Answer of setStarterPackRefused.' })
export class SetStarterPackRefusedPayload extends StarterPackPayload {}

@ObjectType('DeleteStarterPackPayload', { description: 'Answer of deleteStarterPack.' })
export class DeleteStarterPackPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the starter pack that is gone; null when refused.',
  })
  deletedStarterPackId!: string | null;
}

@ObjectType('UseStarterPackPayload', { description: 'Answer of useStarterPack.' })
export class UseStarterPackPayload extends StarterPackPayload {
  @Field(() => Int, {
    nullable: true,
    description:
      'How many people the viewer will follow or ask because of it, one after the other within moments; null when refused.',
  })
  actorCount!: number | null;
}
