-- The private database. No primary keys: the load merges on the grain named here and an audit
-- checks that it is unique (a key index makes a merge twice as slow and has known faults).
create schema raw;
create schema enriched;
create schema conf;
create schema ops;

-- grain: one row per platform and post_id, as last observed
create table raw.posts (
    platform varchar not null,
    post_id varchar not null,
    kind varchar not null,
    created_at timestamptz,
    edited_at timestamptz,
    deleted_at timestamptz,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    native_id varchar,
    url varchar,
    parent_id varchar,
    root_id varchar,
    quoted_id varchar,
    reposted_id varchar,
    parent_author_id varchar,
    author_id varchar,
    author_key varchar,
    author_handle varchar,
    title varchar,
    text varchar not null,
    text_key varchar not null,
    language varchar,
    mentions varchar[] not null,
    tags varchar[] not null,
    links varchar[] not null,
    likes_count bigint,
    reposts_count bigint,
    replies_count bigint,
    quotes_count bigint,
    views_count bigint,
    rating double,
    visibility varchar not null,
    first_source varchar not null,
    first_verb varchar not null
);

-- grain: one row per platform and alias (a server's local id, a second urn)
create table raw.post_aliases (
    platform varchar not null,
    alias varchar not null,
    post_id varchar not null
);

-- grain: one row per platform and post_id: its place in its reply tree
create table raw.threads (
    platform varchar not null,
    post_id varchar not null,
    thread_id varchar not null,
    depth integer not null,
    is_parent_known boolean not null
);

-- grain: one row per platform, post_id and distinct text of a post whose text was changed, its
-- present text included, from the moment it was first observed; unchanged posts have no row
create table raw.post_versions (
    platform varchar not null,
    post_id varchar not null,
    observed_at timestamptz not null,
    edited_at timestamptz,
    title varchar,
    text varchar not null
);

-- grain: one row per platform, post_id and observation in which a count moved
create table raw.post_counts (
    platform varchar not null,
    post_id varchar not null,
    observed_at timestamptz not null,
    likes_count bigint,
    reposts_count bigint,
    replies_count bigint,
    quotes_count bigint,
    views_count bigint
);

-- grain: one row per platform and post_id: what the platform sent last
create table raw.payloads (
    platform varchar not null,
    post_id varchar not null,
    observed_at timestamptz not null,
    payload varchar not null
);

-- grain: one row per platform, post_id and source that gave it
create table raw.post_sources (
    platform varchar not null,
    post_id varchar not null,
    source varchar not null,
    verb varchar not null,
    first_run_id varchar not null
);

-- grain: one row per platform and author_id, as last observed
create table raw.authors (
    platform varchar not null,
    author_id varchar not null,
    author_key varchar not null,
    author_handle varchar,
    author_name varchar,
    author_url varchar,
    followers_count bigint,
    following_count bigint,
    posts_count bigint,
    created_at timestamptz,
    is_bot boolean,
    is_opted_out boolean,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null
);

-- grain: one row per platform, author_id and observation in which the audience size moved
create table raw.author_counts (
    platform varchar not null,
    author_id varchar not null,
    observed_at timestamptz not null,
    followers_count bigint,
    following_count bigint,
    posts_count bigint
);

-- grain: one row per text_key: what the newest enricher read in this text
create table enriched.texts (
    text_key varchar not null,
    enricher_version varchar not null,
    language varchar,
    language_confidence double,
    sentiment varchar,
    sentiment_score double,
    sentiment_confidence double,
    intents varchar[] not null
);

-- grain: one row per platform, post_id, organisation and way of naming it
create table enriched.matches (
    platform varchar not null,
    post_id varchar not null,
    organisation varchar not null,
    alias varchar not null,
    alias_kind varchar not null,
    matcher_version varchar not null
);

-- grain: one row: what the models need to know of luister.toml
create table conf.settings (
    timezone varchar not null,
    language varchar not null,
    minimum_n integer not null,
    opening_hours varchar not null,
    holidays_country varchar
);

-- grain: one row per organisation
create table conf.organisations (
    organisation varchar not null,
    role varchar not null
);

-- grain: one row per organisation, platform and account; account is lower case without leading @
create table conf.accounts (
    organisation varchar not null,
    platform varchar not null,
    account varchar not null,
    account_kind varchar not null
);

-- grain: one row per configured source
create table conf.sources (
    source varchar not null,
    platform varchar not null,
    verbs varchar[] not null
);

-- grain: one row per run
create table ops.runs (
    run_id varchar not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    status varchar not null,
    version varchar not null
);

-- grain: one row per run and source
create table ops.collections (
    run_id varchar not null,
    source varchar not null,
    platform varchar not null,
    asked_from timestamptz not null,
    asked_through timestamptz not null,
    status varchar not null,
    error_code varchar,
    error varchar,
    requests_count bigint not null,
    bytes_count bigint not null,
    rate_limited_seconds double not null,
    posts_count bigint not null,
    new_posts_count bigint not null,
    duplicates_count bigint not null,
    rejected_count bigint not null,
    seconds double not null
);

-- grain: one row per source and platform of its posts
create table ops.progress (
    source varchar not null,
    platform varchar not null,
    collected_from timestamptz not null,
    collected_through timestamptz not null,
    run_id varchar not null
);

-- grain: one row per source and stretch of time that is not covered
create table ops.gaps (
    source varchar not null,
    platform varchar not null,
    gap_from timestamptz not null,
    gap_to timestamptz not null,
    reason varchar not null,
    run_id varchar not null,
    closed_by_run_id varchar
);

-- grain: one row per item that was not understood
create table ops.quarantine (
    run_id varchar not null,
    source varchar not null,
    platform varchar not null,
    reason varchar not null,
    path varchar not null,
    payload varchar not null
);

-- grain: one row per source and address: validators of conditional requests, verbatim
create table ops.http_state (
    source varchar not null,
    address varchar not null,
    etag varchar,
    last_modified varchar,
    body_digest varchar,
    run_id varchar not null
);

-- grain: one row per landing file that was loaded
create table ops.landings (
    run_id varchar not null,
    source varchar not null,
    file_digest varchar not null,
    loaded_at timestamptz not null
);
