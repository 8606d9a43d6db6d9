// Generated from schema.graphql and documents/ by tools/sdk-operations.js.
import { operation } from './operation.js';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
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
  /** The link, token or upload is no longer valid. */
  | 'EXPIRED'
  /** The viewer sees it but may not do this to it. */
  | 'FORBIDDEN'
  /** The key was used with a different input. */
  | 'IDEMPOTENCY_KEY_REUSED'
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
  /** No such thing, or none that the viewer may see: the two look the same. */
  | 'NOT_FOUND'
  /** An entitlement of the account is used up. */
  | 'QUOTA_EXCEEDED'
  /** Too often; try again later. */
  | 'RATE_LIMITED'
  /** Sign in again: this needs a recent proof of the password. */
  | 'REAUTHENTICATION_REQUIRED'
  /** This server takes no new accounts in this way. */
  | 'REGISTRATION_CLOSED'
  /** The file type is not supported here. */
  | 'UNSUPPORTED_MEDIA'
  /** The username is in use or reserved. */
  | 'USERNAME_TAKEN'
  /** The password is too short, too long or too common. */
  | 'WEAK_PASSWORD';

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

export type RegisterAccountMutationVariables = Exact<{
  input: RegisterAccountInput;
}>;


export type RegisterAccountMutation = { readonly registerAccount: { readonly token: string | null, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
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
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
    > } };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { readonly signOut: { readonly ok: boolean, readonly userErrors: ReadonlyArray<
      | { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null }
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

type Refusal_GenericError_Fragment = { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

type Refusal_QuotaError_Fragment = { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

type Refusal_RateLimitError_Fragment = { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

type Refusal_UsernameTakenError_Fragment = { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

type Refusal_ValidationError_Fragment = { readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string> | null };

export type RefusalFragment =
  | Refusal_GenericError_Fragment
  | Refusal_QuotaError_Fragment
  | Refusal_RateLimitError_Fragment
  | Refusal_UsernameTakenError_Fragment
  | Refusal_ValidationError_Fragment
;

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
