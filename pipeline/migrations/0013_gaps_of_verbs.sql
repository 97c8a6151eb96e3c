-- What one verb of a source has not covered while its others were asked; null where it is of the whole source.
alter table ops.gaps add column verb varchar;
