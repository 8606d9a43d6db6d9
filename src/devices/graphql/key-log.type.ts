/** The log of keys as the API shows it. */
import { Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../../platform/graphql/connection.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { Base64BytesScalar, DateTimeScalar } from '../../platform/graphql/scalars.js';
import { KEY_LOG_KINDS, type KeyLogEntryRow, type KeyLogKind } from '../key-log.js';

/** GraphQL enum of what entries tell. */
export const KeyLogKindEnum = describedEnum<KeyLogKind>(
  'KeyLogKind',
  'What an entry of the log of keys tells, and what its payload says.',
  KEY_LOG_KINDS,
);

@ObjectType('KeyLogEntry', {
  description: 'What happened to the keys of somebody: it can be proven, and never changes.',
})
export class KeyLogEntryType {
  @Field(() => Int, { description: 'Its place in the log of this server, from 0.' })
  index!: number;

  @Field(() => KeyLogKindEnum, { description: 'What it tells.' })
  kind!: KeyLogKind;

  @Field(() => Base64BytesScalar, {
    description: 'What it says: JSON whose bytes are what the leaf is made of.',
  })
  payload!: Buffer;

  @Field(() => Base64BytesScalar, {
    description: 'BLAKE2b-256 of a zero byte and `payload`.',
  })
  leafHash!: Buffer;

  @Field(() => DateTimeScalar, { description: 'When it was written.' })
  createdAt!: Date;
}

@ObjectType('KeyLogEdge', {
  description: 'An entry and its place in a list.',
  simpleResolvers: true,
})
export class KeyLogEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => KeyLogEntryType, { description: 'The entry.' })
  node!: KeyLogEntryRow;
}

@ObjectType('KeyLogConnection', {
  description: 'A page of the log of keys.',
  simpleResolvers: true,
})
export class KeyLogConnection {
  @Field(() => [KeyLogEdge], { description: 'Entries with their places.' })
  edges!: KeyLogEdge[];

  @Field(() => [KeyLogEntryType], { description: 'The entries alone.' })
  nodes!: KeyLogEntryRow[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}

@ObjectType('KeyLogHead', {
  description:
    'What this server says that its log of keys is. Keep it: of a later one it can be asked to prove that it has begun as this one.',
})
export class KeyLogHeadType {
  @Field(() => Int, { description: 'How many entries the log has.' })
  treeSize!: number;

  @Field(() => Base64BytesScalar, {
    description:
      'Root of the Merkle tree over them, as RFC 9162 makes it but with BLAKE2b-256; 32 bytes.',
  })
  rootHash!: Buffer;

  @Field(() => DateTimeScalar, { description: 'When it was signed.' })
  signedAt!: Date;

  @Field(() => Base64BytesScalar, {
    description:
      'Ed25519 signature over `triptych/key-log/1`, a zero byte, the origin of the server, a zero byte, `treeSize` in digits, a zero byte, `rootHash`, a zero byte and `signedAt` as it is written here.',
  })
  signature!: Buffer;

  @Field(() => Base64BytesScalar, {
    description: 'Ed25519 public key of the server for its log, 32 bytes. Keep it, too.',
  })
  serverKey!: Buffer;
}

@ObjectType('KeyLogProof', { description: 'Hashes that prove something of the log of keys.' })
export class KeyLogProofType {
  @Field(() => [Base64BytesScalar], {
    description: 'In the order of RFC 9162, 32 bytes each, at most 60.',
  })
  hashes!: Uint8Array[];
}
