-- grain: one row per organisation, alias and post_number of int_relevance, with what somebody marked
{{ config(materialized='view') }}
with

samples as (

    select * from {{ ref('stg_samples') }}

),

final as (

    select
        relevance.organisation,
        relevance.alias,
        relevance.post_number,
        relevance.is_relevant,
        samples.is_right
    from {{ ref('int_relevance') }} as relevance
    left join samples
        on
            relevance.organisation = samples.organisation
            and relevance.post_number = samples.post_number

)

select * from final
