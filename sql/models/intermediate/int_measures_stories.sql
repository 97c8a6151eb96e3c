-- grain: one row per organisation, platform (or `all`), period_grain, period_start and measure
-- what was told, copies counted once
with

stories as (

    select * from {{ ref('int_stories_periods') }}

),

final as (

    {{ measures('stories', [
        ['story_volume', 'count', 'stories', none],
        ['story_share_of_voice', 'share', 'panel_own_voice_stories', 'panel_voice_stories'],
    ]) }}

)

select * from final
