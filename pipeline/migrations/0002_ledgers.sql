-- What was matched and found to name nobody must be told from what was not matched yet.
-- grain: one row per platform and post_id: the text and the matcher it was last matched with
create table enriched.matched_posts (
    platform varchar not null,
    post_id varchar not null,
    text_key varchar not null,
    matcher_version varchar not null
);

-- posts that may not be kept: not public, or by somebody who opted out
alter table ops.collections add column left_out_count bigint;
