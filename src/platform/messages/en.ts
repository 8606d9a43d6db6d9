/** What people read, in English: the first language, and the one that is used where another lacks a message. ICU syntax. */
export const ENGLISH = {
  'error.INVALID_INPUT': 'A value breaks a rule.',
  'error.NOT_FOUND': 'Not found.',
  'error.FORBIDDEN': 'You may not do this.',
  'error.CONFLICT': 'This is not possible any more.',
  'error.ALREADY_EXISTS': 'There is one already.',
  'error.LIMIT_EXCEEDED': 'That is too many.',
  'error.QUOTA_EXCEEDED': 'Your account has used up what it may use.',
  'error.RATE_LIMITED': 'Too often. Try again in {wait}.',
  'error.ACCOUNT_SUSPENDED': 'The account is suspended.',
  'error.BLOCKED': 'A block rules this out.',
  'error.USERNAME_TAKEN': 'This name is not free.',
  'error.WEAK_PASSWORD': 'This password is too short, too long or too common.',
  'error.INVALID_CREDENTIALS': 'Name and password do not belong together.',
  'error.EXPIRED': 'This is not valid any more. Ask for a new one.',
  'error.MEDIA_NOT_READY': 'The file is still being processed.',
  'error.MEDIA_REJECTED': 'The file is damaged, too large or not what it claims to be.',
  'error.UNSUPPORTED_MEDIA': 'Files of this type are not supported here.',
  'error.IDEMPOTENCY_KEY_REUSED': 'This idempotency key was used with a different input.',
  'error.CAPTCHA_REQUIRED': 'Solve the challenge first.',
  'error.REAUTHENTICATION_REQUIRED': 'Sign in again first.',
  'error.APPROVAL_REQUIRED': 'A moderator has yet to approve the account.',
  'error.EMAIL_UNVERIFIED': 'Confirm your e-mail address first.',
  'error.REGISTRATION_CLOSED': 'This server takes no new accounts in this way.',
  'quota.STORAGE_BYTES': 'There is not enough room left: {used} of {limit} are in use.',
  'quota.IMAGE_BYTES': 'A picture may have at most {limit}.',
  'quota.VIDEO_BYTES': 'A video may have at most {limit}.',
  'quota.POSTS_PER_DAY': 'At most {limit, plural, one {# post} other {# posts}} in 24 hours.',
  'quota.SCHEDULED_POSTS':
    'At most {limit, plural, one {# scheduled post} other {# scheduled posts}}.',
  'quota.OPEN_UPLOADS':
    'At most {limit, plural, one {# upload} other {# uploads}} at the same time: finish or cancel one first.',
  'quota.OPEN_UPLOAD_BYTES':
    'Open uploads may have at most {limit} together, and {used} are under way: finish or cancel one first.',
  'quota.UPLOADS_PER_DAY': 'At most {limit, plural, one {# upload} other {# uploads}} in 24 hours.',
  'rule.MAX_LENGTH': 'At most {limit, plural, one {# character} other {# characters}}.',
  'rule.MIN_LENGTH': 'At least {limit, plural, one {# character} other {# characters}}.',
  'rule.LENGTH': 'The length must be {limit}.',
  'rule.MAX_ITEMS': 'At most {limit}.',
  'rule.MIN_ITEMS': 'At least {limit}.',
  'rule.RANGE': 'The value must be within {limit}.',
  'rule.REQUIRED': 'This is required.',
  'rule.NOT_SELF': 'This cannot be done to yourself.',
  'rule.EMOJI': 'A reaction is exactly one emoji.',
  'rule.ONE_OF': 'Choose exactly one of what is possible.',
  'rule.FORMAT': 'This is not in the right form.',
  'rule.UNIQUE': 'Each may be here once.',
  'rule.MINIMUM': 'Not below {limit}.',
  'rule.MAXIMUM': 'Not above {limit}.',
  'rule.FUTURE': 'This has passed already.',
  'rule.UNCHANGED': 'It is so already.',
  'rule.UNCHANGEABLE': 'This stays as it is.',
  'rule.TIME_ZONE': 'There is no such time zone.',
  'rule.ROLE': 'This role may not do that.',
  'rule.PUBLIC_HTTPS': 'Only a public https address will do.',
  'rule.PROVIDER': 'Addresses of this provider are not accepted here.',
  'rule.PATTERN': 'There is a sign in it that is not allowed.',
  'rule.ONE_DIRECTION': 'Give first or last, not both.',
  'rule.CURSOR_DIRECTION': 'after goes with first, before with last.',
  'rule.MINIMUM_AGE': 'You have to be at least {limit, plural, one {# year} other {# years}} old.',
  'rule.FIRST_LEVEL': 'Only a visible comment of the first level can be pinned.',
  'rule.EXCLUSIVE': 'These two rule each other out.',
  'rule.EARLIEST': 'This is too soon.',
  'rule.LATEST': 'This is too far away.',
  'rule.ENUM': 'This does not exist.',
  'rule.BEYOND_OWN_SCOPES': 'Nobody can grant more than they have.',
  'rule.HASHTAG': 'A hashtag has letters, digits and underscores, and at least one letter.',
  'rule.ALT_TEXT': 'Describe every picture first.',
  'letter.greeting': 'Hello {handle},',
  'letter.emailChange.subject': 'Your e-mail address is being changed',
  'letter.emailChange.wanted':
    'somebody who knows your password wants your account to use another e-mail address.',
  'letter.emailChange.undo':
    'If it was you, you need not do anything. If it was not, open this link within 72 hours: the account keeps this address, everybody is signed out, and you get a letter with which you choose a new password.',
  'letter.passwordChanged.subject': 'Your password was changed',
  'letter.passwordChanged.changed':
    'the password of your account was changed just now, and other sessions were ended.',
  'letter.passwordChanged.notYou':
    'If it was not you, ask for a new password with this e-mail address at once.',
  'letter.resetPassword.subject': 'Choose a new password',
  'letter.resetPassword.open':
    'open this link to choose a new password. It works once, within an hour, and ends every session of your account.',
  'letter.resetPassword.ignore':
    'If you did not ask for this, you need not do anything: your password stays as it is.',
  'letter.registration.welcome': 'Welcome',
  'letter.registration.subject': 'Your registration',
  'letter.registration.approved':
    'the moderators have approved your account: you can sign in now. Welcome!',
  'letter.registration.rejected':
    'the moderators have decided not to open the account that you asked for.',
  'letter.moderation.subject': 'A decision of the moderators',
  'letter.moderation.WARN': 'the moderators ask you to mind the rules of this server.',
  'letter.moderation.MARK_SENSITIVE': 'the moderators have marked posts of yours as sensitive.',
  'letter.moderation.REMOVE_CONTENT': 'the moderators have removed posts or comments of yours.',
  'letter.moderation.RESTORE_CONTENT': 'the moderators have restored posts or comments of yours.',
  'letter.moderation.LIMIT':
    'the moderators have limited your account: your posts are shown to your followers only.',
  'letter.moderation.UNLIMIT': 'the moderators have taken the limit of your account back.',
  'letter.moderation.SUSPEND': 'the moderators have suspended your account.',
  'letter.moderation.UNSUSPEND':
    'the moderators have opened your account again: you can sign in as before.',
  'letter.deletion.subject': 'Your account is deleted',
  'letter.deletion.closed':
    'your account is closed: nobody sees it or anything in it any more. On {date} everything in it is erased for good.',
  'letter.deletion.return':
    'If you change your mind, sign in before that day: everything is then as it was. If it was not you who deleted it, sign in and change your password at once.',
  'letter.mailboxTaken.subject': 'You have an account already',
  'letter.mailboxTaken.taken':
    'somebody, perhaps you, wanted to use this e-mail address for the name above. There is an account with this address already, so nothing has changed.',
  'letter.mailboxTaken.opened':
    'the account above was opened with this e-mail address, which another account has confirmed already. In the new account the address stays unconfirmed: sign in there with its name, not with the address.',
  'letter.mailboxTaken.openedNext':
    'If it was you: you can give the new account another address in its settings. If it was not: you need not do anything, as your own account has not changed.',
  'letter.mailboxTaken.next':
    'If it was you: sign in with that account, or ask for a new password with this address. If it was not: you need not do anything.',
  'letter.verifyEmail.subject': 'Confirm your e-mail address',
  'letter.verifyEmail.open':
    'please open this link to confirm that this e-mail address is yours. It works once, within three days.',
  'letter.verifyEmail.ignore': 'If you did not ask for this, you need not do anything.',
  'letter.digest.subject':
    '{count, plural, one {# unread notification} other {# unread notifications}}',
  'letter.digest.intro': 'this is what you have not read yet:',
  'letter.digest.more': '{count, plural, one {and # more.} other {and # more.}}',
  'letter.digest.unsubscribe':
    'You get this letter {frequency, select, DAILY {once a day} other {once a week}} at most. If you want no more of them, open this link:',
  'page.front.registration.OPEN':
    'Everybody can open an account here, with any app for this server.',
  'page.front.registration.APPROVAL':
    'Whoever wants an account here asks for it in an app; the moderators decide.',
  'page.front.registration.INVITE':
    'Whoever has an invite can open an account here, with any app for this server.',
  'page.front.registration.CLOSED': 'No new accounts are opened here.',
  'page.front.rules': 'Rules',
  'page.front.developers': 'For developers of apps',
  'page.front.apps': 'Everything that this server can do is in one documented GraphQL API.',
  'page.front.graphiql': 'Try it, with examples',
  'page.front.schema': 'The whole schema',
  'page.invite.byPerson': '{name} invites you to {server}',
  'page.invite.byStaff': 'You are invited to {server}',
  'page.invite.how':
    'Open an account with any app for this server. It asks for an invite: give it the address of this page, or this code.',
  'page.invite.follow': 'You will follow {name} from the start.',
  'page.invite.approval': 'The moderators still have to let you in.',
  'page.invite.until': 'The invite is valid until {date}.',
  'page.invite.worthless': 'This invite is not valid any more',
  'page.invite.ask': 'Ask whoever sent it to you for another one.',
  'page.unsubscribe.title': 'Letters with your notifications',
  'page.unsubscribe.question': 'Press the button to get no more of these letters.',
  'page.unsubscribe.button': 'No more letters',
  'page.unsubscribe.done':
    'Done: you get no more of these letters. You can choose them again in your settings.',
  'page.unsubscribe.unknown': 'This link is not complete. Open it from the letter once more.',
  'notification.FOLLOW':
    '{count, plural, =0 {{name} follows you} one {{name} and # other follow you} other {{name} and # others follow you}}',
  'notification.FOLLOW_REQUEST': '{name} would like to follow you',
  'notification.FOLLOW_ACCEPTED': '{name} has accepted your request to follow',
  'notification.LIKE':
    '{count, plural, =0 {{name} likes} one {{name} and # other like} other {{name} and # others like}} {subject, select, comment {your comment} other {your post}}',
  'notification.REACTION':
    '{count, plural, =0 {{name} reacted} one {{name} and # other reacted} other {{name} and # others reacted}} to {subject, select, comment {your comment} other {your post}}',
  'notification.REPOST':
    '{count, plural, =0 {{name} reposted} one {{name} and # other reposted} other {{name} and # others reposted}} your post',
  'notification.COMMENT': '{name} commented on your post',
  'notification.REPLY': '{name} answered your comment',
  'notification.MENTION':
    '{name} mentioned you in {subject, select, comment {a comment} other {a post}}',
  'notification.QUOTE': '{name} quoted your post',
  'notification.STORY_MENTION': '{name} mentioned you in a story',
  'notification.STORY_REACTION':
    '{count, plural, =0 {{name} reacted} one {{name} and # other reacted} other {{name} and # others reacted}} to your story',
  'notification.STORY_ANSWER': '{name} answered your story',
  'notification.TAGGED': '{name} tagged you in a picture',
  'notification.STARTER_PACK': '{name} put you in a starter pack',
  'notification.NEW_POST': '{name} has published a new post',
  'notification.MODERATION': 'A message from the moderators: {reason}',
  'notification.EXPORT_READY': 'Your archive is ready to be downloaded',
  'notification.MEDIA_FAILED': 'The file {fileName} could not be processed',
} as const satisfies Record<string, string>;
