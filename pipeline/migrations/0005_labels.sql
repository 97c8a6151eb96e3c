-- What the company's own people say texts are, for learning.
-- grain: one row per task and text_key: the newest label
create table enriched.labels (
    task varchar not null,
    text_key varchar not null,
    label varchar not null,
    labelled_at timestamptz not null
);
