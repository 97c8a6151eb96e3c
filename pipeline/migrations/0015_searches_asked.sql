-- What was asked of a search is noted as the platform gets it, with what narrows it: what was noted otherwise is not
-- comparable, and would have everything read back. What is added from the next complete run on is seen.
delete from ops.asked_names where verb = 'mentions';
