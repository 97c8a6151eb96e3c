-- What each verb of a source was asked for, so that a name that is added is read back.
-- grain: one row per source, verb and name (its digest) in the last complete run that asked the verb
create table ops.asked_names (
    source varchar not null,
    verb varchar not null,
    name_digest varchar not null
);
