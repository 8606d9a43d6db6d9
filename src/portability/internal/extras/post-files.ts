/** What somebody has yet to publish, and what posts and comments said before they were changed. */
import { visibleTo } from '../../../posts/visibility.js';
import { BLANK_POST } from '../../../posts/draft.js';
import type { PostDraft } from '../../../posts/publish-post.js';
import { MEDIA_COLUMNS, type ArchivedMedia } from '../archived-posts.js';
import { ADDRESS, extraFile, instant, IS_THERE } from './extra-file.js';
import { pictureOf } from './picture.js';

interface DraftItem {
  readonly post: Partial<PostDraft>;
  readonly place: object | null;
  readonly quotedPost: string | null;
  readonly pictures: readonly ArchivedMedia[];
}

// Positions instead of ids: whoever reads it knows the pictures by their order.
const TAGS = `(select coalesce(jsonb_agg(jsonb_build_object('person', ${ADDRESS}, 'picture', dm.position,
    'x', tag.x, 'y', tag.y) order by tag.nr), '[]')
  from rows from (jsonb_to_recordset(d.tags) as ("actorId" uuid, "mediaId" uuid, x float, y float))
    with ordinality as tag("actorId", "mediaId", x, y, nr)
  join draft_media dm on dm.draft_id = d.id and dm.media_id = tag."mediaId"
  join actors other on other.id = tag."actorId" and ${IS_THERE})`;

/** Their files. */
export const POST_FILES = [
  extraFile(
    'drafts',
    `select d.id, jsonb_build_object('kind', d.kind, 'post', d.post, 'createdAt', ${instant('d.created_at')},
       'updatedAt', ${instant('d.updated_at')}, 'scheduledFor', ${instant('d.scheduled_for')},
       'failure', d.failure_message, 'tags', ${TAGS},
       'place', (select jsonb_build_object('name', name, 'latitude', latitude, 'longitude', longitude)
         from places where id = (d.post ->> 'placeId')::uuid),
       'quotedPost', (select p.uri from posts p where p.id = (d.post ->> 'quotedPostId')::uuid
         and ${visibleTo('p', '$1::uuid')}),
       'pictures', (select coalesce(jsonb_agg(jsonb_build_object(${MEDIA_COLUMNS}) order by dm.position), '[]')
         from draft_media dm join media m on m.id = dm.media_id where dm.draft_id = d.id)) as item
     from drafts d where d.author_id = $1`,
    ({ post, pictures, ...draft }: DraftItem) => {
      const { placeId: _, quotedPostId: __, ...said } = { ...BLANK_POST, ...post };
      return { ...draft, ...said, pictures: pictures.map(pictureOf) };
    },
  ),
  extraFile(
    'revisions',
    `select r.id, jsonb_build_object('post', p.uri, 'caption', r.content_source, 'contentHtml', r.content_html,
       'contentWarning', r.content_warning, 'editedAt', ${instant('r.edited_at')}) as item
     from post_revisions r join posts p on p.id = r.post_id
     where p.author_id = $1 and p.deleted_at is null`,
  ),
];
