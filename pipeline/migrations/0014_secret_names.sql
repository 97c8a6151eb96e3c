-- Names of the variables a source was asked with, and of those that were not there; never what they hold.
alter table ops.collections add column secrets_used varchar;
alter table ops.collections add column secrets_missing varchar;
