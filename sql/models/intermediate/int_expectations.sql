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

weeks as (

    {%- for week in range(1, 9) %}
    select {{ 7 * week }} as days_before
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

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

),

medians as (

    select
        organisation,
        platform,
        posted_date,
        avg(cast(volume_before as double)) as expected
    from earlier
    where
        weeks_count >= 4
        -- the one in the middle, or the two
        and 2 * place between weeks_count and weeks_count + 2
    group by organisation, platform, posted_date

),

distances as (

    select
        earlier.organisation,
        earlier.platform,
        earlier.posted_date,
        earlier.volume,
        earlier.weeks_count,
        medians.expected,
        abs(earlier.volume_before - medians.expected) as distance,
        row_number() over (
            partition by earlier.organisation, earlier.platform, earlier.posted_date
            order by abs(earlier.volume_before - medians.expected), earlier.place
        ) as place
    from earlier
    inner join medians
        on
            earlier.organisation = medians.organisation
            and earlier.platform = medians.platform
            and earlier.posted_date = medians.posted_date

),

final as (

    select
        organisation,
        platform,
        posted_date,
        max(volume) as volume,
        max(weeks_count) as weeks_count,
        max(expected) as expected,
        avg(distance) as spread
    from distances
    where 2 * place between weeks_count and weeks_count + 2
    group by organisation, platform, posted_date

)

select * from final
