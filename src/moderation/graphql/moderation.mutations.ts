/** Reporting, and what the staff does about it. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { Base64BytesScalar, DateTimeScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { NotFound } from '../../platform/errors.js';
import { parseGlobalId, readId } from '../../platform/ids.js';
import { fileReport } from '../file-report.js';
import type { ModerationActionKind } from '../moderation-action.js';
import type { ReportCategory, ReportStatus, SubjectId } from '../report.js';
import { resolveReport } from '../resolve-report.js';
import { takeModerationAction } from '../take-moderation-action.js';
import {
  ModerationActionKindEnum,
  moderationActionLoader,
  ModerationActionType,
  type ModerationActionSource,
} from './moderation-action.type.js';
import {
  ReportCategoryEnum,
  reportLoader,
  ReportStatusEnum,
  ReportType,
  type ReportSource,
} from './report.type.js';

@InputType('ReportedMessageInput', {
  description:
    'A message that the actor wrote inside the encryption, in plain text, with what proves it.',
})
export class ReportedMessageInput {
  @Field(() => ID, { description: 'The conversation.' })
  conversationId!: string;

  @Field(() => DateTimeScalar, { description: '`sentAt` of the message.' })
  acceptedAt!: Date;

  @Field(() => Base64BytesScalar, { description: 'What was encrypted, byte for byte.' })
  data!: Buffer;

  @Field(() => Base64BytesScalar, {
    description:
      'Secret of 32 bytes; HMAC-SHA256 under it of the data is the authenticated data of the message.',
  })
  salt!: Buffer;

  @Field(() => Base64BytesScalar, { description: '`frank` of the message.' })
  frank!: Buffer;
}

@InputType('ReportInput', { description: 'What is reported, and why.' })
export class ReportInput {
  @Field(() => ID, { description: 'The actor.' })
  actorId!: string;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Posts, comments, stories and starter packs of that actor, at most 20; null = the actor as such.',
  })
  subjectIds?: string[] | null;

  @Field(() => [ReportedMessageInput], {
    nullable: true,
    description:
      'Messages that the actor wrote to the viewer inside the encryption, at most 10 and 192 KiB in all; the staff of this server reads them, and no other server gets them.',
  })
  messages?: ReportedMessageInput[] | null;

  @Field(() => ReportCategoryEnum, { description: 'Why.' })
  category!: ReportCategory;

  @Field(() => String, {
    nullable: true,
    description: 'In your words, at most 2,000 characters; needed with OTHER.',
  })
  comment?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Rules of this server that were broken.' })
  ruleIds?: string[] | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Send it to the server of the actor, too: words and addresses, but not who reports. Means nothing for people of this server.',
  })
  forward!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('ReportPayload', { description: 'Answer of report.' })
export class ReportPayload extends Payload {
  @Field(() => ReportType, { nullable: true, description: 'The report; null when refused.' })
  report!: ReportSource | null;
}

@InputType('ResolveReportInput', { description: 'What becomes of a report.' })
export class ResolveReportInput {
  @Field(() => ID, { description: 'The report.' })
  reportId!: string;

  @Field(() => ReportStatusEnum, { description: 'Where it stands from now on.' })
  status!: ReportStatus;

  @Field(() => String, {
    nullable: true,
    description: 'Note for the staff alone, at most 5,000 characters; absent or null = as it is.',
  })
  note?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'With ASSIGNED: who of the staff looks at it; null = the viewer.',
  })
  assigneeId?: string | null;
}

@ObjectType('ResolveReportPayload', { description: 'Answer of resolveReport.' })
export class ResolveReportPayload extends Payload {
  @Field(() => ReportType, {
    nullable: true,
    description: 'The report after the change; null when refused.',
  })
  report!: ReportSource | null;
}

@InputType('TakeModerationActionInput', { description: 'What is done about whom, and why.' })
export class TakeModerationActionInput {
  @Field(() => ID, { description: 'The actor.' })
  targetId!: string;

  @Field(() => ModerationActionKindEnum, { description: 'What is done.' })
  kind!: ModerationActionKind;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Posts, comments, stories and starter packs of that actor, at most 100; needed for acts about content.',
  })
  subjectIds?: string[] | null;

  @Field(() => String, { description: 'Why, for the person: plain text, 1–2,000 characters.' })
  reason!: string;

  @Field(() => [ID], { nullable: true, description: 'Rules that were broken.' })
  ruleIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Reports about that actor that are resolved with it.',
  })
  reportIds?: string[] | null;

  @Field(() => Boolean, { defaultValue: true, description: 'Tell the person by e-mail.' })
  notifyTarget!: boolean;
}

@ObjectType('TakeModerationActionPayload', { description: 'Answer of takeModerationAction.' })
export class TakeModerationActionPayload extends Payload {
  @Field(() => ModerationActionType, {
    nullable: true,
    description: 'What was done; null when refused.',
  })
  action!: ModerationActionSource | null;
}

@Resolver()
export class ModerationMutations {
  @Mutation(() => ReportPayload, {
    description:
      'Report an actor, and posts, comments, stories, starter packs or encrypted messages of that actor, to the staff; nobody else learns of it, unless it is forwarded. The same report again only replaces the comment of the first one while that is open. Codes: NOT_FOUND, INVALID_INPUT, UNPROVEN_MESSAGE, HUB_UNREACHABLE, RATE_LIMITED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:reports')
  report(
    @Arg('input', () => ReportInput, { description: 'The report.' }) input: ReportInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'report',
      input,
      () =>
        fileReport(context, {
          actorId: readId('actor', input.actorId, ['actorId']),
          subjectIds: readSubjects(input.subjectIds),
          messages: readMessages(input.messages),
          category: input.category,
          comment: input.comment ?? '',
          ruleIds: readIds('rule', input.ruleIds, 'ruleIds'),
          isForwarded: input.forward,
        }),
      async (id) => ({ report: await load(context, reportLoader, id) }),
    );
  }

  @Mutation(() => ResolveReportPayload, {
    description:
      'Move a report on, or open it again. Needs the role MODERATOR; recorded. Codes: FORBIDDEN, NOT_FOUND, INVALID_INPUT.',
  })
  @RequiresScope('admin:write:reports')
  resolveReport(
    @Arg('input', () => ResolveReportInput, { description: 'The decision.' })
    input: ResolveReportInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const reportId = readId('report', input.reportId, ['reportId']);
        const { assigneeId } = input;
        await resolveReport(context, {
          reportId,
          status: input.status,
          note: input.note ?? undefined,
          assigneeId: assigneeId == null ? null : readId('actor', assigneeId, ['assigneeId']),
        });
        return reportId;
      },
      async (id) => ({ report: await load(context, reportLoader, id) }),
    );
  }

  @Mutation(() => TakeModerationActionPayload, {
    description:
      'Do something about an actor or what it published, for a reason. Needs the role MODERATOR and a higher role than the person’s; recorded. A suspension closes every session and socket at once. Codes: FORBIDDEN, NOT_FOUND, INVALID_INPUT.',
  })
  @RequiresScope('admin:write:accounts')
  takeModerationAction(
    @Arg('input', () => TakeModerationActionInput, { description: 'The act.' })
    input: TakeModerationActionInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () =>
        takeModerationAction(context, {
          targetId: readId('actor', input.targetId, ['targetId']),
          kind: input.kind,
          subjectIds: readSubjects(input.subjectIds),
          reason: input.reason,
          ruleIds: readIds('rule', input.ruleIds, 'ruleIds'),
          reportIds: readIds('report', input.reportIds, 'reportIds'),
          notifyTarget: input.notifyTarget,
        }),
      async (id) => ({ action: await load(context, moderationActionLoader, id) }),
    );
  }
}

function readIds<Kind extends string>(
  kind: Kind,
  ids: readonly string[] | null | undefined,
  name: string,
) {
  return ids?.map((id, index) => readId(kind, id, [name, String(index)])) ?? [];
}

const SUBJECT_KINDS: ReadonlySet<string> = new Set(['post', 'comment', 'story', 'starterpack']);

/** Things of all kinds stand in one list. */
function readSubjects(ids: readonly string[] | null | undefined): SubjectId[] {
  return (
    ids?.map((globalId, index) => {
      const parsed = parseGlobalId(globalId);
      if (parsed === null || !SUBJECT_KINDS.has(parsed.kind))
        throw new NotFound(['subjectIds', String(index)]);
      return parsed.id as SubjectId;
    }) ?? []
  );
}

function readMessages(messages: readonly ReportedMessageInput[] | null | undefined) {
  return (
    messages?.map(({ conversationId, ...claim }, index) => ({
      ...claim,
      conversationId: readId('conversation', conversationId, [
        'messages',
        String(index),
        'conversationId',
      ]),
    })) ?? []
  );
}
