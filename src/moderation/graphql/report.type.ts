/** Reports as their authors and the staff see them. */
import { Ctx, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { ruleLoader, RuleType, type RuleSource } from '../../accounts/graphql/instance.type.js';
import { staffActorLoader } from '../../accounts/graphql/admin.type.js';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar, HtmlScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import { toGlobalId } from '../../platform/ids.js';
import { includesRole } from '../../platform/require-viewer.js';
import {
  REPORT_CATEGORIES,
  REPORT_STATUSES,
  type ReportCategory,
  type ReportedSubject,
  type ReportId,
  type ReportRow,
  type ReportStatus,
} from '../report.js';
import { findReports } from '../reports.queries.js';

/** A report as resolvers see it. */
export type ReportSource = ReportRow & NodeSource;

/** GraphQL enum of the categories. */
export const ReportCategoryEnum = describedEnum(
  'ReportCategory',
  'Why something is reported.',
  REPORT_CATEGORIES,
);

/** GraphQL enum of the states. */
export const ReportStatusEnum = describedEnum(
  'ReportStatus',
  'Where a report stands.',
  REPORT_STATUSES,
);

@ObjectType('ReportedSubject', {
  description:
    'A post, comment, story or starter pack as it was when it was reported. For who reported it and the staff.',
})
export class ReportedSubjectType {
  @Field(() => ID, {
    description: 'Global id of the thing; it may be gone by now.',
  })
  subjectId!: string;

  @Field(() => UrlScalar, {
    description: 'Its page; of a story or starter pack, that of its author.',
  })
  url!: string;

  @Field(() => HtmlScalar, {
    description: 'What it said, safe to render; of a starter pack title and description.',
  })
  content!: string;

  @Field(() => String, { nullable: true, description: 'Its content warning; null = none.' })
  contentWarning!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was published.' })
  publishedAt!: Date;
}

@ObjectType('ReportedMessage', {
  description:
    'What somebody wrote inside the encryption, as who got it gave it to the staff. It is proven: the server of the conversation has put its word on exactly this when it passed. For who reported it and the staff.',
})
export class ReportedMessageType {
  @Field(() => HtmlScalar, { description: 'Its words, safe to render.' })
  content!: string;

  @Field(() => String, {
    description:
      'All of it, as it was encrypted: what else it says, as what it answers or which files came along.',
  })
  text!: string;

  @Field(() => DateTimeScalar, { description: 'When the server of the conversation accepted it.' })
  sentAt!: Date;

  @Field(() => String, { description: 'Domain of the server whose word it is.' })
  provenBy!: string;
}

@ObjectType('Report', {
  implements: [Node],
  description:
    'Somebody’s word to the staff about an actor. For who made it and for the staff; the reported never see it.',
})
export class ReportType {
  @Field(() => ReportCategoryEnum, { description: 'Why.' })
  category!: ReportCategory;

  @Field(() => String, { description: 'In the reporter’s words, plain text; may be empty.' })
  comment!: string;

  @Field(() => String, {
    name: 'reporterDomain',
    nullable: true,
    description: 'Server whose staff or person sent it; null for reports of people here.',
  })
  reporterHost!: string | null;

  @Field(() => Boolean, {
    description:
      'It was sent to the server of the reported, too, without the name of the reporter.',
  })
  isForwarded!: boolean;

  @Field(() => ReportStatusEnum, { description: 'Where it stands.' })
  status!: ReportStatus;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the staff was done with it; null = not yet.',
  })
  resolvedAt!: Date | null;
}

/** Reports: for moderators all, for others those they made. */
export const reportLoader = defineLoader<ReportId, ReportSource>(async (context, ids) => {
  const { viewer, database } = context;
  if (!viewer) return new Map();
  const reporterId = isModerator(context) ? null : viewer.actorId;
  const rows = await findReports(database, ids, reporterId);
  return new Map(rows.map((row) => [row.id, toReportSource(row)]));
});

/** `report_…` ids. */
export const reportNode = defineNode('report', ['Report'], reportLoader);

/** Shapes a row. */
export function toReportSource(row: ReportRow): ReportSource {
  return { ...row, nodeType: 'Report' };
}

@Resolver(() => ReportType)
export class ReportFields {
  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Who is reported; null when that actor is gone.',
  })
  target(
    @Root() report: ReportSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> {
    return load(context, isModerator(context) ? staffActorLoader : actorLoader, report.targetId);
  }

  @FieldResolver(() => ActorType, {
    nullable: true,
    description:
      'Who reported; null when that account is gone, and for another server that names nobody.',
  })
  reporter(
    @Root() report: ReportSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> | null {
    return report.reporterId && load(context, staffActorLoader, report.reporterId);
  }

  @FieldResolver(() => [ReportedSubjectType], {
    description:
      'Posts, comments, stories and starter packs that are reported, as they were; empty = the actor as such.',
  })
  @ListSize({ assumedSize: 5 })
  subjects(@Root() report: ReportSource): ReportedSubjectType[] {
    return report.subjects.map(toSubject);
  }

  @FieldResolver(() => [ReportedMessageType], {
    description:
      'What the reported wrote inside the encryption, proven; empty = nothing of that is reported.',
  })
  @ListSize({ assumedSize: 2 })
  messages(@Root() report: ReportSource): ReportedMessageType[] {
    return report.messages.map((message) => ({ ...message, sentAt: new Date(message.sentAt) }));
  }

  @FieldResolver(() => [RuleType], {
    description: 'Rules of this server that were broken, as far as they still stand.',
  })
  @ListSize({ assumedSize: 3 })
  async rules(@Root() report: ReportSource, @Ctx() context: GraphQLContext): Promise<RuleSource[]> {
    const rules = await Promise.all(report.ruleIds.map((id) => load(context, ruleLoader, id)));
    return rules.filter((rule) => rule !== null);
  }

  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Who of the staff looks at it; null = nobody, and for everybody else.',
  })
  assignee(
    @Root() report: ReportSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> | null {
    return isModerator(context) && report.assigneeId
      ? load(context, staffActorLoader, report.assigneeId)
      : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What the staff noted for itself, plain text; null for everybody else.',
  })
  staffNote(@Root() report: ReportSource, @Ctx() context: GraphQLContext): string | null {
    return isModerator(context) ? report.staffNote : null;
  }
}

function isModerator({ viewer }: GraphQLContext): boolean {
  return viewer !== null && includesRole(viewer.role, 'MODERATOR');
}

function toSubject({ id, kind, publishedAt, ...rest }: ReportedSubject): ReportedSubjectType {
  return { ...rest, subjectId: toGlobalId(kind, id), publishedAt: new Date(publishedAt) };
}
