-- What keeping times have removed, so that the report can tell.
-- grain: one row per kind of data: how long it is kept, and when that was last enforced
create table ops.retention (
    kind varchar not null,
    kept_days integer not null,
    removed_count bigint not null,
    enforced_at timestamptz not null
);
