-- grain: one row per scope_number and period_number in which something was asked: quantiles on the wall clock
{{ kaplan_meier(ref('int_questions')) }}
