-- grain: one row per organisation, platform (or `all`) and day with at least four of its weekday in the 8 weeks before:
-- their median, and the median of their distances from it
with

daily as (

    select
        organisation,
        platform,
        period_start as posted_date,
        volume
    from {{ ref('int_counts_periods') }}
    where period_grain = 'day'

),

{{ weeks_before() }},

{{ begun() }},

earlier as (

    select
        daily.organisation,
        daily.platform,
        daily.posted_date,
        daily.volume,
        befores.volume as volume_before,
        row_number() over (
            partition by daily.organisation, daily.platform, daily.posted_date
            order by befores.volume, befores.posted_date
        ) as place,
        count(*) over (partition by daily.organisation, daily.platform, daily.posted_date) as weeks_count
    from daily
    cross join weeks
    inner join daily as befores
        on
            daily.organisation = befores.organisation
            and daily.platform = befores.platform
            and daily.posted_date = {{ days_later('befores.posted_date', 'weeks.days_before') }}
    inner join begun
        on
            befores.organisation = begun.organisation
            and befores.platform = begun.platform
            and (befores.posted_date >= begun.first_day or befores.volume > 0)

),

{{ robust_expectation(['organisation', 'platform', 'posted_date']) }}

select * from final
