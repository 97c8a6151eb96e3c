-- grain: one row per author_number, as last observed
select
    {{ number_of('platform', 'lower(author_id)') }} as author_number,
    max(followers_count) as followers_count,
    case
        when max(followers_count) is null then 'unknown'
        when max(followers_count) < 100 then '0-99'
        when max(followers_count) < 1000 then '100-999'
        when max(followers_count) < 10000 then '1000-9999'
        else '10000+'
    end as audience_band,
    {{ first_name('max(author_name)') }} as first_name
from {{ source('raw', 'authors') }}
group by {{ number_of('platform', 'lower(author_id)') }}
