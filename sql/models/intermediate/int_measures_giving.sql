-- grain: one row per organisation, platform (or `all`), period_grain, period_start and measure
-- what own posts give and take, how they speak, and whom they see
with

counts as (

    select * from {{ ref('int_counts_periods') }}

),

final as (

    {{ measures('counts', [
        ['give_share', 'share', 'giving_posts', '(giving_posts + taking_posts)'],
        ['press_agentry_share', 'share', 'press_agentry_posts', 'outbound_posts'],
        ['public_information_share', 'share', 'public_information_posts', 'outbound_posts'],
        ['two_way_asymmetrical_share', 'share', 'two_way_asymmetrical_posts', 'outbound_posts'],
        ['two_way_symmetrical_share', 'share', 'two_way_symmetrical_posts', 'outbound_posts'],
        ['personal_address_share', 'share', 'personal_replies', 'replies'],
    ]) }}

)

select * from final
