-- Conversations of which some could not be read: no time is missing of their source, only the rest of them.
-- grain: one row per source and post a thread was asked with, from when it was first cut off until it was read whole
create table raw.cut_threads (
    source varchar not null,
    platform varchar not null,
    post_id varchar not null,
    reason varchar not null,
    is_asked_again boolean not null,
    first_cut_at timestamptz not null,
    last_cut_at timestamptz not null,
    run_id varchar not null,
    closed_by_run_id varchar
);
