-- grain: one row per source and address that has moved for good
create table ops.moves (
    source varchar not null,
    moved_from varchar not null,
    moved_to varchar not null,
    run_id varchar not null
);

-- what the platform counts besides requests and posts: units, searches
-- grain: one row per run, source and quota
create table ops.spending (
    run_id varchar not null,
    source varchar not null,
    platform varchar not null,
    quota varchar not null,
    spent_count bigint not null
);
