// Generated from schema.graphql and documents/ by tools/sdk-operations.js.
import { operation } from './operation.js';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** What a device has for good. */
export type AcknowledgeMailboxInput = {
  /** The viewer's device. */
  readonly deviceId: string;
  /** `position` of the last entry that it has stored for good. It never goes back, and not beyond the last entry. */
  readonly upToPosition: string;
};

/** Exactly one way to name an actor. */
export type ActorLocator =
  {   /** Handle; without a domain it is a local one. */
  readonly handle: string; readonly id?: never; readonly url?: never; }
  |  { readonly handle?: never;   /** Global id. */
  readonly id: string; readonly url?: never; }
  |  { readonly handle?: never; readonly id?: never;   /** ActivityPub id or page. */
  readonly url: string; };

/** Disclosure of AI use by the author. */
export type AiDisclosure =
  /** AI helped to make or change it. */
  | 'ASSISTED'
  /** AI made it. */
  | 'GENERATED'
  /** Made without generative AI. */
  | 'NONE';

/** What happened to an item. */
export type ChangeKind =
  /** It is there from now on. */
  | 'ADDED'
  /** It is gone for everybody. */
  | 'REMOVED'
  /** It, or what people did with it, has changed. */
  | 'UPDATED';

/** What a device has encrypted. */
export type ChatCiphertextInput = {
  /** An MLSMessage of at most 256 KiB: a private message for the others to read, or a proposal. */
  readonly data: string;
  /** The viewer's device, which is in the group. */
  readonly deviceId: string;
};

/** How a conversation is protected. */
export type ChatEncryption =
  /** Encrypted from device to device (RFC 9420): no server can read it. */
  | 'MLS'
  /** Not encrypted: the servers of all who take part can read it. */
  | 'NONE';

/** Exactly one kind of content: that of the conversation. */
export type ChatMessageContent =
  {   /** In an encrypted conversation. */
  readonly mls: ChatCiphertextInput; readonly plaintext?: never; }
  |  { readonly mls?: never;   /** Where nothing is encrypted: the text, 1–5,000 characters. */
  readonly plaintext: string; };

/** What a message carries. */
export type ChatMessageKind =
  /** Something encrypted for the devices of the conversation. */
  | 'APPLICATION'
  /** A change of the group: with it begins the next epoch. */
  | 'COMMIT'
  /** Text that the servers of all who take part can read. */
  | 'PLAINTEXT'
  /** A change of the group that a commit may take up. */
  | 'PROPOSAL'
  /** What lets devices in, for these devices alone; it stands at the place of its commit. */
  | 'WELCOME';

/** Whose key packages are wanted. */
export type ClaimKeyPackagesInput = {
  /** 1 to 100 people; the viewer themselves for their other devices. */
  readonly actorIds: ReadonlyArray<string>;
  /** Devices that need none, such as the one that asks; at most 100. What is none of these people’s is passed over. */
  readonly exceptDeviceIds?: ReadonlyArray<string>;
};

/** A change of the group of an encrypted conversation, with all that belongs to it; each of the encrypted parts has at most 512 KiB. What is declared of people and devices has to be what the commit does: the server cannot look inside, the others do. */
export type CommitConversationInput = {
  /** People who come in; an admin of a group adds them. Null = nobody. */
  readonly addMemberIds?: ReadonlyArray<string> | null | undefined;
  /** Made by the client, 1–128 characters: sending twice stores once, and answers with what was stored. In another conversation it is IDEMPOTENCY_KEY_REUSED. */
  readonly clientMessageId: string;
  /** The commit as an MLSMessage: a private or a public message. An external one lets in the device that sends it. */
  readonly commit: string;
  /** The conversation. */
  readonly conversationId: string;
  /** The viewer's device that commits. */
  readonly deviceId: string;
  /** The epoch that it ends, in which it is encrypted. */
  readonly epoch: number;
  /** GroupInfo of the epoch that begins as an MLSMessage, for devices that lost their state; null = none can come back by themselves. */
  readonly groupInfo?: string | null | undefined;
  /** Devices that it removes: own ones, those of `devicesToRemove`, and for an admin any. Null = none. */
  readonly removeDeviceIds?: ReadonlyArray<string> | null | undefined;
  /** People who are sent away, with all their devices; an admin of a group does that. Null = nobody. */
  readonly removeMemberIds?: ReadonlyArray<string> | null | undefined;
  /** Welcome as an MLSMessage, for the devices of the key packages that it names; null = none is added. */
  readonly welcome?: string | null | undefined;
};

/** A file that was encrypted. */
export type CreateChatAttachmentInput = {
  /** Preferred protocol. */
  readonly preferredProtocol?: UploadProtocol;
  /** SHA-256 as encrypted, 32 bytes: other bytes are refused. Null = not known yet; compare `EncryptedFile.sha256` once they are sent. */
  readonly sha256?: string | null | undefined;
  /** Exact bytes as encrypted. Clients pad files to one of few sizes, as everybody with the address sees this one. */
  readonly sizeBytes: string;
};

/** Who shall take part, and how it is protected. */
export type CreateConversationInput = {
  /** For an encrypted one, needed: the viewer's device that has made the group and is alone in it. */
  readonly deviceId?: string | null | undefined;
  /** How it is protected. NONE: Not encrypted: the servers of all who take part can read it. MLS: Encrypted from device to device (RFC 9420): no server can read it. */
  readonly encryption: ChatEncryption;
  /** For an encrypted one: true = people can come and go. Null = false; in others it is whether there are more than two. */
  readonly isGroup?: boolean | null | undefined;
  /** Everybody else, of this server and of others: 1 to 9 people. Encrypted, 1 between two and 1 to 249 in a group. */
  readonly memberIds: ReadonlyArray<string>;
  /** For an encrypted one, needed: the id of its MLS group, 16–64 random bytes. */
  readonly mlsGroupId?: string | null | undefined;
};

/** A file as the client declares it. */
export type CreateUploadInput = {
  /** Description for people who do not see it, at most 1,500 characters. */
  readonly altText?: string | null | undefined;
  /** Name of the file on the client, only for people to recognise it. */
  readonly fileName: string;
  /** Makes a repeat within 24 h answer with the first result; at most 128 characters. */
  readonly idempotencyKey?: string | null | undefined;
  /** Type of the file, for example image/jpeg. The content decides in the end. */
  readonly mimeType: string;
  /** Preferred protocol. */
  readonly preferredProtocol?: UploadProtocol;
  /** What it is for. */
  readonly purpose: MediaPurpose;
  /** SHA-256 of the file, 64 hexadecimal digits; checked when all bytes are there. */
  readonly sha256?: string | null | undefined;
  /** Exact size in bytes. */
  readonly sizeBytes: string;
};

/** Names an encrypted file. */
export type DeleteChatAttachmentInput = {
  /** Id of its `media`. */
  readonly mediaId: string;
};

/** Machine-readable code of an expected failure. Match on the code, never on the message; unknown codes may appear. */
export type ErrorCode =
  /** The account is suspended. */
  | 'ACCOUNT_SUSPENDED'
  /** There is one already. */
  | 'ALREADY_EXISTS'
  /** A moderator has yet to approve the account. */
  | 'APPROVAL_REQUIRED'
  /** A block between the two people, or of the server of one, rules this out. */
  | 'BLOCKED'
  /** A solved challenge is needed, or the one given is wrong. */
  | 'CAPTCHA_REQUIRED'
  /** The state has changed in a way that rules this out. */
  | 'CONFLICT'
  /** The e-mail address has yet to be confirmed. */
  | 'EMAIL_UNVERIFIED'
  /** The message is encrypted for an epoch that is over: encrypt it anew. */
  | 'EPOCH_TOO_OLD'
  /** The link, token or upload is no longer valid. */
  | 'EXPIRED'
  /** The viewer sees it but may not do this to it. */
  | 'FORBIDDEN'
  /** The server that orders the conversation does not answer: send the same again later. */
  | 'HUB_UNREACHABLE'
  /** The key was used with a different input. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The account has another identity key for encrypted chat. */
  | 'IDENTITY_MISMATCH'
  /** Name and password do not belong together. */
  | 'INVALID_CREDENTIALS'
  /** A value breaks a rule; `path` names it. */
  | 'INVALID_INPUT'
  /** Too many of something; a ValidationError whose `limit` says how many there may be. */
  | 'LIMIT_EXCEEDED'
  /** The media is still being uploaded or processed. */
  | 'MEDIA_NOT_READY'
  /** The file is damaged, too large or not what it claims to be. */
  | 'MEDIA_REJECTED'
  /** Somebody is added for whom there is no Welcome. */
  | 'MISSING_WELCOME'
  /** What the bytes say and what the input says of them are not the same. */
  | 'MLS_MISMATCH'
  /** No such thing, or none that the viewer may see: the two look the same. */
  | 'NOT_FOUND'
  /** This person has no device that could be let into an encrypted conversation. */
  | 'NO_CHAT_DEVICE'
  /** An entitlement of the account is used up. */
  | 'QUOTA_EXCEEDED'
  /** Too often; try again later. */
  | 'RATE_LIMITED'
  /** Sign in again: this needs a recent proof of the password. */
  | 'REAUTHENTICATION_REQUIRED'
  /** This server takes no new accounts in this way. */
  | 'REGISTRATION_CLOSED'
  /** The group has changed: catch up with it, then try again. */
  | 'STALE_EPOCH'
  /** A Welcome is for a key package that was never handed out, or that was used before. */
  | 'UNKNOWN_KEY_PACKAGE'
  /** The server of the conversation has not seen this message of this sender there at this time. */
  | 'UNPROVEN_MESSAGE'
  /** The file type is not supported here. */
  | 'UNSUPPORTED_MEDIA'
  /** The username is in use or reserved. */
  | 'USERNAME_TAKEN'
  /** The password is too short, too long or too common. */
  | 'WEAK_PASSWORD';

/** Exactly one way to name it. */
export type FetchRemoteObjectInput =
  {   /** Handle of an actor, with its host. */
  readonly handle: string; readonly url?: never; }
  |  { readonly handle?: never;   /** ActivityPub id or page of an actor, a post or a comment; `acct:name@host` is the handle. */
  readonly url: string; };

/** Who may comment. Blocks rule it out in any case. */
export type InteractionPolicy =
  /** Everyone who sees the post. */
  | 'EVERYONE'
  /** Followers of the author. */
  | 'FOLLOWERS'
  /** People the author follows. */
  | 'FOLLOWING'
  /** People mentioned in the post. */
  | 'MENTIONED'
  /** Nobody but the author. */
  | 'NOBODY';

/** What an entry of the log of keys tells, and what its payload says. */
export type KeyLogKind =
  /** A device of an actor: `actor`, `version` and `identityKey` of the identity that attested it, `signatureKey`, `attestation` and `attestedAt`. */
  | 'DEVICE_ADDED'
  /** A device that is no longer valid: `actor` and `signatureKey`. */
  | 'DEVICE_REVOKED'
  /** The identity key of an actor: `actor` (its uri), `version`, `identityKey` in base64. */
  | 'IDENTITY_SET';

/** A key package. */
export type KeyPackageInput = {
  /** A KeyPackage of RFC 9420, bare or as an MLSMessage, at most 4,096 bytes. */
  readonly data: string;
  /** It is given out, again and again, when nothing else is left. A device has exactly one. */
  readonly isLastResort?: boolean;
};

/** What to leave. */
export type LeaveConversationInput = {
  /** An encrypted conversation. */
  readonly conversationId: string;
};

/** What an upload is for; it decides limits and processing. */
export type MediaPurpose =
  /** A profile picture; cropped to a square. */
  | 'AVATAR'
  /** A custom emoji; at most 512 KiB. Only the staff can use it. */
  | 'EMOJI'
  /** Many custom emoji in a tar file, gzipped or not, or in a zip file, at most 256 MiB, for importCustomEmoji. For administrators. */
  | 'EMOJI_ARCHIVE'
  /** A profile banner. */
  | 'HEADER'
  /** A picture or a video of a post. */
  | 'POST'
  /** The picture of a story. */
  | 'STORY';

/** Life of an asset. */
export type MediaState =
  /** A ticket exists; the bytes are still to come. */
  | 'AWAITING_UPLOAD'
  /** Processing failed for a reason on this side; retryMedia has it tried again. */
  | 'FAILED'
  /** The bytes are here; renditions are being made. */
  | 'PROCESSING'
  /** Can be published and shown. */
  | 'READY'
  /** The file cannot be used; `failure` says why. */
  | 'REJECTED';

/** A person at a point of a picture. The person decides whether it shows. */
export type PhotoTagInput = {
  /** Who: a person of this server who may see the post. */
  readonly actorId: string;
  /** A picture of the post; at most 20 people in each. */
  readonly mediaId: string;
  /** From 0 (left) to 1 (right). */
  readonly x: number;
  /** From 0 (top) to 1 (bottom). */
  readonly y: number;
};

/** What authors say about a post, the same for every format. */
export type PostCommonInput = {
  /** Whether AI made or changed it. */
  readonly aiDisclosure?: AiDisclosure | null | undefined;
  /** Caption, at most 5,000 characters; hashtags and mentions are found in it. */
  readonly caption?: string;
  /** Who may comment; null = as set in the settings. */
  readonly commentPolicy?: InteractionPolicy | null | undefined;
  /** Content warning in plain text, at most 500 characters; null = none. */
  readonly contentWarning?: string | null | undefined;
  /** The media are sensitive: clients hide them at first; null = as set in the settings. */
  readonly isSensitive?: boolean | null | undefined;
  /** Language of the caption; null = not said. */
  readonly language?: string | null | undefined;
  /** Licence by name or SPDX id, at most 100 characters; null = all rights reserved. */
  readonly license?: string | null | undefined;
  /** Place where it was made; null = not said. */
  readonly placeId?: string | null | undefined;
  /** Who may quote it; null = as set in the settings. */
  readonly quotePolicy?: QuotePolicy | null | undefined;
  /** Post that it quotes, as far as its author lets the viewer; null = none. */
  readonly quotedPostId?: string | null | undefined;
  /** Who may see it; cannot be changed later. Null = as set in the settings. */
  readonly visibility?: Visibility | null | undefined;
};

/** Format of a post. */
export type PostKind =
  /** One to twenty pictures. */
  | 'PHOTO'
  /** A text from another server; nobody writes one here. */
  | 'TEXT'
  /** A short video. */
  | 'VIDEO';

/** Key packages of a device. */
export type PublishKeyPackagesInput = {
  /** An own device that is valid. */
  readonly deviceId: string;
  /** 1 to 100, the first of a device with its last resort among them. */
  readonly keyPackages: ReadonlyArray<KeyPackageInput>;
};

/** A photo post to be published. */
export type PublishPhotoPostInput = {
  /** Caption, visibility and the like. */
  readonly common: PostCommonInput;
  /** Makes a repeat within 24 h answer with the first result; at most 128 characters. */
  readonly idempotencyKey?: string | null | undefined;
  /** 1–20 own pictures that are READY and in no other post, in the order in which they are shown. */
  readonly mediaIds: ReadonlyArray<string>;
  /** People on the pictures, at most 20 in each; null = nobody. */
  readonly tags?: ReadonlyArray<PhotoTagInput> | null | undefined;
};

/** Who may quote a public or unlisted post. Blocks rule it out in any case, and no other post can be quoted. */
export type QuotePolicy =
  /** Everyone. */
  | 'EVERYONE'
  /** Followers of the author. */
  | 'FOLLOWERS'
  /** Nobody but the author. */
  | 'NOBODY';

/** Whose, and what is to be proven. */
export type ReadRemoteKeyLogInput = {
  /** A person of another server. */
  readonly actorId: string;
  /** Sizes of the log of which the client knows the head, from itself or from others: it is proven how they fit to the present one. At most 8. */
  readonly sizes?: ReadonlyArray<number>;
};

/** A new account of this server. */
export type RegisterAccountInput = {
  /** True once the person has accepted rules, privacy policy and terms of service. */
  readonly agreedToRules: boolean;
  /** Day of birth. Needed where `instance.registrations.minimumAge` is set; compared with it and not kept. */
  readonly birthDate?: string | null | undefined;
  /** Solution of `instance.registrations.challenge`: base64 of the JSON {challenge, solution}. Needed where there is a challenge; works once. */
  readonly captchaToken?: string | null | undefined;
  /** E-mail address; never shown to others. */
  readonly email: string;
  /** Makes a repeat within 24 hours answer the first result, without a session token: sign in. 1–128 characters. */
  readonly idempotencyKey?: string | null | undefined;
  /** Code or address of an invite (`invitePreview` says whether it is valid); needed in mode INVITE. In mode APPROVAL it stands for a reason, and one of the staff makes approval needless. */
  readonly inviteCode?: string | null | undefined;
  /** Language of messages and mails; `en` when absent. */
  readonly language?: string | null | undefined;
  /** 8–256 characters; the ones everybody tries first are refused. */
  readonly password: string;
  /** Why the person wants to join, for the staff, 1–1,000 characters; needed in mode APPROVAL without an invite. */
  readonly reason?: string | null | undefined;
  /** The one-time token that the server prints while it has no owner: makes this account the owner, in any registration mode. */
  readonly setupToken?: string | null | undefined;
  /** False when no session is wanted. */
  readonly startSession?: boolean;
  /** 1–30 characters: letters from a to z, digits and _. Stored in lower case, for good. */
  readonly username: string;
};

/** A device, and what its keys have signed. */
export type RegisterChatDeviceInput = {
  /** Ed25519 signature of the identity key over `triptych/device/1`, a zero byte, the URI of the actor, a zero byte, `signatureKey`, a zero byte and `attestedAt` as in 2026-03-01T12:00:00.000Z. */
  readonly attestation: string;
  /** When this was signed, at most 10 minutes off; to the millisecond. */
  readonly attestedAt: string;
  /** Ed25519 public key that stands for the person, 32 bytes: the first device makes it, and the others get it from a device, never from the server. */
  readonly identityKey: string;
  /** What its person calls it, 1–60 characters. */
  readonly name: string;
  /** What it runs on, 1–30 characters, such as `Android`. */
  readonly platform: string;
  /** Ed25519 signature of the signature key over `triptych/device-proof/1`, a zero byte, the URI of the actor, a zero byte, `identityKey`, a zero byte and `attestedAt`. */
  readonly proof: string;
  /** True: another identity key takes the place of the known one, and all former devices are revoked. */
  readonly replacesIdentity?: boolean;
  /** Ed25519 public key of its leaves in MLS, 32 bytes. It can never be that of another device. */
  readonly signatureKey: string;
};

/** Which device is woken, and where. */
export type RegisterChatPushInput = {
  /** A valid device of the viewer. */
  readonly deviceId: string;
  /** Where; subscribe with `instance.vapidPublicKey`. */
  readonly webPush: WebPushInput;
};

/** What the log of keys of another server is to this one. It is what this server thinks: clients check for themselves. */
export type RemoteKeyLogState =
  /** It was read, and does not fit: `contradictions` say to what. */
  | 'CONTRADICTED'
  /** Their software keeps no such log: their keys are believed when they are first seen. */
  | 'NONE'
  /** It was read, and fits to all that was read of it before. */
  | 'SOUND'
  /** Their server does not answer, or nothing that can be read. */
  | 'UNAVAILABLE';

/** Which device is to be left alone. */
export type RemoveChatPushInput = {
  /** A valid device of the viewer. */
  readonly deviceId: string;
};

/** Why something is reported. */
export type ReportCategory =
  /** Anything that endangers children. */
  | 'CHILD_SAFETY'
  /** Uses the work of somebody else. */
  | 'COPYRIGHT'
  /** Attacks on a person. */
  | 'HARASSMENT'
  /** Attacks on people for what they are. */
  | 'HATE'
  /** Against the law in another way. */
  | 'ILLEGAL'
  /** Pretends to be somebody else. */
  | 'IMPERSONATION'
  /** False and harmful. */
  | 'MISINFORMATION'
  /** Something else; the comment says what. */
  | 'OTHER'
  /** Against the rules of this server. */
  | 'RULE_VIOLATION'
  /** Harm that somebody does or may do to themselves. */
  | 'SELF_HARM'
  /** Sexual content where it does not belong. */
  | 'SEXUAL'
  /** Unwanted advertising, or repeated noise. */
  | 'SPAM'
  /** Violence, or a threat of it. */
  | 'VIOLENCE';

/** What is reported, and why. */
export type ReportInput = {
  /** The actor. */
  readonly actorId: string;
  /** Why. */
  readonly category: ReportCategory;
  /** In your words, at most 2,000 characters; needed with OTHER. */
  readonly comment?: string | null | undefined;
  /** Send it to the server of the actor, too: words and addresses, but not who reports. Means nothing for people of this server. */
  readonly forward?: boolean;
  /** Makes a repeat within 24 h answer with the first result; at most 128 characters. */
  readonly idempotencyKey?: string | null | undefined;
  /** Messages that the actor wrote to the viewer inside the encryption, at most 10 and 192 KiB in all; the staff of this server reads them, and no other server gets them. */
  readonly messages?: ReadonlyArray<ReportedMessageInput> | null | undefined;
  /** Rules of this server that were broken. */
  readonly ruleIds?: ReadonlyArray<string> | null | undefined;
  /** Posts, comments, stories and starter packs of that actor, at most 20; null = the actor as such. */
  readonly subjectIds?: ReadonlyArray<string> | null | undefined;
};

/** A message that the actor wrote inside the encryption, in plain text, with what proves it. */
export type ReportedMessageInput = {
  /** `sentAt` of the message. */
  readonly acceptedAt: string;
  /** The conversation. */
  readonly conversationId: string;
  /** What was encrypted, byte for byte. */
  readonly data: string;
  /** `frank` of the message. */
  readonly frank: string;
  /** Secret of 32 bytes; HMAC-SHA256 under it of the data is the authenticated data of the message. */
  readonly salt: string;
};

/** Who wants to commit. */
export type RequestCommitLeaseInput = {
  /** The conversation. */
  readonly conversationId: string;
  /** The viewer's device. */
  readonly deviceId: string;
};

/** A new group in place of the old one. */
export type ResetConversationInput = {
  /** The conversation. */
  readonly conversationId: string;
  /** The viewer's device that has made the group and is alone in it. */
  readonly deviceId: string;
  /** Id of the new MLS group, 16–64 random bytes. */
  readonly mlsGroupId: string;
};

/** Which device to revoke. */
export type RevokeChatDeviceInput = {
  /** An own device. */
  readonly deviceId: string;
};

/** A sealed backup of keys. */
export type SaveKeyBackupInput = {
  /** What the client has sealed, 1 byte to 128 KiB. */
  readonly data: string;
  /** Id of the `media` of an own encrypted file (createChatAttachment) that is the history from now on: it is kept as long as the backup, and the former one goes. Null = none; absent = as before. */
  readonly historyId?: string | null | undefined;
  /** `version` of the backup that it takes the place of; 0 = there is none. */
  readonly version: number;
};

/** What to write, and where. */
export type SendChatMessageInput = {
  /** Made by the client, 1–128 characters: sending twice stores once, and answers with what was stored. In another conversation it is IDEMPOTENCY_KEY_REUSED. */
  readonly clientMessageId: string;
  /** What it says. */
  readonly content: ChatMessageContent;
  /** The conversation. */
  readonly conversationId: string;
};

/** Something that passes. */
export type SendChatSignalInput = {
  /** The conversation. */
  readonly conversationId: string;
  /** The viewer's device. */
  readonly deviceId: string;
  /** At most 1 KiB, encrypted by the device with a key of the group. */
  readonly payload: string;
};

/** Whom to block or unblock. */
export type SetBlockInput = {
  /** The actor. */
  readonly actorId: string;
  /** True blocks, false lifts the block. */
  readonly blocked: boolean;
};

/** How long messages last. */
export type SetDisappearingMessagesInput = {
  /** The conversation. */
  readonly conversationId: string;
  /** Seconds from 10 to 31,536,000, for what is sent from now on; null = no term. */
  readonly seconds?: number | null | undefined;
};

/** Who signs in. */
export type SignInInput = {
  /** What the session is called in the list of sessions, at most 100 characters. */
  readonly deviceName?: string | null | undefined;
  /** Username, handle of this server, or e-mail address. An address means the account that has confirmed it. */
  readonly login: string;
  /** Password. */
  readonly password: string;
};

/** Which posts of a timeline to show. */
export type TimelineFilter = {
  /** No posts whose authors disclose the use of AI. */
  readonly excludeAi?: boolean | null | undefined;
  /** No reposts; only the home timeline has any. */
  readonly excludeReposts?: boolean | null | undefined;
  /** Also posts that are marked as sensitive. */
  readonly includeSensitive?: boolean | null | undefined;
  /** Only these formats; absent or null = all. */
  readonly kinds?: ReadonlyArray<PostKind> | null | undefined;
  /** Only these languages, at most 20; a tag without region stands for all its regions. Absent or null = all. */
  readonly languages?: ReadonlyArray<string> | null | undefined;
  /** Only posts of this server. */
  readonly localOnly?: boolean | null | undefined;
  /** Only posts of other servers. */
  readonly remoteOnly?: boolean | null | undefined;
};

/** Exactly one timeline to watch. */
export type TimelineSource =
  {   /** That of a hashtag, by its name in any spelling. Of deleted posts comes the id alone, also of such as did not have it. */
  readonly hashtag: string; readonly home?: never; readonly listId?: never; readonly placeId?: never; readonly public?: never; }
  |  { readonly hashtag?: never;   /** True: the viewer's home timeline; needs the scope read:posts. */
  readonly home: boolean; readonly listId?: never; readonly placeId?: never; readonly public?: never; }
  |  { readonly hashtag?: never; readonly home?: never;   /** That of an own list of actors, with the members that it has when the subscription starts; silent for another one. Needs the scope read:posts. */
  readonly listId: string; readonly placeId?: never; readonly public?: never; }
  |  { readonly hashtag?: never; readonly home?: never; readonly listId?: never;   /** That of a place; silent for one that is not there. Of deleted posts comes the id alone, also of such as were made elsewhere. */
  readonly placeId: string; readonly public?: never; }
  |  { readonly hashtag?: never; readonly home?: never; readonly listId?: never; readonly placeId?: never;   /** The public timeline, or that of this server, so filtered. */
  readonly public: TimelineFilter; };

/** What to change for the viewer alone; absent = as it is. */
export type UpdateConversationInput = {
  /** True: it is no request any more. It cannot become one again. */
  readonly acceptRequest?: boolean | null | undefined;
  /** Put it away; null = as it is. */
  readonly archived?: boolean | null | undefined;
  /** The conversation. */
  readonly conversationId: string;
  /** Do not hear of it; null = as it is. */
  readonly muted?: boolean | null | undefined;
};

/** How the bytes are sent. */
export type UploadProtocol =
  /** All bytes in the body of one PUT request. */
  | 'PUT'
  /** Resumable, by the tus protocol 1.0.0. */
  | 'TUS';

/** Who may see a post. */
export type Visibility =
  /** Accepted followers of the author, and those mentioned. */
  | 'FOLLOWERS'
  /** Signed-in people of this server; never leaves it. */
  | 'LOCAL'
  /** Only those mentioned. */
  | 'MENTIONED'
  /** Everyone, also without signing in; shown in public timelines. */
  | 'PUBLIC'
  /** Everyone who has the link or follows the author; absent from public timelines. */
  | 'UNLISTED';

/** What the PushSubscription of a browser says, or any service that speaks Web Push. */
export type WebPushInput = {
  /** `keys.auth`: 16 bytes as base64url. */
  readonly auth: string;
  /** `endpoint`: https, on the public internet. */
  readonly endpoint: string;
  /** `keys.p256dh`: 65 bytes as base64url. */
  readonly p256dh: string;
};

export type RegisterAccountMutationVariables = Exact<{
  input: RegisterAccountInput;
}>;


export type RegisterAccountMutation = { readonly registerAccount: { readonly token: string | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { readonly signIn: { readonly token: string | null, readonly expiresAt: string | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { readonly signOut: { readonly ok: boolean, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { readonly viewer: { readonly actor: { readonly id: string, readonly uri: string, readonly handle: string, readonly displayName: string } } | null };

export type ActorByQueryVariables = Exact<{
  by: ActorLocator;
}>;


export type ActorByQuery = { readonly actor: { readonly id: string, readonly uri: string, readonly handle: string, readonly displayName: string } | null };

export type PersonFragment = { readonly id: string, readonly uri: string, readonly handle: string, readonly displayName: string };

type Refusal_ConversationExistsError_Fragment = { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

type Refusal_EpochError_Fragment = { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

type Refusal_GenericError_Fragment = { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

type Refusal_HubUnreachableError_Fragment = { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

type Refusal_IdentityMismatchError_Fragment = { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

type Refusal_QuotaError_Fragment = { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

type Refusal_RateLimitError_Fragment = { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

type Refusal_StaleEpochError_Fragment = { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

type Refusal_UsernameTakenError_Fragment = { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

type Refusal_ValidationError_Fragment = { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

type Refusal_WelcomeError_Fragment = { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

export type RefusalFragment =
  | Refusal_ConversationExistsError_Fragment
  | Refusal_EpochError_Fragment
  | Refusal_GenericError_Fragment
  | Refusal_HubUnreachableError_Fragment
  | Refusal_IdentityMismatchError_Fragment
  | Refusal_QuotaError_Fragment
  | Refusal_RateLimitError_Fragment
  | Refusal_StaleEpochError_Fragment
  | Refusal_UsernameTakenError_Fragment
  | Refusal_ValidationError_Fragment
  | Refusal_WelcomeError_Fragment
;

export type RegisterChatDeviceMutationVariables = Exact<{
  input: RegisterChatDeviceInput;
}>;


export type RegisterChatDeviceMutation = { readonly registerChatDevice: { readonly device: { readonly id: string, readonly signatureKey: string, readonly attestation: string | null, readonly attestedAt: string | null, readonly identityVersion: number | null } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type RevokeChatDeviceMutationVariables = Exact<{
  input: RevokeChatDeviceInput;
}>;


export type RevokeChatDeviceMutation = { readonly revokeChatDevice: { readonly device: { readonly id: string } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type OwnChatDevicesQueryVariables = Exact<{ [key: string]: never; }>;


export type OwnChatDevicesQuery = { readonly viewer: { readonly actor: { readonly chatDevices: ReadonlyArray<{ readonly id: string, readonly name: string | null, readonly platform: string | null, readonly createdAt: string, readonly lastSeenAt: string | null, readonly keyPackageCount: number | null }> } } | null };

export type ChatDeviceStockQueryVariables = Exact<{
  id: string;
}>;


export type ChatDeviceStockQuery = { readonly viewer: { readonly actor: { readonly id: string } } | null, readonly node:
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly keyPackageCount: number | null, readonly revokedAt: string | null, readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
   | null };

export type PublishKeyPackagesMutationVariables = Exact<{
  input: PublishKeyPackagesInput;
}>;


export type PublishKeyPackagesMutation = { readonly publishKeyPackages: { readonly device: { readonly id: string, readonly keyPackageCount: number | null } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type ClaimKeyPackagesMutationVariables = Exact<{
  input: ClaimKeyPackagesInput;
}>;


export type ClaimKeyPackagesMutation = { readonly claimKeyPackages: { readonly keyPackages: ReadonlyArray<{ readonly data: string, readonly isLastResort: boolean, readonly actor: { readonly id: string, readonly uri: string } | null, readonly device: { readonly id: string, readonly signatureKey: string, readonly attestation: string | null, readonly attestedAt: string | null, readonly identityVersion: number | null } | null }> | null, readonly actorsWithoutPackages: ReadonlyArray<{ readonly id: string, readonly handle: string }> | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type ChatPersonQueryVariables = Exact<{
  by: ActorLocator;
}>;


export type ChatPersonQuery = { readonly actor: { readonly id: string, readonly uri: string, readonly handle: string, readonly displayName: string, readonly chatIdentity: { readonly key: string, readonly version: number } | null, readonly chatDevices: ReadonlyArray<{ readonly id: string, readonly signatureKey: string, readonly attestation: string | null, readonly attestedAt: string | null, readonly identityVersion: number | null }> } | null };

export type CreateConversationMutationVariables = Exact<{
  input: CreateConversationInput;
}>;


export type CreateConversationMutation = { readonly createConversation: { readonly conversation: { readonly id: string, readonly isGroup: boolean, readonly isBestEffort: boolean, readonly epoch: number | null, readonly mlsGroupId: string | null, readonly isRequest: boolean, readonly disappearingSeconds: number | null, readonly members: ReadonlyArray<{ readonly actor: { readonly id: string, readonly uri: string, readonly handle: string, readonly displayName: string } | null }> } | null, readonly userErrors: ReadonlyArray<
      | { readonly conversationId: string | null, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type EncryptedConversationQueryVariables = Exact<{
  id: string;
  withGroupInfo: boolean;
}>;


export type EncryptedConversationQuery = { readonly node:
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly groupInfo?: string | null, readonly id: string, readonly isGroup: boolean, readonly isBestEffort: boolean, readonly epoch: number | null, readonly mlsGroupId: string | null, readonly isRequest: boolean, readonly disappearingSeconds: number | null, readonly devicesToRemove: ReadonlyArray<{ readonly id: string, readonly signatureKey: string }>, readonly members: ReadonlyArray<{ readonly actor: { readonly id: string, readonly uri: string, readonly handle: string, readonly displayName: string } | null }> }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
   | null };

export type OwnConversationsQueryVariables = Exact<{
  archived: boolean;
  after?: string | null | undefined;
}>;


export type OwnConversationsQuery = { readonly viewer: { readonly chat: { readonly conversations: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly encryption: ChatEncryption }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } } } | null };

export type MessageRequestsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type MessageRequestsQuery = { readonly viewer: { readonly chat: { readonly messageRequests: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly encryption: ChatEncryption }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } } } | null };

export type UpdateConversationMutationVariables = Exact<{
  input: UpdateConversationInput;
}>;


export type UpdateConversationMutation = { readonly updateConversation: { readonly conversation: { readonly id: string } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type SetBlockMutationVariables = Exact<{
  input: SetBlockInput;
}>;


export type SetBlockMutation = { readonly setBlock: { readonly relationship: { readonly isBlocking: boolean } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type CommitConversationMutationVariables = Exact<{
  input: CommitConversationInput;
}>;


export type CommitConversationMutation = { readonly commitConversation: { readonly message: { readonly id: string, readonly sequence: string } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly currentEpoch: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly refs: ReadonlyArray<string>, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type SendChatMessageMutationVariables = Exact<{
  input: SendChatMessageInput;
}>;


export type SendChatMessageMutation = { readonly sendChatMessage: { readonly message: { readonly id: string, readonly sequence: string, readonly sentAt: string } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly currentEpoch: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type ChatMailboxQueryVariables = Exact<{
  deviceId: string;
  after?: string | null | undefined;
  first: number;
}>;


export type ChatMailboxQuery = { readonly viewer: { readonly chat: { readonly mailbox: { readonly hasMore: boolean, readonly entries: ReadonlyArray<{ readonly position: string, readonly message: { readonly id: string, readonly conversationId: string, readonly sequence: string, readonly kind: ChatMessageKind, readonly epoch: number | null, readonly senderDeviceId: string | null, readonly ciphertext: string | null, readonly frank: string | null, readonly sentAt: string } | null }> } } } | null };

export type AcknowledgeMailboxMutationVariables = Exact<{
  input: AcknowledgeMailboxInput;
}>;


export type AcknowledgeMailboxMutation = { readonly acknowledgeMailbox: { readonly position: string | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type ChatEventsSubscriptionVariables = Exact<{
  deviceId: string;
  after?: string | null | undefined;
}>;


export type ChatEventsSubscription = { readonly chatEvents: { readonly cursor: string, readonly message: { readonly id: string, readonly conversationId: string, readonly sequence: string, readonly kind: ChatMessageKind, readonly epoch: number | null, readonly senderDeviceId: string | null, readonly ciphertext: string | null, readonly frank: string | null, readonly sentAt: string } | null, readonly conversation: { readonly id: string } | null, readonly signal: { readonly conversationId: string, readonly senderDeviceId: string, readonly payload: string } | null } };

export type DeviceFragment = { readonly id: string, readonly signatureKey: string, readonly attestation: string | null, readonly attestedAt: string | null, readonly identityVersion: number | null };

export type ConversationBriefFragment = { readonly id: string, readonly isGroup: boolean, readonly isBestEffort: boolean, readonly epoch: number | null, readonly mlsGroupId: string | null, readonly isRequest: boolean, readonly disappearingSeconds: number | null, readonly members: ReadonlyArray<{ readonly actor: { readonly id: string, readonly uri: string, readonly handle: string, readonly displayName: string } | null }> };

export type EnvelopeFragment = { readonly id: string, readonly conversationId: string, readonly sequence: string, readonly kind: ChatMessageKind, readonly epoch: number | null, readonly senderDeviceId: string | null, readonly ciphertext: string | null, readonly frank: string | null, readonly sentAt: string };

export type LeaveConversationMutationVariables = Exact<{
  input: LeaveConversationInput;
}>;


export type LeaveConversationMutation = { readonly leaveConversation: { readonly conversationId: string | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type ResetConversationMutationVariables = Exact<{
  input: ResetConversationInput;
}>;


export type ResetConversationMutation = { readonly resetConversation: { readonly conversation: { readonly id: string } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type SetDisappearingMessagesMutationVariables = Exact<{
  input: SetDisappearingMessagesInput;
}>;


export type SetDisappearingMessagesMutation = { readonly setDisappearingMessages: { readonly conversation: { readonly id: string } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type RequestCommitLeaseMutationVariables = Exact<{
  input: RequestCommitLeaseInput;
}>;


export type RequestCommitLeaseMutation = { readonly requestCommitLease: { readonly lease: { readonly isHeld: boolean, readonly until: string } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type SendChatSignalMutationVariables = Exact<{
  input: SendChatSignalInput;
}>;


export type SendChatSignalMutation = { readonly sendChatSignal: { readonly isSent: boolean | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type KeyLogHeadQueryVariables = Exact<{ [key: string]: never; }>;


export type KeyLogHeadQuery = { readonly keyLogHead: { readonly treeSize: number, readonly rootHash: string, readonly signedAt: string, readonly signature: string, readonly serverKey: string } };

export type KeyLogInclusionQueryVariables = Exact<{
  index: number;
  treeSize: number;
}>;


export type KeyLogInclusionQuery = { readonly keyLogInclusionProof: { readonly hashes: ReadonlyArray<string> } | null };

export type KeyLogConsistencyQueryVariables = Exact<{
  from: number;
  to: number;
}>;


export type KeyLogConsistencyQuery = { readonly keyLogConsistencyProof: { readonly hashes: ReadonlyArray<string> } | null };

export type KeyLogOfQueryVariables = Exact<{
  by: ActorLocator;
  after?: string | null | undefined;
}>;


export type KeyLogOfQuery = { readonly actor: { readonly chatKeyLog: { readonly nodes: ReadonlyArray<{ readonly index: number, readonly kind: KeyLogKind, readonly payload: string }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } } | null };

export type ReadRemoteKeyLogMutationVariables = Exact<{
  input: ReadRemoteKeyLogInput;
}>;


export type ReadRemoteKeyLogMutation = { readonly readRemoteKeyLog: { readonly keyLog: { readonly origin: string, readonly state: RemoteKeyLogState, readonly head: { readonly treeSize: number, readonly rootHash: string, readonly signedAt: string, readonly signature: string, readonly serverKey: string } | null, readonly entries: ReadonlyArray<{ readonly index: number, readonly kind: KeyLogKind, readonly payload: string, readonly inclusion: ReadonlyArray<string> }>, readonly growth: ReadonlyArray<{ readonly from: number, readonly to: number, readonly hashes: ReadonlyArray<string> }> } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type KeyBackupQueryVariables = Exact<{ [key: string]: never; }>;


export type KeyBackupQuery = { readonly viewer: { readonly chat: { readonly keyBackup: { readonly version: number, readonly data: string, readonly history: { readonly url: string } | null } | null } } | null };

export type SaveKeyBackupMutationVariables = Exact<{
  input: SaveKeyBackupInput;
}>;


export type SaveKeyBackupMutation = { readonly saveKeyBackup: { readonly keyBackup: { readonly version: number } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type ReportMutationVariables = Exact<{
  input: ReportInput;
}>;


export type ReportMutation = { readonly report: { readonly report: { readonly id: string } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type PushKeyQueryVariables = Exact<{ [key: string]: never; }>;


export type PushKeyQuery = { readonly instance: { readonly vapidPublicKey: string } };

export type RegisterChatPushMutationVariables = Exact<{
  input: RegisterChatPushInput;
}>;


export type RegisterChatPushMutation = { readonly registerChatPush: { readonly deviceId: string | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type RemoveChatPushMutationVariables = Exact<{
  input: RemoveChatPushInput;
}>;


export type RemoveChatPushMutation = { readonly removeChatPush: { readonly deviceId: string | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type ChatMemberKeysQueryVariables = Exact<{
  id: string;
  actorUri: string;
}>;


export type ChatMemberKeysQuery = { readonly node:
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string, readonly memberKeys: { readonly identityKey: string, readonly identityVersion: number, readonly devices: ReadonlyArray<{ readonly signatureKey: string, readonly attestation: string | null, readonly attestedAt: string | null }> } | null }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
   | null };

export type FindPersonMutationVariables = Exact<{
  input: FetchRemoteObjectInput;
}>;


export type FindPersonMutation = { readonly fetchRemoteObject: { readonly object:
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
     | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type CreateChatAttachmentMutationVariables = Exact<{
  input: CreateChatAttachmentInput;
}>;


export type CreateChatAttachmentMutation = { readonly createChatAttachment: { readonly attachment: { readonly url: string, readonly media:
        | { readonly id: string }
        | { readonly id: string }
        | { readonly id: string }
       } | null, readonly ticket: { readonly uploadUrl: string, readonly partSizeBytes: number | null, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string }> } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type ChatAttachmentQueryVariables = Exact<{
  mediaId: string;
}>;


export type ChatAttachmentQuery = { readonly viewer: { readonly chat: { readonly attachment: { readonly url: string, readonly sha256: string | null } | null } } | null };

export type DeleteChatAttachmentMutationVariables = Exact<{
  input: DeleteChatAttachmentInput;
}>;


export type DeleteChatAttachmentMutation = { readonly deleteChatAttachment: { readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type CreateUploadMutationVariables = Exact<{
  input: CreateUploadInput;
}>;


export type CreateUploadMutation = { readonly createUpload: { readonly ticket: { readonly uploadUrl: string, readonly protocol: UploadProtocol, readonly method: string, readonly partSizeBytes: number | null, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string }>, readonly media:
        | { readonly id: string, readonly state: MediaState }
        | { readonly id: string, readonly state: MediaState }
        | { readonly id: string, readonly state: MediaState }
       } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type MediaStateQueryVariables = Exact<{
  id: string;
}>;


export type MediaStateQuery = { readonly node:
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly state: MediaState, readonly failure: string | null, readonly url: string | null, readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly state: MediaState, readonly failure: string | null, readonly url: string | null, readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly state: MediaState, readonly failure: string | null, readonly url: string | null, readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
   | null };

export type PublishPhotoPostMutationVariables = Exact<{
  input: PublishPhotoPostInput;
}>;


export type PublishPhotoPostMutation = { readonly publishPhotoPost: { readonly post: { readonly id: string, readonly url: string, readonly author: { readonly id: string, readonly uri: string, readonly handle: string, readonly displayName: string } } | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly hub: string, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly retryAfterSeconds: number, readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

type PostBrief_PhotoPost_Fragment = { readonly id: string, readonly url: string, readonly author: { readonly id: string, readonly uri: string, readonly handle: string, readonly displayName: string } };

type PostBrief_TextPost_Fragment = { readonly id: string, readonly url: string, readonly author: { readonly id: string, readonly uri: string, readonly handle: string, readonly displayName: string } };

type PostBrief_VideoPost_Fragment = { readonly id: string, readonly url: string, readonly author: { readonly id: string, readonly uri: string, readonly handle: string, readonly displayName: string } };

export type PostBriefFragment =
  | PostBrief_PhotoPost_Fragment
  | PostBrief_TextPost_Fragment
  | PostBrief_VideoPost_Fragment
;

export type TimelineChangedSubscriptionVariables = Exact<{
  timeline: TimelineSource;
  after?: string | null | undefined;
}>;


export type TimelineChangedSubscription = { readonly timelineChanged: { readonly cursor: string, readonly change: ChangeKind, readonly removedPostId: string | null, readonly postEdge: { readonly node:
        | { readonly id: string, readonly url: string, readonly author: { readonly id: string, readonly uri: string, readonly handle: string, readonly displayName: string } }
        | { readonly id: string, readonly url: string, readonly author: { readonly id: string, readonly uri: string, readonly handle: string, readonly displayName: string } }
        | { readonly id: string, readonly url: string, readonly author: { readonly id: string, readonly uri: string, readonly handle: string, readonly displayName: string } }
       } | null } };

export const RegisterAccount = operation<RegisterAccountMutation, RegisterAccountMutationVariables>(`
mutation RegisterAccount($input: RegisterAccountInput!) {
  registerAccount(input: $input) {
    token
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const SignIn = operation<SignInMutation, SignInMutationVariables>(`
mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    token
    expiresAt
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const SignOut = operation<SignOutMutation, SignOutMutationVariables>(`
mutation SignOut {
  signOut {
    ok
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const Viewer = operation<ViewerQuery, ViewerQueryVariables>(`
query Viewer {
  viewer {
    actor {
      ...Person
    }
  }
}

fragment Person on Actor {
  id
  uri
  handle
  displayName
}
`);

export const ActorBy = operation<ActorByQuery, ActorByQueryVariables>(`
query ActorBy($by: ActorLocator!) {
  actor(by: $by) {
    ...Person
  }
}

fragment Person on Actor {
  id
  uri
  handle
  displayName
}
`);

export const RegisterChatDevice = operation<RegisterChatDeviceMutation, RegisterChatDeviceMutationVariables>(`
mutation RegisterChatDevice($input: RegisterChatDeviceInput!) {
  registerChatDevice(input: $input) {
    device {
      ...Device
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment Device on ChatDevice {
  id
  signatureKey
  attestation
  attestedAt
  identityVersion
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const RevokeChatDevice = operation<RevokeChatDeviceMutation, RevokeChatDeviceMutationVariables>(`
mutation RevokeChatDevice($input: RevokeChatDeviceInput!) {
  revokeChatDevice(input: $input) {
    device {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const OwnChatDevices = operation<OwnChatDevicesQuery, OwnChatDevicesQueryVariables>(`
query OwnChatDevices {
  viewer {
    actor {
      chatDevices {
        id
        name
        platform
        createdAt
        lastSeenAt
        keyPackageCount
      }
    }
  }
}
`);

export const ChatDeviceStock = operation<ChatDeviceStockQuery, ChatDeviceStockQueryVariables>(`
query ChatDeviceStock($id: ID!) {
  viewer {
    actor {
      id
    }
  }
  node(id: $id) {
    id
    ... on ChatDevice {
      keyPackageCount
      revokedAt
    }
  }
}
`);

export const PublishKeyPackages = operation<PublishKeyPackagesMutation, PublishKeyPackagesMutationVariables>(`
mutation PublishKeyPackages($input: PublishKeyPackagesInput!) {
  publishKeyPackages(input: $input) {
    device {
      id
      keyPackageCount
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const ClaimKeyPackages = operation<ClaimKeyPackagesMutation, ClaimKeyPackagesMutationVariables>(`
mutation ClaimKeyPackages($input: ClaimKeyPackagesInput!) {
  claimKeyPackages(input: $input) {
    keyPackages {
      data
      isLastResort
      actor {
        id
        uri
      }
      device {
        ...Device
      }
    }
    actorsWithoutPackages {
      id
      handle
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment Device on ChatDevice {
  id
  signatureKey
  attestation
  attestedAt
  identityVersion
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const ChatPerson = operation<ChatPersonQuery, ChatPersonQueryVariables>(`
query ChatPerson($by: ActorLocator!) {
  actor(by: $by) {
    ...Person
    chatIdentity {
      key
      version
    }
    chatDevices {
      ...Device
    }
  }
}

fragment Person on Actor {
  id
  uri
  handle
  displayName
}

fragment Device on ChatDevice {
  id
  signatureKey
  attestation
  attestedAt
  identityVersion
}
`);

export const CreateConversation = operation<CreateConversationMutation, CreateConversationMutationVariables>(`
mutation CreateConversation($input: CreateConversationInput!) {
  createConversation(input: $input) {
    conversation {
      ...ConversationBrief
    }
    userErrors {
      ...Refusal
      ... on ConversationExistsError {
        conversationId
      }
    }
  }
}

fragment ConversationBrief on Conversation {
  id
  isGroup
  isBestEffort
  epoch
  mlsGroupId
  isRequest
  disappearingSeconds
  members(first: 250) {
    actor {
      ...Person
    }
  }
}

fragment Person on Actor {
  id
  uri
  handle
  displayName
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const EncryptedConversation = operation<EncryptedConversationQuery, EncryptedConversationQueryVariables>(`
query EncryptedConversation($id: ID!, $withGroupInfo: Boolean!) {
  node(id: $id) {
    id
    ... on Conversation {
      ...ConversationBrief
      groupInfo @include(if: $withGroupInfo)
      devicesToRemove(first: 200) {
        id
        signatureKey
      }
    }
  }
}

fragment ConversationBrief on Conversation {
  id
  isGroup
  isBestEffort
  epoch
  mlsGroupId
  isRequest
  disappearingSeconds
  members(first: 250) {
    actor {
      ...Person
    }
  }
}

fragment Person on Actor {
  id
  uri
  handle
  displayName
}
`);

export const OwnConversations = operation<OwnConversationsQuery, OwnConversationsQueryVariables>(`
query OwnConversations($archived: Boolean!, $after: String) {
  viewer {
    chat {
      conversations(filter: {archived: $archived}, first: 100, after: $after) {
        nodes {
          id
          encryption
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
}
`);

export const MessageRequests = operation<MessageRequestsQuery, MessageRequestsQueryVariables>(`
query MessageRequests($after: String) {
  viewer {
    chat {
      messageRequests(first: 100, after: $after) {
        nodes {
          id
          encryption
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
}
`);

export const UpdateConversation = operation<UpdateConversationMutation, UpdateConversationMutationVariables>(`
mutation UpdateConversation($input: UpdateConversationInput!) {
  updateConversation(input: $input) {
    conversation {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const SetBlock = operation<SetBlockMutation, SetBlockMutationVariables>(`
mutation SetBlock($input: SetBlockInput!) {
  setBlock(input: $input) {
    relationship {
      isBlocking
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const CommitConversation = operation<CommitConversationMutation, CommitConversationMutationVariables>(`
mutation CommitConversation($input: CommitConversationInput!) {
  commitConversation(input: $input) {
    message {
      id
      sequence
    }
    userErrors {
      ...Refusal
      ... on StaleEpochError {
        currentEpoch
      }
      ... on WelcomeError {
        refs
      }
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const SendChatMessage = operation<SendChatMessageMutation, SendChatMessageMutationVariables>(`
mutation SendChatMessage($input: SendChatMessageInput!) {
  sendChatMessage(input: $input) {
    message {
      id
      sequence
      sentAt
    }
    userErrors {
      ...Refusal
      ... on EpochError {
        currentEpoch
      }
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const ChatMailbox = operation<ChatMailboxQuery, ChatMailboxQueryVariables>(`
query ChatMailbox($deviceId: ID!, $after: BigInt, $first: Int!) {
  viewer {
    chat {
      mailbox(deviceId: $deviceId, after: $after, first: $first) {
        entries {
          position
          message {
            ...Envelope
          }
        }
        hasMore
      }
    }
  }
}

fragment Envelope on ChatMessage {
  id
  conversationId
  sequence
  kind
  epoch
  senderDeviceId
  ciphertext
  frank
  sentAt
}
`);

export const AcknowledgeMailbox = operation<AcknowledgeMailboxMutation, AcknowledgeMailboxMutationVariables>(`
mutation AcknowledgeMailbox($input: AcknowledgeMailboxInput!) {
  acknowledgeMailbox(input: $input) {
    position
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const ChatEvents = operation<ChatEventsSubscription, ChatEventsSubscriptionVariables>(`
subscription ChatEvents($deviceId: ID!, $after: String) {
  chatEvents(deviceId: $deviceId, after: $after) {
    cursor
    message {
      ...Envelope
    }
    conversation {
      id
    }
    signal {
      conversationId
      senderDeviceId
      payload
    }
  }
}

fragment Envelope on ChatMessage {
  id
  conversationId
  sequence
  kind
  epoch
  senderDeviceId
  ciphertext
  frank
  sentAt
}
`);

export const LeaveConversation = operation<LeaveConversationMutation, LeaveConversationMutationVariables>(`
mutation LeaveConversation($input: LeaveConversationInput!) {
  leaveConversation(input: $input) {
    conversationId
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const ResetConversation = operation<ResetConversationMutation, ResetConversationMutationVariables>(`
mutation ResetConversation($input: ResetConversationInput!) {
  resetConversation(input: $input) {
    conversation {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const SetDisappearingMessages = operation<SetDisappearingMessagesMutation, SetDisappearingMessagesMutationVariables>(`
mutation SetDisappearingMessages($input: SetDisappearingMessagesInput!) {
  setDisappearingMessages(input: $input) {
    conversation {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const RequestCommitLease = operation<RequestCommitLeaseMutation, RequestCommitLeaseMutationVariables>(`
mutation RequestCommitLease($input: RequestCommitLeaseInput!) {
  requestCommitLease(input: $input) {
    lease {
      isHeld
      until
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const SendChatSignal = operation<SendChatSignalMutation, SendChatSignalMutationVariables>(`
mutation SendChatSignal($input: SendChatSignalInput!) {
  sendChatSignal(input: $input) {
    isSent
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const KeyLogHead = operation<KeyLogHeadQuery, KeyLogHeadQueryVariables>(`
query KeyLogHead {
  keyLogHead {
    treeSize
    rootHash
    signedAt
    signature
    serverKey
  }
}
`);

export const KeyLogInclusion = operation<KeyLogInclusionQuery, KeyLogInclusionQueryVariables>(`
query KeyLogInclusion($index: Int!, $treeSize: Int!) {
  keyLogInclusionProof(index: $index, treeSize: $treeSize) {
    hashes
  }
}
`);

export const KeyLogConsistency = operation<KeyLogConsistencyQuery, KeyLogConsistencyQueryVariables>(`
query KeyLogConsistency($from: Int!, $to: Int!) {
  keyLogConsistencyProof(from: $from, to: $to) {
    hashes
  }
}
`);

export const KeyLogOf = operation<KeyLogOfQuery, KeyLogOfQueryVariables>(`
query KeyLogOf($by: ActorLocator!, $after: String) {
  actor(by: $by) {
    chatKeyLog(first: 100, after: $after) {
      nodes {
        index
        kind
        payload
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
}
`);

export const ReadRemoteKeyLog = operation<ReadRemoteKeyLogMutation, ReadRemoteKeyLogMutationVariables>(`
mutation ReadRemoteKeyLog($input: ReadRemoteKeyLogInput!) {
  readRemoteKeyLog(input: $input) {
    keyLog {
      origin
      state
      head {
        treeSize
        rootHash
        signedAt
        signature
        serverKey
      }
      entries {
        index
        kind
        payload
        inclusion
      }
      growth {
        from
        to
        hashes
      }
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const KeyBackup = operation<KeyBackupQuery, KeyBackupQueryVariables>(`
query KeyBackup {
  viewer {
    chat {
      keyBackup {
        version
        data
        history {
          url
        }
      }
    }
  }
}
`);

export const SaveKeyBackup = operation<SaveKeyBackupMutation, SaveKeyBackupMutationVariables>(`
mutation SaveKeyBackup($input: SaveKeyBackupInput!) {
  saveKeyBackup(input: $input) {
    keyBackup {
      version
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const Report = operation<ReportMutation, ReportMutationVariables>(`
mutation Report($input: ReportInput!) {
  report(input: $input) {
    report {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const PushKey = operation<PushKeyQuery, PushKeyQueryVariables>(`
query PushKey {
  instance {
    vapidPublicKey
  }
}
`);

export const RegisterChatPush = operation<RegisterChatPushMutation, RegisterChatPushMutationVariables>(`
mutation RegisterChatPush($input: RegisterChatPushInput!) {
  registerChatPush(input: $input) {
    deviceId
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const RemoveChatPush = operation<RemoveChatPushMutation, RemoveChatPushMutationVariables>(`
mutation RemoveChatPush($input: RemoveChatPushInput!) {
  removeChatPush(input: $input) {
    deviceId
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const ChatMemberKeys = operation<ChatMemberKeysQuery, ChatMemberKeysQueryVariables>(`
query ChatMemberKeys($id: ID!, $actorUri: String!) {
  node(id: $id) {
    id
    ... on Conversation {
      memberKeys(actorUri: $actorUri) {
        identityKey
        identityVersion
        devices {
          signatureKey
          attestation
          attestedAt
        }
      }
    }
  }
}
`);

export const FindPerson = operation<FindPersonMutation, FindPersonMutationVariables>(`
mutation FindPerson($input: FetchRemoteObjectInput!) {
  fetchRemoteObject(input: $input) {
    object {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const CreateChatAttachment = operation<CreateChatAttachmentMutation, CreateChatAttachmentMutationVariables>(`
mutation CreateChatAttachment($input: CreateChatAttachmentInput!) {
  createChatAttachment(input: $input) {
    attachment {
      url
      media {
        id
      }
    }
    ticket {
      uploadUrl
      partSizeBytes
      headers {
        name
        value
      }
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const ChatAttachment = operation<ChatAttachmentQuery, ChatAttachmentQueryVariables>(`
query ChatAttachment($mediaId: ID!) {
  viewer {
    chat {
      attachment(mediaId: $mediaId) {
        url
        sha256
      }
    }
  }
}
`);

export const DeleteChatAttachment = operation<DeleteChatAttachmentMutation, DeleteChatAttachmentMutationVariables>(`
mutation DeleteChatAttachment($input: DeleteChatAttachmentInput!) {
  deleteChatAttachment(input: $input) {
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const CreateUpload = operation<CreateUploadMutation, CreateUploadMutationVariables>(`
mutation CreateUpload($input: CreateUploadInput!) {
  createUpload(input: $input) {
    ticket {
      uploadUrl
      protocol
      method
      partSizeBytes
      headers {
        name
        value
      }
      media {
        id
        state
      }
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const MediaState = operation<MediaStateQuery, MediaStateQueryVariables>(`
query MediaState($id: ID!) {
  node(id: $id) {
    id
    ... on Media {
      state
      failure
      url
    }
  }
}
`);

export const PublishPhotoPost = operation<PublishPhotoPostMutation, PublishPhotoPostMutationVariables>(`
mutation PublishPhotoPost($input: PublishPhotoPostInput!) {
  publishPhotoPost(input: $input) {
    post {
      ...PostBrief
    }
    userErrors {
      ...Refusal
    }
  }
}

fragment PostBrief on Post {
  id
  url
  author {
    ...Person
  }
}

fragment Person on Actor {
  id
  uri
  handle
  displayName
}

fragment Refusal on UserError {
  code
  message
  path
  ... on RateLimitError {
    retryAfterSeconds
  }
  ... on HubUnreachableError {
    hub
  }
}
`);

export const TimelineChanged = operation<TimelineChangedSubscription, TimelineChangedSubscriptionVariables>(`
subscription TimelineChanged($timeline: TimelineSource!, $after: String) {
  timelineChanged(timeline: $timeline, after: $after) {
    cursor
    change
    removedPostId
    postEdge {
      node {
        ...PostBrief
      }
    }
  }
}

fragment PostBrief on Post {
  id
  url
  author {
    ...Person
  }
}

fragment Person on Actor {
  id
  uri
  handle
  displayName
}
`);
