/** How somebody has arranged people, posts and words. */
import { postVisibleTo, visibleTo } from '../../../posts/visibility.js';
import { ADDRESS, extraFile, instant, IS_THERE } from './extra-file.js';

/** Their files. */
export const ARRANGED_FILES = [
  extraFile(
    'collections',
    `select c.id, jsonb_build_object('holds', c.holds, 'title', c.title, 'description', c.description_source, 'visibility', c.visibility,
       'isHighlighted', c.is_highlighted, 'createdAt', ${instant('c.created_at')}, 'updatedAt', ${instant('c.updated_at')},
       'posts', array(select p.uri from collection_items item join posts p on p.id = item.post_id
         where item.collection_id = c.id and ${postVisibleTo('p', '$1::uuid')} order by item.position)) as item
     from collections c where c.owner_id = $1`,
  ),
  extraFile(
    'lists',
    `select l.id, jsonb_build_object('title', l.title, 'isExclusive', l.is_exclusive,
       'createdAt', ${instant('l.created_at')},
       'members', array(select ${ADDRESS} from actor_list_members member join actors other on other.id = member.actor_id
         where member.list_id = l.id and ${IS_THERE} order by member.id)) as item
     from actor_lists l where l.owner_id = $1`,
  ),
  extraFile(
    'starter_packs',
    `select s.id, jsonb_build_object('title', s.title, 'description', s.description_source, 'hashtags', s.hashtags,
       'isListed', s.is_listed, 'createdAt', ${instant('s.created_at')}, 'updatedAt', ${instant('s.updated_at')},
       'members', array(select ${ADDRESS} from starter_pack_members member join actors other on other.id = member.actor_id
         where member.pack_id = s.id and ${IS_THERE} order by member.position)) as item
     from starter_packs s where s.owner_id = $1 and s.removed_at is null`,
  ),
  extraFile(
    'filters',
    `select f.id, jsonb_build_object('title', f.title, 'action', f.action, 'contexts', f.contexts,
       'keywords', (select coalesce(jsonb_agg(jsonb_build_object('text', k.keyword, 'isWholeWord', k.is_whole_word)
         order by k.place), '[]') from content_filter_keywords k where k.filter_id = f.id),
       'expiresAt', ${instant('f.expires_at')}, 'createdAt', ${instant('f.created_at')}) as item
     from content_filters f where f.owner_id = $1`,
  ),
  extraFile(
    'close_friends',
    `select c.id, jsonb_build_object('address', ${ADDRESS}, 'since', ${instant('c.created_at')}) as item
     from close_friends c join actors other on other.id = c.friend_id where c.owner_id = $1 and ${IS_THERE}`,
  ),
  extraFile(
    'followers',
    `select f.id, jsonb_build_object('address', ${ADDRESS}, 'since', ${instant('f.accepted_at')}) as item
     from follows f join actors other on other.id = f.follower_id
     where f.followee_id = $1 and f.state = 'ACCEPTED' and ${IS_THERE}`,
  ),
  extraFile(
    'bookmarks',
    `select b.id, jsonb_build_object('post', p.uri, 'bookmarkedAt', ${instant('b.created_at')},
       'folder', (select title from bookmark_folders where id = b.folder_id)) as item
     from bookmarks b join posts p on p.id = b.post_id where b.owner_id = $1 and ${visibleTo('p', '$1::uuid')}`,
  ),
  extraFile(
    'playback_history',
    `select p.id, jsonb_build_object('post', p.uri, 'firstSeenAt', ${instant('h.first_seen_at')},
       'lastSeenAt', ${instant('h.last_seen_at')}, 'positionMs', h.position_ms, 'watchedMs', h.watched_ms,
       'isCompleted', h.is_completed) as item
     from playback_history h join posts p on p.id = h.post_id where h.actor_id = $1 and ${visibleTo('p', '$1::uuid')}`,
  ),
  extraFile(
    'photo_tags',
    `select t.id, jsonb_build_object('post', p.uri, 'state', t.state, 'x', t.x, 'y', t.y,
       'taggedAt', ${instant('t.created_at')}) as item
     from photo_tags t join posts p on p.id = t.post_id where t.actor_id = $1 and ${visibleTo('p', '$1::uuid')}`,
  ),
  extraFile(
    'reports',
    `select r.id, jsonb_build_object('target', ${ADDRESS}, 'category', r.category, 'comment', r.comment,
       'createdAt', ${instant('r.created_at')}) as item
     from reports r join actors other on other.id = r.target_id where r.reporter_id = $1 and ${IS_THERE}`,
  ),
];
