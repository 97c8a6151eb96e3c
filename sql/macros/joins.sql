{#- How an organisation is spoken of, where there are moods: by what was judged of it where a text names several, else
    by what was read in the whole text. -#}
{% macro sentiment_about(read) -%}
    case when moods.post_number is not null then moods.sentiment else {{ read }} end
{%- endmacro %}

{#- Counts of every organisation, platform and period of the grid, zero where there are none in `summed`. -#}
{% macro counts_on_grid(columns) -%}
    select
        grid.organisation,
        grid.platform,
        grid.period_grain,
        grid.period_start,
        {%- for column in columns %}
        cast(coalesce(summed.{{ column }}, 0) as bigint) as {{ column }}
        {{- ',' if not loop.last }}
        {%- endfor %}
        {{- caller() if caller }}
    from grid
    left join summed
        on
            grid.scope_number = summed.scope_number
            and grid.period_number = summed.period_number
{%- endmacro %}

{#-
  A count of an organisation, `panel_own_` before its name, and of the company and its competitors together, `panel_`
  before it: on a platform, in a period, over the panel of that period. Zero for who is not of it.
-#}
{% macro over_panel(relation, panel, column) -%}
    {%- set own = "case when " ~ panel ~ ".is_in_panel then " ~ relation ~ "." ~ column ~ " else 0 end" -%}
    {{ own }} as panel_own_{{ column }},
        case
            when {{ panel }}.is_in_panel then cast(
                sum({{ own }}) over (
                    partition by {{ relation }}.platform, {{ relation }}.period_grain, {{ relation }}.period_start
                ) as bigint
            )
            else 0
        end as panel_{{ column }}
{%- endmacro %}

{#-
  Steps to what periods that are made again are made of, where there are stale, scopes and period_days: `stale_scopes`,
  the organisation and platforms of each scope, and `stale_days`, the days of the periods on each platform. What is known
  by a platform, as a person is, can be looked at by these once, and counted in its scopes then.
-#}
{% macro stale_periods() -%}
stale_scopes as (

    select
        stale.scope_number,
        stale.period_number,
        scopes.organisation,
        scopes.platform
    from stale
    inner join scopes
        on stale.scope_number = scopes.scope_number

),

stale_days as (

    select
        stale_scopes.organisation,
        stale_scopes.platform,
        stale_scopes.period_number,
        period_days.calendar_date
    from stale_scopes
    inner join period_days
        on stale_scopes.period_number = period_days.period_number
    group by
        stale_scopes.organisation,
        stale_scopes.platform,
        stale_scopes.period_number,
        period_days.calendar_date

)
{%- endmacro %}

{#- Steps to what was said in the weeks that are made again, as `roles`, where there is `stale`: scopes, days, posts. The
    many are found by few days, so that no row is told apart for weeks that stay as they are. -#}
{% macro said_in_stale_weeks() -%}
calendar as (

    select
        calendar_date,
        cast(date_trunc('week', calendar_date) as date) as week
    from {{ ref('int_calendar') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

stale_days as (

    select
        stale.scope_number,
        stale.week,
        scopes.organisation,
        scopes.platform,
        calendar.calendar_date
    from stale
    inner join scopes
        on stale.scope_number = scopes.scope_number
    inner join calendar
        on stale.week = calendar.week

),

roles as (

    select
        stale_days.scope_number,
        stale_days.week,
        roles.post_number
    from {{ ref('int_roles') }} as roles
    inner join stale_days
        on
            roles.organisation = stale_days.organisation
            and roles.platform = stale_days.platform
            and roles.posted_date = stale_days.calendar_date

)
{%- endmacro %}
