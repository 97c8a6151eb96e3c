-- grain: one row per organisation, platform, peak_grain, begins_at and word that at least three posts of a peak hold:
-- posts with it in that day or hour, and in the 28 days before that day;
-- only peaks of the last 28 days are looked into, and only platforms, not their sum
{{ config(
    materialized='incremental',
    incremental_strategy='printed',
    unique_key=['organisation', 'platform', 'posted_date'],
    printed_in='int_peak_word_prints',
) }}
with

stale as (

    {{ groups_to_make('int_peak_word_prints', ['organisation', 'platform', 'posted_date']) }}

),

night as (

    select * from {{ ref('int_night') }}

),

peaks as (

    select
        times.*,
        stale.group_print
    from {{ ref('int_peak_times') }} as times
    inner join stale
        on
            times.organisation = stale.organisation
            and times.platform = stale.platform
            and times.posted_date = stale.posted_date

),

peak_days as (

    select
        organisation,
        platform,
        posted_date
    from peaks
    group by organisation, platform, posted_date

),

hour_days as (

    select
        organisation,
        platform,
        posted_date
    from peaks
    where peak_grain = 'hour'
    group by organisation, platform, posted_date

),

-- what was said on the days with an hour that is a peak
said as (

    select
        roles.organisation,
        roles.platform,
        {{ local_hour_begin('roles.posted_at', 'night.timezone') }} as hour_begins_at,
        roles.post_number
    from {{ ref('int_roles') }} as roles
    inner join hour_days
        on
            roles.organisation = hour_days.organisation
            and roles.platform = hour_days.platform
            and roles.posted_date = hour_days.posted_date
    cross join night

),

{{ words_said() }},

daily as (

    select * from {{ ref('int_word_days') }}

),

daily_totals as (

    select
        organisation,
        platform,
        posted_date,
        sum(posts_count) as posts_count
    from daily
    group by organisation, platform, posted_date

),

peak_words as (

    select
        peaks.organisation,
        peaks.platform,
        peaks.peak_grain,
        peaks.begins_at,
        peaks.posted_date,
        peaks.group_print,
        daily.word,
        daily.posts_count as peak_posts
    from peaks
    inner join daily
        on
            peaks.organisation = daily.organisation
            and peaks.platform = daily.platform
            and peaks.posted_date = daily.posted_date
    where peaks.peak_grain = 'day'

    union all

    select
        peaks.organisation,
        peaks.platform,
        peaks.peak_grain,
        peaks.begins_at,
        peaks.posted_date,
        peaks.group_print,
        words.word,
        count(*) as peak_posts
    from peaks
    inner join said
        on
            peaks.organisation = said.organisation
            and peaks.platform = said.platform
            and peaks.begins_at = said.hour_begins_at
    inner join words
        on said.post_number = words.post_number
    where peaks.peak_grain = 'hour'
    group by
        peaks.organisation,
        peaks.platform,
        peaks.peak_grain,
        peaks.begins_at,
        peaks.posted_date,
        peaks.group_print,
        words.word

),

totalled as (

    select
        peak_words.*,
        sum(peak_posts) over (partition by organisation, platform, peak_grain, begins_at) as all_peak
    from peak_words

),

standing_out as (

    select * from totalled
    where peak_posts >= 3

),

wanted as (

    select
        organisation,
        platform,
        posted_date,
        word
    from standing_out
    group by organisation, platform, posted_date, word

),

befores as (

    select
        wanted.organisation,
        wanted.platform,
        wanted.posted_date,
        wanted.word,
        sum(daily.posts_count) as before_posts
    from wanted
    inner join daily
        on
            wanted.organisation = daily.organisation
            and wanted.platform = daily.platform
            and wanted.word = daily.word
            and wanted.posted_date > daily.posted_date
            and wanted.posted_date <= {{ days_later('daily.posted_date', 28) }}
    group by wanted.organisation, wanted.platform, wanted.posted_date, wanted.word

),

before_totals as (

    select
        peak_days.organisation,
        peak_days.platform,
        peak_days.posted_date,
        sum(daily_totals.posts_count) as all_before
    from peak_days
    inner join daily_totals
        on
            peak_days.organisation = daily_totals.organisation
            and peak_days.platform = daily_totals.platform
            and peak_days.posted_date > daily_totals.posted_date
            and peak_days.posted_date <= {{ days_later('daily_totals.posted_date', 28) }}
    group by peak_days.organisation, peak_days.platform, peak_days.posted_date

),

final as (

    select
        standing_out.organisation,
        standing_out.platform,
        standing_out.peak_grain,
        standing_out.begins_at,
        standing_out.posted_date,
        standing_out.group_print,
        standing_out.word,
        cast(standing_out.peak_posts as bigint) as peak_posts,
        cast(coalesce(befores.before_posts, 0) as bigint) as before_posts,
        cast(standing_out.all_peak as bigint) as all_peak,
        cast(coalesce(before_totals.all_before, 0) as bigint) as all_before
    from standing_out
    left join befores
        on
            standing_out.organisation = befores.organisation
            and standing_out.platform = befores.platform
            and standing_out.posted_date = befores.posted_date
            and standing_out.word = befores.word
    left join before_totals
        on
            standing_out.organisation = before_totals.organisation
            and standing_out.platform = before_totals.platform
            and standing_out.posted_date = before_totals.posted_date

)

select * from final
