/** Where activities go: one inbox per server where that does, a person's own inbox where it matters who is told. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import { visibleTo } from '../posts/visibility.js';

/** An inbox of another server. */
export interface Inbox {
  readonly inboxUrl: string;
  readonly host: string;
}

// One look into the index for each inbox, however many follow from there, and then for somebody who counts.
const OF_FOLLOWERS = statement(
  'recipients.followers',
  `with recursive inboxes(url) as (
     (select inbox_url from follows where followee_id = $1 and state = 'ACCEPTED' and inbox_url is not null
      order by inbox_url limit 1)
     union all
     select (select f.inbox_url from follows f where f.followee_id = $1 and f.state = 'ACCEPTED'
       and f.inbox_url > inboxes.url order by f.inbox_url limit 1)
     from inboxes where inboxes.url is not null)
   select url as "inboxUrl", one.host from inboxes cross join lateral (
     select r.host from follows f join remote_actors r on r.actor_id = f.follower_id
     where f.followee_id = $1 and f.state = 'ACCEPTED' and f.inbox_url = inboxes.url
       and not exists (select from actors a where a.id = f.follower_id and a.status = 'SUSPENDED') limit 1) one
   where url is not null`,
);
const OF_KEY_HOLDERS = statement(
  'recipients.key_holders',
  `select distinct coalesce(r.shared_inbox_url, r.inbox_url) as "inboxUrl", r.host
   from conversation_members mine join conversations c on c.id = mine.conversation_id and c.encryption = 'MLS'
     join conversation_members theirs on theirs.conversation_id = c.id
     join remote_actors r on r.actor_id = theirs.actor_id join actors a on a.id = r.actor_id
   where mine.actor_id = $1 and a.status <> 'SUSPENDED' and a.domain_severity <> 'SUSPEND'`,
);
const OF_EVERYBODY = statement(
  'recipients.everybody',
  `select distinct coalesce(shared_inbox_url, inbox_url) as "inboxUrl", host from remote_actors`,
);
const OF_ACTORS = statement(
  'recipients.actors',
  `select r.inbox_url as "inboxUrl", r.host from remote_actors r join actors a on a.id = r.actor_id
   where a.uri = any($1::text[]) and a.domain_severity <> 'SUSPEND'`,
);
const OF_SOFTWARE = statement(
  'recipients.of_software',
  `select a.uri, r.inbox_url as "inboxUrl", r.host from remote_actors r join actors a on a.id = r.actor_id
     join remote_instances i on i.host = r.host
   where a.uri = any($1::text[]) and lower(i.software) = $2 and a.domain_severity <> 'SUSPEND'`,
);
const OF_SEEING = statement(
  'recipients.seeing',
  `select r.inbox_url as "inboxUrl", r.host from remote_actors r join actors a on a.id = r.actor_id
   where a.uri = any($2::text[]) and a.domain_severity <> 'SUSPEND' and a.status <> 'SUSPENDED'
     and exists (select from posts p where p.id = $1 and ${visibleTo('p', 'a.id')})`,
);
const OF_EARLIER = statement(
  'recipients.earlier',
  `select distinct d.inbox_url as "inboxUrl", d.host
   from sent_activities s join deliveries d on d.activity_id = s.id where s.subject_id = $1`,
);

const OF_LEAVING = statement(
  'recipients.leaving',
  `select distinct d.inbox_url as "inboxUrl", d.host
   from sent_activities s join deliveries d on d.activity_id = s.id
   where s.subject_id = $1 and s.actor_id = $2 and s.body::jsonb->>'type' in ('Create', 'Update') and d.host <> all($3::text[])
     and not exists (select from sent_activities gone join deliveries there on there.activity_id = gone.id
       where gone.subject_id = s.subject_id and gone.actor_id = s.actor_id and gone.position > s.position
         and gone.body::jsonb->>'type' = 'Delete' and there.host = d.host)`,
);

/** One inbox of each server that we know, or of each actor where a server has no shared one. */
export function inboxesOfEverybody(reader: Reader): Promise<Inbox[]> {
  return reader.rows<Inbox>(OF_EVERYBODY);
}

/** The servers on which somebody follows an actor who is not suspended here. */
export function inboxesOfFollowers(reader: Reader, actorId: ActorId): Promise<Inbox[]> {
  return reader.rows<Inbox>(OF_FOLLOWERS, [actorId]);
}

/** The servers of those with whom somebody chats encrypted: they have to hear of other keys. */
export function inboxesOfKeyHolders(reader: Reader, actorId: ActorId): Promise<Inbox[]> {
  return reader.rows<Inbox>(OF_KEY_HOLDERS, [actorId]);
}

/** The inboxes of remote actors; local and unknown ones have none. */
export function inboxesOfActors(reader: Reader, uris: readonly string[]): Promise<Inbox[]> {
  return reader.rows<Inbox>(OF_ACTORS, [uris]);
}

/** Those of remote actors whose server says that it runs a software, by its name in small letters, with their inboxes. */
export function peopleOfSoftware(
  reader: Reader,
  uris: readonly string[],
  software: string,
): Promise<(Inbox & { readonly uri: string })[]> {
  return reader.rows(OF_SOFTWARE, [uris, software]);
}

/** As `inboxesOfActors`, of those who see a post or comment. */
export function inboxesOfSeeing(
  reader: Reader,
  subjectId: string,
  uris: readonly string[],
): Promise<Inbox[]> {
  return reader.rows<Inbox>(OF_SEEING, [subjectId, uris]);
}

/** Everywhere where something about a subject was sent before: whoever heard of it hears how it goes on. */
export function inboxesOfEarlier(reader: Reader, subjectId: string): Promise<Inbox[]> {
  return reader.rows<Inbox>(OF_EARLIER, [subjectId]);
}

/** Where something was said last and is not to be seen any more; `hosts` are those that still hear of it. */
export function inboxesOfLeaving(
  reader: Reader,
  subject: { readonly id: string; readonly authorId: ActorId },
  hosts: readonly string[],
): Promise<Inbox[]> {
  return reader.rows<Inbox>(OF_LEAVING, [subject.id, subject.authorId, hosts]);
}

/** Each inbox once. */
export function eachOnce(...lists: readonly (readonly Inbox[])[]): Inbox[] {
  return [...new Map(lists.flat().map((inbox) => [inbox.inboxUrl, inbox])).values()];
}
