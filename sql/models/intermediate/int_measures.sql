-- grain: one row per organisation, platform (or `all`), period_grain, period_start and measure, without coverage
select * from {{ ref('int_measures_counts') }}
union all
select * from {{ ref('int_measures_times') }}
union all
select * from {{ ref('int_measures_people') }}
union all
select * from {{ ref('int_measures_threads') }}
union all
select * from {{ ref('int_measures_networks') }}
union all
select * from {{ ref('int_measures_giving') }}
union all
select * from {{ ref('int_measures_uses') }}
union all
select * from {{ ref('int_measures_stories') }}
