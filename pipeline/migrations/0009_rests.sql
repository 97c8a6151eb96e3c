-- With which settings a source was asked (a digest), and until when it wants to be left alone.
alter table ops.collections add column asked_as varchar;
alter table ops.collections add column not_before timestamptz;
