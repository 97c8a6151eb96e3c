-- grain: one row per organisation, platform (or `all`), peak_grain, begins_at and rank: the posts of that day or hour
-- that drew most reactions
{{ config(
    materialized='incremental',
    incremental_strategy='printed',
    unique_key=['organisation', 'platform', 'posted_date'],
    printed_in='int_peak_prints',
) }}
with

stale as (

    {{ groups_to_make('int_peak_prints', ['organisation', 'platform', 'posted_date']) }}

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

scopes as (

    select * from {{ ref('int_scopes') }}

),

posts as (

    select
        *,
        coalesce(replies_count, 0) + coalesce(reposts_count, 0) + coalesce(likes_count, 0) as reactions_count
    from {{ ref('int_posts') }}

),

peak_days as (

    select
        organisation,
        platform,
        posted_date
    from peaks
    group by organisation, platform, posted_date

),

-- what was said on the days of peaks
said as (

    select
        peak_days.organisation,
        peak_days.platform,
        peak_days.posted_date,
        roles.post_number,
        roles.role,
        {{ local_hour_begin('roles.posted_at', 'night.timezone') }} as hour_begins_at
    from peak_days
    inner join scopes
        on
            peak_days.organisation = scopes.organisation
            and peak_days.platform = scopes.scope
    inner join {{ ref('int_roles') }} as roles
        on
            scopes.organisation = roles.organisation
            and scopes.platform = roles.platform
            and peak_days.posted_date = roles.posted_date
    cross join night

),

made as (

    select
        peaks.organisation,
        peaks.platform,
        peaks.peak_grain,
        peaks.begins_at,
        peaks.posted_date,
        peaks.group_print,
        said.post_number,
        said.role
    from peaks
    inner join said
        on
            peaks.organisation = said.organisation
            and peaks.platform = said.platform
            and peaks.posted_date = said.posted_date
    where peaks.peak_grain = 'day'

    union all

    select
        peaks.organisation,
        peaks.platform,
        peaks.peak_grain,
        peaks.begins_at,
        peaks.posted_date,
        peaks.group_print,
        said.post_number,
        said.role
    from peaks
    inner join said
        on
            peaks.organisation = said.organisation
            and peaks.platform = said.platform
            and peaks.begins_at = said.hour_begins_at
    where peaks.peak_grain = 'hour'

),

ranked as (

    select
        made.organisation,
        made.platform,
        made.peak_grain,
        made.begins_at,
        made.posted_date,
        made.group_print,
        made.post_number,
        made.role,
        posts.reactions_count,
        row_number() over (
            partition by made.organisation, made.platform, made.peak_grain, made.begins_at
            order by posts.reactions_count desc, posts.posted_at asc, posts.post_number asc
        ) as post_rank
    from made
    inner join posts
        on made.post_number = posts.post_number

),

keys as (

    select * from {{ ref('int_keys') }}

),

final as (

    select
        ranked.organisation,
        ranked.platform,
        ranked.peak_grain,
        ranked.begins_at,
        ranked.posted_date,
        ranked.group_print,
        cast(ranked.post_rank as integer) as post_rank,
        keys.post_key,
        ranked.role,
        ranked.reactions_count
    from ranked
    inner join keys
        on ranked.post_number = keys.post_number
    where ranked.post_rank <= 5

)

select * from final
