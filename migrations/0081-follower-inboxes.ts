/**
 * Where what is for a follower is brought, kept with the follow: the inboxes of all followers are few among many rows. And
 * which of many hosts the staff has ruled out, found for all of them together.
 */
import { Migration } from '@mikro-orm/migrations';

export class Migration0081FollowerInboxes extends Migration {
  override up(): void {
    this.addSql('alter table follows add column inbox_url text');
    this
      .addSql(`update follows set inbox_url = coalesce(r.shared_inbox_url, r.inbox_url) from remote_actors r
      where r.actor_id = follows.follower_id`);
    this.addSql(
      `create index follows_inboxes on follows (followee_id, inbox_url) where state = 'ACCEPTED' and inbox_url is not null`,
    );
    // The lock makes a follow wait for a change of the follower's inbox, and the change for the follow: neither misses the other.
    this.addSql(`create function find_inbox_of_follow() returns trigger language plpgsql as $$ begin
      select coalesce(shared_inbox_url, inbox_url) into new.inbox_url from remote_actors
      where actor_id = new.follower_id for share;
      return new;
    end $$`);
    this.addSql(`create trigger follows_inbox before insert on follows
      for each row when (new.is_remote) execute function find_inbox_of_follow()`);
    this
      .addSql(`create function keep_inbox_of_follows() returns trigger language plpgsql as $$ begin
      update follows set inbox_url = coalesce(new.shared_inbox_url, new.inbox_url) where follower_id = new.actor_id;
      return null;
    end $$`);
    this
      .addSql(`create trigger remote_actors_inbox after update of inbox_url, shared_inbox_url on remote_actors
      for each row when (coalesce(new.shared_inbox_url, new.inbox_url) <> coalesce(old.shared_inbox_url, old.inbox_url))
      execute function keep_inbox_of_follows()`);
    // As `domain_policy` decides it: of several rules the one for the longest name holds.
    this
      .addSql(`create function suspended_hosts(hosts text[]) returns setof text language sql stable parallel safe as $$
      with named as materialized (
        select distinct host, string_to_array(rtrim(split_part(lower(host), ':', 1), '.'), '.') as labels
        from unnest(hosts) as host where host is not null)
      select named.host from named
        cross join (select coalesce((select value #>> '{}' from server_settings where key = 'federation_mode'), 'open') = 'allow-list'
          as is_allow_list) as mode
        left join (select distinct on (n.host) n.host, r.severity
          from named n cross join lateral generate_subscripts(n.labels, 1) as place
            join domain_rules r on r.domain = array_to_string(n.labels[place:], '.')
          order by n.host, length(r.domain) desc) as rule on rule.host = named.host
      where coalesce(rule.severity = 'SUSPEND', mode.is_allow_list) $$`);
  }
}
