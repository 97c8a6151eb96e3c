-- Texts that analysts see, looked at for what reaches a person, in which nothing had to be blanked: by their digest.
-- grain: one row per text and rules by which it was looked at; gone with the text at the next publication
create table enriched.clean_texts (
    said blob not null,
    rules varchar not null
);
