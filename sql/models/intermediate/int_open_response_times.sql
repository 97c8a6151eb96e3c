-- grain: one row per scope_number and period_number in which something was asked: quantiles in opening hours
{{ kaplan_meier(ref('int_open_questions')) }}
