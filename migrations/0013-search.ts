/** Finding people, posts and hashtags: folded names, and documents for the full text of posts. */
import { Migration } from '@mikro-orm/migrations';

/** Languages whose words PostgreSQL can reduce to their stems, by their ISO 639-1 codes. */
const LANGUAGES = {
  ar: 'arabic',
  ca: 'catalan',
  da: 'danish',
  de: 'german',
  el: 'greek',
  en: 'english',
  es: 'spanish',
  et: 'estonian',
  eu: 'basque',
  fi: 'finnish',
  fr: 'french',
  ga: 'irish',
  hi: 'hindi',
  hu: 'hungarian',
  hy: 'armenian',
  id: 'indonesian',
  it: 'italian',
  lt: 'lithuanian',
  ne: 'nepali',
  nl: 'dutch',
  nb: 'norwegian',
  nn: 'norwegian',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sr: 'serbian',
  sv: 'swedish',
  ta: 'tamil',
  tr: 'turkish',
  yi: 'yiddish',
};

export class Migration0013Search extends Migration {
  override up(): void {
    const cases = Object.entries(LANGUAGES).map(
      ([code, name]) => `when '${code}' then 'pg_catalog.${name}'::regconfig`,
    );
    this
      .addSql(`create function search_configuration(language text) returns regconfig language sql immutable parallel safe
      return case split_part(lower(language), '-', 1) ${cases.join(' ')} else 'pg_catalog.simple'::regconfig end`);
    // Chinese and Japanese do without spaces: each of their signs is a word of its own.
    this
      .addSql(`create function search_terms(text) returns text language sql immutable strict parallel safe
      return regexp_replace(fold_text($1), '([\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\U00020000-\\U0003ffff])', ' \\1 ', 'g')`);
    // Words as they are, or their stems; both ways a post is left out that has what is excluded. What only excludes
    // would have to read every document: it finds nothing.
    this
      .addSql(`create function search_words(written text, language text) returns tsquery language sql immutable parallel safe
      return websearch_to_tsquery(search_configuration(language), search_terms(written))
        || websearch_to_tsquery('pg_catalog.simple'::regconfig, search_terms(written))`);
    this
      .addSql(`create function search_query(wanted text, excluded text, language text) returns tsquery language sql immutable parallel safe
      return case when querytree(search_words(wanted, language)) not in ('', 'T')
        then search_words(wanted, language) && !!search_words(excluded, language) end`);
    // Stems in the language of the post, and the words as they are for whoever asks in another one.
    this
      .addSql(`create function post_document(wanted uuid) returns tsvector language sql stable strict
      return (select to_tsvector('pg_catalog.simple'::regconfig, written.terms)
          || case when search_configuration(p.language) = 'pg_catalog.simple'::regconfig then ''::tsvector
            else to_tsvector(search_configuration(p.language), written.terms) end
        from posts p cross join lateral (select search_terms(concat_ws(chr(10),
          regexp_replace(regexp_replace(p.content_html, '<[^>]*>', ' ', 'g'), '&(amp|lt|gt|quot|#39);', ' ', 'g'),
          p.content_warning,
          (select string_agg(m.alt_text, chr(10) order by album.position)
           from post_media album join media m on m.id = album.media_id where album.post_id = p.id)
        )) as terms) written
        where p.id = wanted)`);
    // is_open: everybody may find it, as far as it was known when the document was made.
    this.addSql(`create table post_documents (
      post_id uuid primary key references posts (id) on delete cascade,
      is_open boolean not null,
      document tsvector not null
    )`);
    this.addSql(`insert into post_documents (post_id, is_open, document)
      select p.id, p.visibility in ('PUBLIC', 'LOCAL') and author.is_indexable, post_document(p.id)
      from posts p join actors author on author.id = p.author_id
      where p.kind <> 'comment' and p.deleted_at is null and p.archived_at is null`);
    this.addSql(
      `create index post_documents_words on post_documents using gin (document) with (fastupdate = off)`,
    );
    this.addSql(`create index post_documents_open on post_documents (post_id desc) where is_open`);
    this.addSql(`alter table actors add column names_folded text not null
      generated always as (' ' || fold_text(username || ' ' || display_name)) stored`);
    // Patterns for the beginning of a word of a folded name; wildcards that were written stand for themselves.
    this
      .addSql(`create function word_beginning(text) returns text language sql immutable parallel safe
      return '% ' || regexp_replace(fold_text($1), '([%_\\\\])', '\\\\\\1', 'g') || '%'`);
    this
      .addSql(`create function word_beginnings(text[]) returns text[] language sql immutable parallel safe
      return (select coalesce(array_agg(word_beginning(word)), '{}') from unnest($1) as word)`);
    this.addSql(`create index actors_names on actors using gin (names_folded gin_trgm_ops)`);
    this.addSql(`create index hashtags_beginning on hashtags ((fold_text(name) collate "C"), id)`);
  }
}
