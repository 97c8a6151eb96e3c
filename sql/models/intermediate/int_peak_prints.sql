-- grain: one row per organisation, platform (or `all`) and day with a peak, be it the day or an hour of it: a print of
-- these peaks and of what was said that day
with

peaks as (

    select
        organisation,
        platform,
        posted_date,
        sum({{ print_of(['peak_grain', 'begins_at']) }}) as peaks_print
    from {{ ref('int_peak_times') }}
    group by organisation, platform, posted_date

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

days as (

    select * from {{ ref('int_said_days') }}

),

final as (

    select
        peaks.organisation,
        peaks.platform,
        peaks.posted_date,
        {{ print_of(['max(peaks.peaks_print)', 'sum(days.said_print)']) }} as group_print
    from peaks
    inner join scopes
        on
            peaks.organisation = scopes.organisation
            and peaks.platform = scopes.scope
    inner join days
        on
            scopes.organisation = days.organisation
            and scopes.platform = days.platform
            and peaks.posted_date = days.posted_date
    group by peaks.organisation, peaks.platform, peaks.posted_date

)

select * from final
