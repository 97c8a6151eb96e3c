-- grain: one row per organisation and week with a topic: a print of its topics, and of what was said in it
with

topics as (

    select
        organisation,
        week_start,
        sum({{ print_of(['term']) }}) as topics_print
    from {{ ref('int_topics') }}
    group by organisation, week_start

),

weeks as (

    select * from {{ ref('int_topic_prints') }}

),

final as (

    select
        topics.organisation,
        topics.week_start,
        {{ print_of(['topics.topics_print', 'weeks.group_print']) }} as group_print
    from topics
    inner join weeks
        on
            topics.organisation = weeks.organisation
            and topics.week_start = weeks.week_start

)

select * from final
