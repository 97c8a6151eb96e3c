{#- What DuckDB and Spark spell differently: the only place where a model may depend on its engine. -#}

{#- The day of a moment in a time zone. -#}
{% macro local_date(moment, timezone) -%}
    {{ adapter.dispatch('local_date', 'luister')(moment, timezone) }}
{%- endmacro %}

{% macro default__local_date(moment, timezone) -%}
    cast(timezone({{ timezone }}, {{ moment }}) as date)
{%- endmacro %}

{% macro spark__local_date(moment, timezone) -%}
    to_date(from_utc_timestamp({{ moment }}, {{ timezone }}))
{%- endmacro %}

{#- The hour of the clock in a time zone, 0 to 23. -#}
{% macro local_hour(moment, timezone) -%}
    {{ adapter.dispatch('local_hour', 'luister')(moment, timezone) }}
{%- endmacro %}

{% macro default__local_hour(moment, timezone) -%}
    cast(hour(timezone({{ timezone }}, {{ moment }})) as integer)
{%- endmacro %}

{% macro spark__local_hour(moment, timezone) -%}
    hour(from_utc_timestamp({{ moment }}, {{ timezone }}))
{%- endmacro %}

{#- The moment at which the hour of the clock in a time zone began: an hour that the clock shows twice began twice. -#}
{% macro local_hour_begin(moment, timezone) -%}
    {{ adapter.dispatch('local_hour_begin', 'luister')(moment, timezone) }}
{%- endmacro %}

{% macro default__local_hour_begin(moment, timezone) -%}
    {{ moment }} - (timezone({{ timezone }}, {{ moment }}) - date_trunc('hour', timezone({{ timezone }}, {{ moment }})))
{%- endmacro %}

{% macro spark__local_hour_begin(moment, timezone) -%}
    timestamp_micros(
        unix_micros({{ moment }}) - pmod(unix_micros(from_utc_timestamp({{ moment }}, {{ timezone }})), 3600000000)
    )
{%- endmacro %}

{#- The moment at which a day begins in a time zone: where the clock shows midnight twice, the first. -#}
{% macro local_midnight(day, timezone) -%}
    {{ adapter.dispatch('local_midnight', 'luister')(day, timezone) }}
{%- endmacro %}

{#- By itself DuckDB takes the second one. -#}
{% macro default__local_midnight(day, timezone) -%}
    {%- set last = "timezone(" ~ timezone ~ ", cast(" ~ day ~ " as timestamp))" -%}
    {{ last }} - to_hours(
        cast(cast(timezone({{ timezone }}, {{ last }} - to_hours(1)) as date) = {{ day }} as integer)
    )
{%- endmacro %}

{% macro spark__local_midnight(day, timezone) -%}
    to_utc_timestamp(cast({{ day }} as timestamp), {{ timezone }})
{%- endmacro %}

{#- A moment that is not known yet. -#}
{% macro no_moment() -%}
    {{ adapter.dispatch('no_moment', 'luister')() }}
{%- endmacro %}

{% macro default__no_moment() -%}
    cast(null as timestamp with time zone)
{%- endmacro %}

{% macro spark__no_moment() -%}
    cast(null as timestamp)
{%- endmacro %}

{#- Seconds from one moment to another, with fractions. -#}
{% macro seconds_between(begin, finish) -%}
    {{ adapter.dispatch('seconds_between', 'luister')(begin, finish) }}
{%- endmacro %}

{% macro default__seconds_between(begin, finish) -%}
    cast((epoch_us({{ finish }}) - epoch_us({{ begin }})) / 1000000.0 as double)
{%- endmacro %}

{% macro spark__seconds_between(begin, finish) -%}
    cast((unix_micros({{ finish }}) - unix_micros({{ begin }})) / 1000000.0 as double)
{%- endmacro %}

{#- A day some days later (or earlier, when negative). -#}
{% macro days_later(day, days) -%}
    {{ adapter.dispatch('days_later', 'luister')(day, days) }}
{%- endmacro %}

{% macro default__days_later(day, days) -%}
    cast({{ day }} + cast({{ days }} as integer) as date)
{%- endmacro %}

{% macro spark__days_later(day, days) -%}
    date_add({{ day }}, {{ days }})
{%- endmacro %}

{#- Day of the week, Monday 1 to Sunday 7. -#}
{% macro weekday_of(day) -%}
    {{ adapter.dispatch('weekday_of', 'luister')(day) }}
{%- endmacro %}

{% macro default__weekday_of(day) -%}
    cast(isodow({{ day }}) as integer)
{%- endmacro %}

{% macro spark__weekday_of(day) -%}
    weekday({{ day }}) + 1
{%- endmacro %}

{#- One row per element of a list. -#}
{% macro explode(list) -%}
    {{ adapter.dispatch('explode', 'luister')(list) }}
{%- endmacro %}

{% macro default__explode(list) -%}
    unnest({{ list }})
{%- endmacro %}

{% macro spark__explode(list) -%}
    explode({{ list }})
{%- endmacro %}

{#- The list of all days from one to another, both included. -#}
{% macro days_from_to(first_day, last_day) -%}
    {{ adapter.dispatch('days_from_to', 'luister')(first_day, last_day) }}
{%- endmacro %}

{% macro default__days_from_to(first_day, last_day) -%}
    generate_series(cast({{ first_day }} as timestamp), cast({{ last_day }} as timestamp), interval 1 day)
{%- endmacro %}

{% macro spark__days_from_to(first_day, last_day) -%}
    sequence({{ first_day }}, {{ last_day }}, interval 1 day)
{%- endmacro %}

{#- The list of moments from one to another, an hour apart, both included. -#}
{% macro hours_from_to(first_moment, last_moment) -%}
    {{ adapter.dispatch('hours_from_to', 'luister')(first_moment, last_moment) }}
{%- endmacro %}

{% macro default__hours_from_to(first_moment, last_moment) -%}
    generate_series({{ first_moment }}, {{ last_moment }}, interval 1 hour)
{%- endmacro %}

{% macro spark__hours_from_to(first_moment, last_moment) -%}
    sequence({{ first_moment }}, {{ last_moment }}, interval 1 hour)
{%- endmacro %}

{#- A pseudonymous key: a digest of a text, null for null. -#}
{% macro digest(text) -%}
    {{ adapter.dispatch('digest', 'luister')(text) }}
{%- endmacro %}

{% macro default__digest(text) -%}
    substr(sha256({{ text }}), 1, 24)
{%- endmacro %}

{% macro spark__digest(text) -%}
    substr(sha2({{ text }}, 256), 1, 24)
{%- endmacro %}

{#- A number for a name on a platform, null for null: joins by it are quicker and smaller than by long names. -#}
{% macro number_of(platform, name) -%}
    {{ adapter.dispatch('number_of', 'luister')(platform, name) }}
{%- endmacro %}

{% macro default__number_of(platform, name) -%}
    case when {{ name }} is not null then hash({{ platform }}, {{ name }}) end
{%- endmacro %}

{% macro spark__number_of(platform, name) -%}
    luister_number({{ platform }}, {{ name }})
{%- endmacro %}

{#- Where a row of a table stands, by which a few rows are read without all that the others hold; where there is no such
    thing, the number of what it is about. -#}
{% macro place_of_row(number) -%}
    {{ adapter.dispatch('place_of_row', 'luister')(number) }}
{%- endmacro %}

{% macro default__place_of_row(number) -%}
    rowid
{%- endmacro %}

{% macro spark__place_of_row(number) -%}
    {{ number }}
{%- endmacro %}

{#- Condition on rows of a table, never of a view, of which few fulfil it: they are found by its columns first, and all
    else is read of them alone. Where rows have no place, the condition itself. -#}
{% macro found_first(table, condition) -%}
    {{ adapter.dispatch('found_first', 'luister')(table, condition) }}
{%- endmacro %}

{% macro default__found_first(table, condition) -%}
    rowid in (select rowid from {{ table }} where {{ condition }})
{%- endmacro %}

{% macro spark__found_first(table, condition) -%}
    {{ condition }}
{%- endmacro %}

{#- A number for some columns together: another one as soon as one of them changes, nulls told apart; may be summed. -#}
{% macro print_of(columns) -%}
    {{ adapter.dispatch('print_of', 'luister')(columns | join(', ')) }}
{%- endmacro %}

{% macro default__print_of(columns) -%}
    hash({{ columns }})
{%- endmacro %}

{#- By itself Spark leaves out what is null, so that which column it was in is lost, and the last digits of a moment. -#}
{% macro spark__print_of(columns) -%}
    {%- set whole = "'ignoreNullFields', 'false', 'timestampFormat', 'yyyy-MM-dd HH:mm:ss.SSSSSS'" -%}
    cast(xxhash64(to_json(struct({{ columns }}), map({{ whole }}))) as decimal(20, 0))
{%- endmacro %}

{#- The words of a text, in order, as they are written. -#}
{% macro words_of(text) -%}
    {{ adapter.dispatch('words_of', 'luister')(text) }}
{%- endmacro %}

{% macro default__words_of(text) -%}
    regexp_extract_all({{ text }}, '\p{L}+')
{%- endmacro %}

{% macro spark__words_of(text) -%}
    regexp_extract_all({{ text }}, '(\\p{L}+)', 1)
{%- endmacro %}

{#- The first word of at least two letters, with one capital; null when there is none. -#}
{% macro first_name(name) -%}
    {{ adapter.dispatch('first_name', 'luister')(name) }}
{%- endmacro %}

{% macro default__first_name(name) -%}
    nullif(
        upper(substr(regexp_extract({{ name }}, '\p{L}{2,}'), 1, 1))
        || lower(substr(regexp_extract({{ name }}, '\p{L}{2,}'), 2)), ''
    )
{%- endmacro %}

{% macro spark__first_name(name) -%}
    nullif(initcap(regexp_extract({{ name }}, '(\\p{L}{2,})', 1)), '')
{%- endmacro %}

{#- Replace every match of a regular expression that RE2 and Java read alike; both are quoted literals. -#}
{% macro replace_all(text, pattern, replacement) -%}
    {{ adapter.dispatch('replace_all', 'luister')(text, pattern, replacement) }}
{%- endmacro %}

{% macro default__replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }}, 'g')
{%- endmacro %}

{#- Java writes a group in a replacement as $1, and takes letters beyond ASCII for parts of a word where RE2 does not. -#}
{% macro spark__replace_all(text, pattern, replacement) -%}
    {%- set edge = "(?:(?<![0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<=[0-9A-Za-z_])(?![0-9A-Za-z_]))" -%}
    regexp_replace({{ text }}, r{{ pattern | replace("\\b", edge) }}, {{ replacement | replace("\\1", "$1") }})
{%- endmacro %}

{#- Every match of a regular expression, in order; the pattern is a quoted literal. -#}
{% macro matches_of(text, pattern) -%}
    {{ adapter.dispatch('matches_of', 'luister')(text, pattern) }}
{%- endmacro %}

{% macro default__matches_of(text, pattern) -%}
    regexp_extract_all({{ text }}, {{ pattern }})
{%- endmacro %}

{% macro spark__matches_of(text, pattern) -%}
    regexp_extract_all({{ text }}, r{{ pattern }}, 0)
{%- endmacro %}

{#- The texts of a group, in order of another text of their rows: the longest first. -#}
{% macro longest_first(text, by) -%}
    {{ adapter.dispatch('longest_first', 'luister')(text, by) }}
{%- endmacro %}

{% macro default__longest_first(text, by) -%}
    list({{ text }} order by length({{ by }}) desc, {{ text }})
{%- endmacro %}

{% macro spark__longest_first(text, by) -%}
    transform(
        array_sort(collect_list(named_struct('shortness', -length({{ by }}), 'said', {{ text }}))),
        each -> each.said
    )
{%- endmacro %}

{#- A text in which the first half of each pair stands no more, but the second; halves are parted by char(2). -#}
{% macro replace_pairs(text, pairs) -%}
    {{ adapter.dispatch('replace_pairs', 'luister')(text, pairs) }}
{%- endmacro %}

{% macro default__replace_pairs(text, pairs) -%}
    list_reduce(
        {{ pairs }},
        lambda said, pair: replace(said, split_part(pair, chr(2), 1), split_part(pair, chr(2), 2)),
        {{ text }}
    )
{%- endmacro %}

{% macro spark__replace_pairs(text, pairs) -%}
    aggregate(
        {{ pairs }},
        {{ text }},
        (said, pair) -> replace(said, split_part(pair, chr(2), 1), split_part(pair, chr(2), 2))
    )
{%- endmacro %}

{#- The elements of two lists, each once. -#}
{% macro united(first, second) -%}
    {{ adapter.dispatch('united', 'luister')(first, second) }}
{%- endmacro %}

{% macro default__united(first, second) -%}
    list_distinct(list_concat({{ first }}, {{ second }}))
{%- endmacro %}

{% macro spark__united(first, second) -%}
    array_distinct(concat({{ first }}, {{ second }}))
{%- endmacro %}

{#- Neighbours in a list of words, in order: the pairs a b and b c of a, b, c. -#}
{% macro pairs_of(words) -%}
    {{ adapter.dispatch('pairs_of', 'luister')(words) }}
{%- endmacro %}

{% macro default__pairs_of(words) -%}
    list_transform(
        list_zip({{ words }}[:-2], {{ words }}[2:]),
        lambda pair: pair[1] || ' ' || pair[2]
    )
{%- endmacro %}

{% macro spark__pairs_of(words) -%}
    transform(
        arrays_zip(slice({{ words }}, 1, greatest(size({{ words }}) - 1, 0)), slice({{ words }}, 2, size({{ words }}))),
        pair -> concat(pair['0'], ' ', pair['1'])
    )
{%- endmacro %}

{#- The host of an address in lower case, without www; empty when it is none. -#}
{% macro host_of(address) -%}
    {{ adapter.dispatch('host_of', 'luister')(address) }}
{%- endmacro %}

{% macro default__host_of(address) -%}
    lower(regexp_extract({{ address }}, '^(?i)https?://(?:www[.])?([^/:?#@\s]+)(?:[/:?#]|$)', 1))
{%- endmacro %}

{% macro spark__host_of(address) -%}
    lower(regexp_extract({{ address }}, r'^(?i)https?://(?:www[.])?([^/:?#@\s]+)(?:[/:?#]|\z)', 1))
{%- endmacro %}
