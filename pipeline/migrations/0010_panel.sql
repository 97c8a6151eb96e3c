-- Since when an organisation is listened for.

-- grain: one row per organisation that is listened for; joined_at is null when that was so from the first post on
create table ops.panel (
    organisation varchar not null,
    joined_at timestamptz
);

insert into ops.panel select organisation, null from conf.organisations;
