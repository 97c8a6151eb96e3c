-- What a run could ask of a source, and how far each verb of it has looked.
alter table ops.collections add column asked_verbs varchar;
alter table ops.collections add column verbs_without_access varchar;

-- grain: one row per source and verb that was asked in a complete run
create table ops.verb_progress (
    source varchar not null,
    verb varchar not null,
    collected_through timestamptz not null
);

-- a source that was never asked anything, for want of a key or of accounts, has not looked anywhere
delete from ops.progress where source not in (
    select source from ops.collections where requests_count > 0 or posts_count > 0 or rejected_count > 0
);
