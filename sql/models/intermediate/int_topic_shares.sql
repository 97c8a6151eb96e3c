-- grain: one row per organisation, post_number, kind and hashtag, address or domain that it passes on
{{ config(
    materialized='incremental',
    incremental_strategy='printed',
    unique_key=['organisation', 'week_start'],
    printed_in='int_topic_prints',
) }}
with

stale as (

    {{ groups_to_make('int_topic_prints', ['organisation', 'week_start']) }}

),

voices as (

    select voices.*
    from {{ ref('int_topic_voices') }} as voices
    inner join stale
        on
            voices.organisation = stale.organisation
            and voices.week_start = stale.week_start

),

posts as (

    select * from {{ ref('stg_posts') }}

),

passing as (

    select
        voices.organisation,
        voices.week_start,
        voices.group_print,
        voices.person_number,
        voices.post_number,
        posts.links,
        posts.tags
    from voices
    inner join posts
        on voices.post_number = posts.post_number

),

linked as (

    select
        organisation,
        week_start,
        group_print,
        person_number,
        post_number,
        {{ explode('links') }} as address
    from passing

),

tagged as (

    select
        organisation,
        week_start,
        group_print,
        person_number,
        post_number,
        {{ explode('tags') }} as tag
    from passing

),

-- an address is passed on many times, and read once
addresses as (

    select address
    from linked
    group by address

),

sites as (

    select
        address,
        min({{ host_of('address') }}) as site,
        min({{ mask('address') }}) as shown_address
    from addresses
    group by address

),

-- an address that leads to a person is not shown
followed as (

    select
        linked.organisation,
        linked.week_start,
        linked.group_print,
        linked.person_number,
        linked.post_number,
        linked.address,
        sites.site
    from linked
    inner join sites
        on linked.address = sites.address
    where
        sites.shown_address = linked.address
        and sites.site <> ''

),

final as (

    select
        organisation,
        week_start,
        group_print,
        person_number,
        post_number,
        'link' as kind,
        address as shared
    from followed

    union all

    select
        organisation,
        week_start,
        group_print,
        person_number,
        post_number,
        'domain' as kind,
        site as shared
    from followed

    union all

    select
        organisation,
        week_start,
        group_print,
        person_number,
        post_number,
        'hashtag' as kind,
        '#' || lower(trim(leading '#' from tag)) as shared
    from tagged
    where trim(leading '#' from tag) <> ''

)

select * from final
