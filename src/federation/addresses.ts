/** Where the federated documents of this server stand. Each address is also the identity of what stands there. */
import type { Config } from '../platform/config.js';

/** Media type of everything that we serve and send, spelled as the pickiest peers want it. */
export const ACTIVITY_JSON = 'application/activity+json; charset=utf-8';

/** The actor that stands for the server itself: it signs what nobody in particular asks. */
export function instanceActorUri({ publicUrl }: Config): string {
  return `${publicUrl.origin}/actor`;
}

/** The inbox for everybody here. */
export function sharedInboxUrl({ publicUrl }: Config): string {
  return `${publicUrl.origin}/inbox`;
}

/** Key of an actor, or of the server. */
export function keyIdOf(ownerUri: string): string {
  return `${ownerUri}#main-key`;
}

/** Key with which an actor proves what it says, by its name among those of the actor. */
export function proofKeyIdOf(ownerUri: string, name: string): string {
  return `${ownerUri}#${name}`;
}

/** Whether something has its identity from this server. */
export function isOurs({ publicUrl }: Config, uri: string): boolean {
  return originOf(uri) === publicUrl.origin;
}

/** Scheme, host and port; null for what is no web address. */
export function originOf(uri: string): string | null {
  const url = URL.parse(uri);
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.origin : null;
}
