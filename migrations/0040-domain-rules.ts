/** What the staff decided about whole servers, and how each actor of theirs fares for it. */
import { Migration } from '@mikro-orm/migrations';

export class Migration0040DomainRules extends Migration {
  override up(): void {
    this.addSql(`create table domain_rules (
      id uuid primary key,
      domain text not null unique,
      severity text not null check (severity in ('NONE', 'LIMIT', 'SUSPEND')),
      rejects_media boolean not null,
      rejects_reports boolean not null,
      public_comment text,
      private_comment text,
      is_obfuscated boolean not null,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    // "b.a.example:444." is under itself, "a.example" and "example".
    this
      .addSql(`create function domain_with_parents(host text) returns text[] language sql immutable parallel safe as $$
      select array(select array_to_string(labels[place:], '.') from generate_subscripts(labels, 1) as place)
      from (select string_to_array(rtrim(split_part(lower(host), ':', 1), '.'), '.') as labels) as split $$`);
    // Of several rules the one for the longest name holds; of several names of one actor the strictest.
    this.addSql(`create function domain_policy(hosts text[])
      returns table (severity text, rejects_media boolean, rejects_reports boolean) language sql stable parallel safe as $$
      select case max(case when r.severity = 'SUSPEND' or r.id is null and mode.is_allow_list then 2
          when r.severity = 'LIMIT' then 1 else 0 end) when 2 then 'SUSPEND' when 1 then 'LIMIT' else 'NONE' end,
        coalesce(bool_or(r.rejects_media), false), coalesce(bool_or(r.rejects_reports), false)
      from (select coalesce((select value #>> '{}' from server_settings where key = 'federation_mode'), 'open') = 'allow-list'
          as is_allow_list) as mode
        cross join unnest(hosts) as host
        left join lateral (select * from domain_rules where domain = any(domain_with_parents(host))
          order by length(domain) desc limit 1) as r on true
      where host is not null $$`);
    this.addSql(`alter table actors
      add column domain_severity text not null default 'NONE' check (domain_severity in ('NONE', 'LIMIT', 'SUSPEND')),
      add column is_suspended boolean not null default false`);
    this.addSql(`update actors set is_suspended = true where status = 'SUSPENDED'`);
    this
      .addSql(`create function actor_hosts(actor uuid, domain text) returns text[] language sql stable parallel safe as $$
      select array[domain, (select host from remote_actors where actor_id = actor)] $$`);
  }
}
