/** States to a person what the staff did, about what and why: who is suspended cannot read it anywhere else. */
import { findAccountOfActor } from '../../accounts/accounts.queries.js';
import { instanceSettings } from '../../accounts/instance-settings.js';
import { sendLetter, speakerOf } from '../../accounts/letters.js';
import type { JobContext } from '../../platform/context.js';
import { defineJob } from '../../platform/jobs/job.js';
import { chooseLocale } from '../../platform/messages/catalogue.js';
import { findConcernedContent } from '../internal/concerned-content.js';
import {
  isAgainstTarget,
  type ModerationActionId,
  type ModerationActionRow,
} from '../moderation-action.js';
import { findModerationActions } from '../moderation-actions.queries.js';

type Say = ReturnType<typeof speakerOf>;

/** People of other servers get no letter. A repeat sends another one. */
export const sendModerationNotice = defineJob<{ actionId: ModerationActionId }>(
  'sendModerationNotice',
  async (context, { actionId }) => {
    const [action] = await findModerationActions(context.database, [actionId], null);
    const account = action && (await findAccountOfActor(context.database, action.targetId));
    if (!account) return;
    const say = speakerOf(account);
    const grounds = isAgainstTarget(action.kind)
      ? await groundsOf(context, action, say, account.language)
      : [];
    await sendLetter(context, account, {
      to: account.email,
      subject: say('letter.moderation.subject'),
      paragraphs: [say(`letter.moderation.${action.kind}`), action.reason, ...grounds],
    });
  },
);

/**
 * What a statement of reasons has besides the reason: about what, by which rules, who decided, and where to object.
 *
 * @source Regulation (EU) 2022/2065, article 17 (3)
 */
async function groundsOf(
  context: JobContext,
  action: ModerationActionRow,
  say: Say,
  language: string,
): Promise<string[]> {
  const { rules, contactEmail } = await instanceSettings(context.database, context.config);
  const broken = rules.filter(({ id }) => action.ruleIds.includes(id)).map(({ text }) => text);
  const content = await concernedLines(context, action, language);
  return [
    ...listed(say('letter.moderation.content'), content),
    ...listed(say('letter.moderation.rules', { count: broken.length }), broken),
    say('letter.moderation.decided'),
    ...(contactEmail ? [`${say('letter.moderation.object')}\n${contactEmail}`] : []),
  ];
}

function listed(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [[heading, ...lines.map((line) => `– ${line}`)].join('\n')];
}

async function concernedLines(
  { database }: JobContext,
  { targetId, subjectIds }: ModerationActionRow,
  language: string,
): Promise<string[]> {
  const day = new Intl.DateTimeFormat(chooseLocale([language]), {
    dateStyle: 'long',
    timeZone: 'UTC',
  });
  const content = await findConcernedContent(database, targetId, subjectIds);
  return content.map(({ url, publishedAt, words }) =>
    [day.format(publishedAt), url, words].filter((part) => part !== '').join(', '),
  );
}
