/** The sealed backup of keys as its person sees it. */
import { Field, Int, ObjectType } from 'type-graphql';
import { Base64BytesScalar, DateTimeScalar } from '../../platform/graphql/scalars.js';

@ObjectType('KeyBackup', {
  description: 'What a client has sealed of the keys of its person. The server cannot read it.',
})
export class KeyBackupType {
  @Field(() => Int, {
    description: '1 for the first one; each that takes its place counts one more.',
  })
  version!: number;

  @Field(() => Base64BytesScalar, {
    name: 'data',
    description: 'As the client saved it, at most 128 KiB.',
  })
  bytes!: Buffer;

  @Field(() => DateTimeScalar, { description: 'When it was saved.' })
  updatedAt!: Date;
}
