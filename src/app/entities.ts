/** Every entity, for the ORM. */
import { Account } from '../accounts/account.entity.js';
import { Session } from '../accounts/session.entity.js';
import { Actor } from '../actors/actor.entity.js';
import { Collection } from '../collections/collection.entity.js';
import { Media } from '../media/media.entity.js';
import { Post } from '../posts/post.entity.js';
import { Highlight } from '../stories/highlight.entity.js';
import { Story } from '../stories/story.entity.js';

/** The list that the ORM discovers. */
export const ENTITIES = [Account, Session, Actor, Collection, Media, Post, Story, Highlight];
