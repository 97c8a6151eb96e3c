-- Whether a post that names an organisation by word really is about it, where context words or a
-- learnt model tell; a post that is not stays, with the reason, and is not counted as a mention.
-- grain: one row per platform, post_id and organisation that was judged
create table enriched.relevance (
    platform varchar not null,
    post_id varchar not null,
    organisation varchar not null,
    relevance double not null,
    is_relevant boolean not null,
    reason varchar not null,
    matcher_version varchar not null
);

-- What the company's own people said of posts picked at random: is it about the organisation?
-- grain: one row per platform, post_id and organisation: the newest mark
create table enriched.samples (
    platform varchar not null,
    post_id varchar not null,
    organisation varchar not null,
    mark varchar not null,
    marked_at timestamptz not null
);
