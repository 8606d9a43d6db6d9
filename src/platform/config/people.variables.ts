// Rows of the configuration table: who may join, what the server calls itself, what an account may do.
import {
  bytes,
  bytesOrUnlimited,
  emailAddress,
  integer,
  languages,
  oneOf,
  text,
  url,
} from './rules.js';
import { optional, withDefault } from './variable.js';

/** Registration, the instance's own description, entitlements and sessions. */
export const peopleVariables = {
  REGISTRATION_MODE: withDefault(oneOf('open', 'approval', 'invite', 'closed'), 'open', {
    description:
      'Who may register: everybody, whom a moderator approves, who has an invite, or nobody.',
  }),
  REGISTRATION_MINIMUM_AGE: withDefault(integer(0, 99), '16', {
    description: 'Age that a person must have to register.',
    unit: 'years',
  }),
  REGISTRATION_CHALLENGE: withDefault(oneOf('none', 'proof-of-work'), 'none', {
    description:
      'Whether registering costs the browser some seconds of computing, which slows down robots.',
  }),
  REGISTRATION_EMAIL_VERIFICATION: optional(
    oneOf('required', 'optional'),
    'required if SMTP_URL is set, else optional',
    {
      description: 'Whether the e-mail address must be verified before an account may publish.',
    },
  ),
  REGISTRATIONS_PER_NETWORK: withDefault(integer(1, 1_000_000), '5', {
    description:
      'Accounts that may be made from one network address (IPv6: /64) in 30 minutes. Connections from this machine itself are not limited.',
    unit: 'accounts',
  }),
  REGISTRATION_ATTEMPTS_PER_NETWORK: withDefault(integer(1, 1_000_000), '50', {
    description:
      'Attempts to register from one network address in 30 minutes, those included that are refused, such as for a taken name.',
    unit: 'attempts',
  }),
  SIGN_IN_FAILURES_PER_NAME: withDefault(integer(1, 1_000_000), '5', {
    description:
      'Wrong passwords for one name in 15 minutes; three times as many in three hours, eight times as many in a day.',
    unit: 'attempts',
  }),
  SIGN_IN_FAILURES_PER_NETWORK: withDefault(integer(1, 1_000_000), '50', {
    description:
      'Wrong passwords from one network address, whatever the names, in 15 minutes; three times as many in three hours, eight times as many in a day.',
    unit: 'attempts',
  }),
  FEDERATION_MODE: withDefault(oneOf('open', 'allow-list'), 'open', {
    description:
      'Which other servers are let in: all but those that a domain rule keeps out, or only those for which there is a domain rule that is not SUSPEND.',
  }),
  INSTANCE_NAME: withDefault(text(80), 'Triptych', {
    description: 'Name of this server as people see it.',
  }),
  INSTANCE_DESCRIPTION: withDefault(text(2000), 'A server for photographs and stories.', {
    description: 'What this server is for, shown to people who think of joining.',
  }),
  INSTANCE_CONTACT_EMAIL: optional(emailAddress, 'no contact is published', {
    description: 'Public address of the administrator.',
  }),
  INSTANCE_SOURCE_URL: optional(url('https', 'http'), 'none is published', {
    description:
      'Where the source of the version that runs here can be had; the licence asks for it.',
  }),
  INSTANCE_LANGUAGES: withDefault(languages, 'en', {
    description: 'Languages spoken here, the main one first.',
  }),
  ENTITLEMENT_STORAGE: withDefault(bytesOrUnlimited, '10GB', {
    description: 'Storage that an account may fill, counting originals and renditions.',
    unit: 'bytes',
  }),
  ENTITLEMENT_IMAGE_SIZE: withDefault(bytes(1), '40MB', {
    description: 'Largest image that an account may upload.',
    unit: 'bytes',
  }),
  ENTITLEMENT_VIDEO_SIZE: withDefault(bytes(1), '500MB', {
    description: 'Largest video that an account may upload.',
    unit: 'bytes',
  }),
  ENTITLEMENT_ATTACHMENT_SIZE: withDefault(bytes(1), '1GiB', {
    description:
      'Largest encrypted file of a chat, and largest sealed history of chats, as encrypted; whole uploads pass through DATA_DIR.',
    unit: 'bytes',
  }),
  ENTITLEMENT_VIDEO_SECONDS: withDefault(integer(1, 86_400), '180', {
    description: 'Longest video that an account may upload.',
    unit: 'seconds',
  }),
  ENTITLEMENT_POSTS_PER_DAY: withDefault(integer(1, 1_000_000), '300', {
    description: 'Posts that an account may publish in 24 hours.',
    unit: 'posts',
  }),
  ENTITLEMENT_SCHEDULED_POSTS: withDefault(integer(1, 1_000_000), '100', {
    description: 'Posts of an account that may wait to be published at a set time.',
    unit: 'posts',
  }),
  ENTITLEMENT_UPLOADS_PER_DAY: withDefault(integer(1, 1_000_000), '1000', {
    description: 'Uploads that an account may begin in 24 hours.',
    unit: 'uploads',
  }),
  ENTITLEMENT_OPEN_UPLOADS: withDefault(integer(1, 1_000_000), '100', {
    description:
      'Uploads of an account that may be open at the same time: begun, and neither complete, cancelled nor expired.',
    unit: 'uploads',
  }),
  ENTITLEMENT_OPEN_UPLOAD_SIZE: withDefault(bytes(1), '2GB', {
    description: 'Size that the open uploads of an account may declare together.',
    unit: 'bytes',
  }),
  ENTITLEMENT_ANALYTICS_DAYS: withDefault(integer(1, 800), '90', {
    description: 'Days that the numbers of own posts go back.',
    unit: 'days',
  }),
  ACCOUNT_DELETION_GRACE_DAYS: withDefault(integer(0, 365), '14', {
    description:
      'Days for which somebody who has deleted the account can have it back by signing in; then it is erased.',
    unit: 'days',
  }),
  EXPORT_INTERVAL_DAYS: withDefault(integer(0, 365), '7', {
    description: 'Days between two archives of the same kind that somebody asks for.',
    unit: 'days',
  }),
  EXPORT_KEPT_DAYS: withDefault(integer(1, 90), '7', {
    description: 'Days for which an archive can be fetched; then it is removed.',
    unit: 'days',
  }),
  SESSION_IDLE_DAYS: withDefault(integer(1, 3650), '90', {
    description: 'Days without a request after which a session ends.',
    unit: 'days',
  }),
};
