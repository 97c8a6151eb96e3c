-- What inbound texts are about (one of the six uses), and what the company's own texts do.
alter table enriched.texts add column purpose varchar;
alter table enriched.texts add column giving varchar;
alter table enriched.texts add column pr_model varchar;
alter table enriched.texts add column message_type varchar;
alter table enriched.texts add column is_signed boolean;
