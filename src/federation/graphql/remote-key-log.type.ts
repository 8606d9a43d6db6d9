/** Logs of keys of other servers as the API shows them. */
import { Field, Int, ObjectType } from 'type-graphql';
import { KeyLogHeadType, KeyLogKindEnum } from '../../devices/graphql/key-log.type.js';
import type { KeyLogKind } from '../../devices/key-log.js';
import type { KeyLogHead } from '../../devices/key-log.queries.js';
import {
  KEY_LOG_CONTRADICTIONS,
  MOST_REMOTE_ENTRIES,
  REMOTE_KEY_LOG_STATES,
  type KeyLogContradictionKind,
  type RemoteKeyLogState,
} from '../../devices/remote-key-log.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { Base64BytesScalar, DateTimeScalar } from '../../platform/graphql/scalars.js';

const RemoteKeyLogStateEnum = describedEnum<RemoteKeyLogState>(
  'RemoteKeyLogState',
  'What the log of keys of another server is to this one. It is what this server thinks: clients check for themselves.',
  REMOTE_KEY_LOG_STATES,
);

const KeyLogContradictionKindEnum = describedEnum<KeyLogContradictionKind>(
  'KeyLogContradictionKind',
  'What does not fit in the log of keys of another server.',
  KEY_LOG_CONTRADICTIONS,
);

@ObjectType('RemoteKeyLogEntry', {
  description: 'An entry of the log of keys of another server, with its proof.',
  simpleResolvers: true,
})
export class RemoteKeyLogEntryType {
  @Field(() => Int, { description: 'Its place in that log, from 0.' })
  index!: number;

  @Field(() => KeyLogKindEnum, { description: 'What it tells.' })
  kind!: KeyLogKind;

  @Field(() => Base64BytesScalar, {
    description: 'What it says: JSON whose bytes are what the leaf is made of.',
  })
  payload!: Buffer;

  @Field(() => [Base64BytesScalar], {
    description:
      'Hashes that prove it to be in the log that `RemoteKeyLog.head` is of, in the order of RFC 9162; at most 64.',
  })
  inclusion!: readonly Buffer[];
}

@ObjectType('KeyLogGrowth', {
  description: 'Proof that a log of one size begins with that of a smaller one.',
  simpleResolvers: true,
})
export class KeyLogGrowthType {
  @Field(() => Int, { description: 'The smaller size.' })
  from!: number;

  @Field(() => Int, { description: 'The greater size.' })
  to!: number;

  @Field(() => [Base64BytesScalar], {
    description:
      'In the order of RFC 9162, 32 bytes each, at most 64; empty where that server says that there is no proof, which proves that it lies.',
  })
  hashes!: readonly Buffer[];
}

@ObjectType('KeyLogContradiction', {
  description:
    'Something that another server has shown, and that does not fit. What it has signed proves it to everybody.',
  simpleResolvers: true,
})
export class KeyLogContradictionType {
  @Field(() => KeyLogContradictionKindEnum, { description: 'What does not fit.' })
  kind!: KeyLogContradictionKind;

  @Field(() => KeyLogHeadType, {
    nullable: true,
    description: 'The head that was kept; null where it does not fit to anything else.',
  })
  keptHead!: KeyLogHead | null;

  @Field(() => KeyLogHeadType, {
    nullable: true,
    description: 'The head that was shown with it; null where none was.',
  })
  shownHead!: KeyLogHead | null;

  @Field(() => Base64BytesScalar, {
    nullable: true,
    description: 'The key that is not in the log; null where it is about the log itself.',
  })
  publicKey!: Uint8Array | null;

  @Field(() => DateTimeScalar, { description: 'When this server found it, at first.' })
  foundAt!: Date;
}

@ObjectType('RemoteKeyLog', {
  description:
    'What the log of keys of another server says of a person of it. This server passes it on as it was signed, so that clients need to believe neither of the two.',
  simpleResolvers: true,
})
export class RemoteKeyLogType {
  @Field(() => String, { description: 'Origin of that server, which its heads are signed for.' })
  origin!: string;

  @Field(() => RemoteKeyLogStateEnum, { description: 'What this server makes of it.' })
  state!: RemoteKeyLogState;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When it was read; null when it never was. Older than ten minutes where their server does not answer.',
  })
  readAt!: Date | null;

  @Field(() => KeyLogHeadType, {
    nullable: true,
    description:
      'The head, with the key of that server; null when nothing was ever read. Keep it: later ones have to continue it.',
  })
  head!: KeyLogHead | null;

  @Field(() => [RemoteKeyLogEntryType], {
    description: `What it says of the person, the oldest first; at most ${MOST_REMOTE_ENTRIES}.`,
  })
  @ListSize({ assumedSize: 20 })
  entries!: RemoteKeyLogEntryType[];

  @Field(() => [KeyLogGrowthType], {
    description:
      'How the sizes that were asked for fit to the head, at most 8; those that need no proof are left out, and those for which that server does not answer now.',
  })
  @ListSize({ assumedSize: 4 })
  growth!: KeyLogGrowthType[];

  @Field(() => [KeyLogContradictionType], {
    description:
      'What this server has found not to fit, of that server and of the person; the newest first, at most 20.',
  })
  @ListSize({ assumedSize: 3 })
  contradictions!: KeyLogContradictionType[];
}
