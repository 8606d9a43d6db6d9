/** Stories, what holds them together, and what somebody said about those of others. */
import { toGlobalId } from '../../../platform/ids.js';
import { MEDIA_COLUMNS, type ArchivedMedia } from '../archived-posts.js';
import { ADDRESS, extraFile, instant, IS_THERE } from './extra-file.js';
import { pictureOf } from './picture.js';

interface StoryItem {
  readonly id: string;
  readonly picture: ArchivedMedia;
}

interface HighlightItem {
  readonly cover: string | null;
  readonly stories: readonly string[];
}

const STICKERS = `(select coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'x', k.x, 'y', k.y, 'rotation', k.rotation,
    'label', k.label, 'options', k.options, 'url', k.url, 'endsAt', ${instant('k.ends_at')},
    'person', (select ${ADDRESS} from actors other where other.id = k.actor_id and ${IS_THERE}),
    'place', (select jsonb_build_object('name', name, 'latitude', latitude, 'longitude', longitude)
      from places where id = k.place_id)) order by k.position), '[]')
  from story_stickers k where k.story_id = s.id)`;

const deed = (kind: string, table: string, content: string) =>
  `select d.id, jsonb_build_object('kind', '${kind}', 'author', ${ADDRESS}, 'content', ${content},
     'at', ${instant('d.created_at')}) as item
   from ${table} d join stories s on s.id = d.story_id join actors other on other.id = s.author_id
   where d.actor_id = $1 and ${IS_THERE}`;

const storyId = (id: string): string => toGlobalId('story', id);

/** Their files. */
export const STORY_FILES = [
  extraFile(
    'stories',
    `select s.id, jsonb_build_object('id', s.id, 'caption', s.caption_source, 'captionHtml', s.caption_html,
       'visibility', s.visibility, 'allowsAnswers', s.allows_answers, 'isKept', s.is_kept,
       'publishedAt', ${instant('s.published_at')}, 'expiresAt', ${instant('s.expires_at')},
       'picture', (select jsonb_build_object(${MEDIA_COLUMNS}) from media m where m.id = s.media_id),
       'stickers', ${STICKERS}) as item
     from stories s where s.author_id = $1 and s.removed_at is null`,
    ({ id, picture, ...story }: StoryItem) => ({
      id: storyId(id),
      ...story,
      picture: pictureOf(picture),
    }),
  ),
  extraFile(
    'highlights',
    `select h.id, jsonb_build_object('title', h.title, 'createdAt', ${instant('h.created_at')}, 'position', h.position,
       'cover', (select id from stories where id = h.cover_story_id and removed_at is null),
       'stories', array(select s.id from highlight_items i join stories s on s.id = i.story_id
         where i.highlight_id = h.id and s.removed_at is null order by i.position)) as item
     from highlights h where h.owner_id = $1`,
    ({ cover, stories, ...highlight }: HighlightItem) => ({
      ...highlight,
      cover: cover && storyId(cover),
      stories: stories.map(storyId),
    }),
  ),
  extraFile(
    'story_deeds',
    [
      deed('REACTION', 'story_reactions', 'd.content'),
      deed('ANSWER', 'story_answers', 'd.content'),
      deed('VOTE', 'story_votes', 'd.option_index'),
    ].join(' union all '),
  ),
];
