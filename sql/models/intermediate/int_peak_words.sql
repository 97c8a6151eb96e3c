-- grain: one row per organisation, platform, peak day and word: posts with it that day, and in the 28 days before;
-- only peaks of the last 28 days are looked into, and only platforms, not their sum
with

calendar as (

    select max(calendar_date) as last_day from {{ ref('int_calendar') }}

),

peaks as (

    select peaks.*
    from {{ ref('int_peaks') }} as peaks
    inner join calendar
        on peaks.posted_date > {{ days_later('calendar.last_day', -28) }}
    where peaks.platform <> 'all'

),

roles as (

    select * from {{ ref('int_roles') }}

),

texts as (

    select * from {{ ref('int_masked_texts') }}

),

spoken as (

    select
        peaks.organisation,
        peaks.platform,
        peaks.posted_date,
        roles.post_number,
        roles.posted_date = peaks.posted_date as is_peak
    from peaks
    inner join roles
        on
            peaks.organisation = roles.organisation
            and peaks.platform = roles.platform
            and peaks.posted_date >= roles.posted_date
            and peaks.posted_date <= {{ days_later('roles.posted_date', 28) }}

),

needed as (

    select post_number
    from spoken
    group by post_number

),

split as (

    select
        needed.post_number,
        {{ explode(words_of("lower(concat_ws(' ', texts.title, texts.text))")) }} as word
    from needed
    inner join texts
        on needed.post_number = texts.post_number

),

words as (

    select
        post_number,
        word
    from split
    where length(word) >= 4
    group by post_number, word

),

final as (

    select
        spoken.organisation,
        spoken.platform,
        spoken.posted_date,
        words.word,
        count(case when spoken.is_peak then 1 end) as peak_posts,
        count(case when not spoken.is_peak then 1 end) as before_posts
    from spoken
    inner join words
        on spoken.post_number = words.post_number
    group by spoken.organisation, spoken.platform, spoken.posted_date, words.word

)

select * from final
