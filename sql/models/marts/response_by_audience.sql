-- grain: one row per organisation, platform (or `all`), period_grain, period_start and audience_quartile
with

grid as (

    select * from {{ ref('int_grid') }}

),

quartiles as (

    {%- for quartile in ['1', '2', '3', '4', 'unknown'] %}
    select '{{ quartile }}' as audience_quartile
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

times as (

    select * from {{ ref('int_response_times') }}

),

night as (

    select * from {{ ref('int_night') }}

),

filled as (

    select
        grid.organisation,
        grid.platform,
        grid.period_grain,
        grid.period_start,
        quartiles.audience_quartile,
        coalesce(times.people_count, 0) as people_count,
        coalesce(times.matured_posts, 0) as matured_posts,
        coalesce(times.answered_posts, 0) as answered_posts,
        coalesce(times.questions_count, 0) as questions_count,
        coalesce(times.answered_count, 0) as questions_answered,
        times.median_seconds,
        times.fewest_followers
    from grid
    cross join quartiles
    left join times
        on
            grid.scope_number = times.scope_number
            and grid.period_number = times.period_number
            and quartiles.audience_quartile = times.audience_quartile

),

final as (

    select
        filled.organisation,
        filled.platform,
        filled.period_grain,
        filled.period_start,
        filled.audience_quartile,
        filled.people_count,
        -- one digit that counts: how many follow one person exactly would point at that person
        cast(
            case
                when filled.people_count < night.minimum_n then null
                when filled.fewest_followers < 1 then filled.fewest_followers
                else
                    floor(filled.fewest_followers / power(10, floor(log10(filled.fewest_followers))))
                    * power(10, floor(log10(filled.fewest_followers)))
            end as bigint
        ) as followers_from,
        filled.matured_posts,
        filled.answered_posts,
        {{ ratio('filled.answered_posts', 'filled.matured_posts') }} as response_rate_24h,
        {{ wilson_low('filled.answered_posts', 'filled.matured_posts') }} as response_rate_low,
        {{ wilson_high('filled.answered_posts', 'filled.matured_posts') }} as response_rate_high,
        filled.questions_count,
        filled.questions_answered,
        filled.median_seconds as first_response_seconds_median,
        filled.matured_posts < night.minimum_n as too_few
    from filled
    cross join night

)

select * from final
