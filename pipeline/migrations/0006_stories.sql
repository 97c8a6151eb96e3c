-- Texts that are copies of one another, and the story that the posts with them tell together.
-- grain: one row per text_key of a text that is long enough to be looked at: its fingerprint, by
-- which near-copies are found; bands are null when it has too few words to be anybody's story
create table enriched.fingerprints (
    text_key varchar not null,
    version varchar not null,
    bands uinteger[],
    is_compared boolean not null
);

-- grain: one row per pair of texts that say nearly the same, text_key the smaller
create table enriched.copies (
    text_key varchar not null,
    copy_key varchar not null
);

-- grain: one row per platform and post_id of a post that shares its story with another; the story
-- is named after the earliest of its posts
create table enriched.stories (
    platform varchar not null,
    post_id varchar not null,
    story_platform varchar not null,
    story_post_id varchar not null
);

-- How each organisation is spoken of, where a text speaks of several: praise for the one and blame
-- for the other are two judgements.
-- grain: one row per text_key and organisation that the text names, of texts that name several
create table enriched.moods (
    text_key varchar not null,
    organisation varchar not null,
    version varchar not null,
    sentiment varchar,
    sentiment_score double,
    sentiment_confidence double
);

-- grain: one row per text_key that names several organisations: by which version it was judged
create table enriched.judged_texts (
    text_key varchar not null,
    version varchar not null
);
