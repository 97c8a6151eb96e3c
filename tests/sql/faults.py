"""One deliberate fault a measure."""

from __future__ import annotations

from tests.sql.fault import Fault, daily
from tests.sql.faults_around import AROUND, GIVING, NETWORKS, OF_USES

_ACTS = (
    daily(
        "own_posts",
        "when role = 'outbound' then posts_count end), 0) as bigint) as outbound",
        "when role in ('outbound', 'employee') then posts_count end), 0) as bigint) as outbound",
        "employees speak for the company",
    ),
    Fault(
        "broadcasts",
        "int_acts",
        "when tagging.post_number is not null then 'outreach'",
        "when false then 'outreach'",
        "whom a post tags is not looked at",
    ),
    Fault(
        "replies",
        "int_acts",
        "posts.is_reply and (not posts.is_parent_known or parent_owner.author_number is null)",
        "posts.is_reply and posts.is_parent_known and parent_owner.author_number is null",
        "a reply to a post that was not collected is none",
    ),
    Fault(
        "relays",
        "int_acts",
        "posts.is_share and shared_owner.author_number is null then",
        "posts.is_share and shared_owner.author_number <> 0 then",
        "null is compared instead of asked for",
    ),
    Fault(
        "outreach",
        "int_acts",
        "where owned_names.author_number is null",
        "where true",
        "tagging oneself is outreach",
    ),
    Fault(
        "continuations",
        "int_acts",
        "other_voices.first_other_at >= posts.posted_at",
        "other_voices.first_other_at < posts.posted_at",
        "before and after are turned round",
    ),
    Fault(
        "conversation_share",
        "int_counts_periods",
        "filled.outbound_posts - filled.continuations as own_posts_counted",
        "filled.outbound_posts as own_posts_counted",
        "continuations stay in the denominator",
    ),
    Fault(
        "broadcast_share",
        "int_measures_counts",
        "broadcasts + self_relays",
        "broadcasts",
        "to share oneself is no broadcasting",
    ),
    Fault(
        "listening_ratio",
        "int_measures_counts",
        "replies + relays + outreach",
        "replies + relays",
        "outreach is left out",
    ),
    Fault(
        "proactive_share",
        "int_acts",
        "when is_parent_addressing then 'reactive'",
        "when is_parent_addressing is not null then 'reactive'",
        "a parent with any role counts as one that addressed",
    ),
    daily(
        "question_share",
        "when act = 'broadcast' and is_question then 1 end) as audience_questions,",
        "when is_question then 1 end) as audience_questions,",
        "questions in replies count",
    ),
    daily(
        "questions_answered_share",
        "exchanges.thread_number is not null as is_taken_up",
        "true as is_taken_up",
        "every question counts as taken up",
    ),
)

_ANSWERS = (
    Fault(
        "addressed_posts",
        "int_roles",
        "when posts.kind = 'review' and placed.post_number is null then 'addressed'",
        "when false then 'addressed'",
        "reviews address nobody",
    ),
    daily(
        "mentioned_posts",
        "role in ('mentioned', 'peer_to_peer') then posts_count end), 0) as bigint) as mentioned",
        "role = 'mentioned' then posts_count end), 0) as bigint) as mentioned",
        "what people say to each other is forgotten",
    ),
    daily(
        "response_rate_1h",
        "when observed_seconds >= 3600 then 1 end) as matured_1h",
        "when observed_seconds >= 3600 and is_answered then 1 end) as matured_1h",
        "an inner join drops the unanswered",
    ),
    daily(
        "response_rate_4h",
        "observed_seconds >= 14400 and seconds <= 14400",
        "observed_seconds >= 14400 and seconds is not null",
        "an answer at any time is in time",
    ),
    daily(
        "response_rate_24h",
        "when observed_seconds >= 86400 then 1 end) as matured_24h,",
        "when true then 1 end) as matured_24h,",
        "posts that are not a day old count as unanswered",
    ),
    daily(
        "response_rate_7d",
        "observed_seconds >= 604800 and seconds <= 604800",
        "seconds <= 604800",
        "answers to posts that have not matured count",
    ),
    Fault(
        "needs_response_rate_24h",
        "int_asked",
        "posts.rating <= 3",
        "posts.rating < 3",
        "< for <=: a review of three needs no answer",
    ),
    Fault(
        "first_response_seconds_median",
        "int_questions",
        "starts_clock\n        and observed_seconds >= 0",
        "starts_clock\n        and is_answered",
        "the unanswered are left out",
    ),
    Fault(
        "first_response_seconds_p90",
        "int_response_times",
        "HALF, A_TENTH = 0.5, 0.1",
        "HALF, A_TENTH = 0.5, 0.9",
        "the tenth percentile for the ninetieth",
    ),
    Fault(
        "first_response_open_seconds_median",
        "int_open_questions",
        "least(dated.watched_until, untils.closes_at)",
        "dated.watched_until",
        "the clock runs on after closing time",
    ),
    daily(
        "open_queue",
        "not is_answered and observed_seconds >= 0 as is_open",
        "not is_answered as is_open",
        "what nobody has looked past counts as waiting",
    ),
    Fault(
        "oldest_waiting_seconds",
        "int_counts_periods",
        "max(daily.oldest_waiting_seconds)",
        "min(daily.oldest_waiting_seconds)",
        "the shortest wait for the longest",
    ),
)

_THREADS = (
    daily(
        "conversation_rate",
        "then replies_count end) as broadcasts_with_replies",
        "then 1 end) as broadcasts_with_replies",
        "unknown counts as zero",
    ),
    daily(
        "amplification_rate",
        "then reposts_count end) as broadcasts_with_reposts",
        "then likes_count end) as broadcasts_with_reposts",
        "another column in the denominator",
    ),
    daily(
        "applause_rate",
        "sum(case when act = 'broadcast' then likes_count end)",
        "sum(likes_count)",
        "likes of replies count for broadcasts",
    ),
    Fault(
        "turns_mean",
        "int_threads",
        "told.turns_count > 0 as is_exchange",
        "true as is_exchange",
        "threads without an answer stay in the mean",
    ),
    Fault(
        "returns_after_answer_share",
        "int_threads",
        "spoken.posted_at > first_answers.answered_at",
        "spoken.posted_at < first_answers.answered_at",
        "to have spoken before is to return",
    ),
    Fault(
        "last_word_customer_share",
        "int_threads",
        "when is_last and is_person then",
        "when is_last and not is_owned then",
        "an employee is a customer",
    ),
    Fault(
        "thread_depth_mean",
        "int_threads",
        "max(depth) as depth,",
        "max(depth) + 1 as depth,",
        "the root is counted as a level",
    ),
    Fault(
        "thread_size_mean",
        "int_threads",
        "count(*) as posts_count,",
        "count(speaker_number) as posts_count,",
        "posts of unknown authors are lost",
    ),
    Fault(
        "thread_h_index",
        "int_threads",
        "where posts_count >= depth",
        "where posts_count > depth",
        "> for >=",
    ),
)

_PEOPLE = (
    Fault(
        "people_answered",
        "int_people_answered",
        "where names.author_number is null",
        "where true",
        "colleagues are people answered",
    ),
    Fault(
        "people_answered_share",
        "int_people_addressing",
        "case when is_answered then 1 else 0 end as answered_count",
        "0 as answered_count",
        "one answer is none",
    ),
    Fault(
        "repeat_converser_share",
        "int_people_answered",
        "min(replies.thread_number) < max(replies.thread_number)",
        "count(*) > 1",
        "two days of one thread are two conversations",
    ),
    Fault(
        "answer_gini",
        "int_people_addressing",
        "    from placed\n",
        "    from placed where answers_count > 0\n",
        "who got nothing is left out",
    ),
    Fault(
        "personal_address_share",
        "int_personal_replies",
        "posts.is_signed\n        or",
        "posts.is_signed\n        and",
        "and for or",
    ),
    Fault(
        "response_by_audience: rate",
        "int_audiences",
        "case when seen_often.observed_at <= addressed.asked_at then 0 else 1 end",
        "0",
        "the audience of later for that of then",
        "response_by_audience",
    ),
    Fault(
        "response_by_audience: quartile",
        "int_response_times",
        "followers > ordered[smaller_count - 1]",
        "followers >= ordered[smaller_count - 1]",
        "people with as many followers as the last of a quarter stand above it",
        "response_by_audience",
    ),
    Fault(
        "response_by_audience: people",
        "int_response_times",
        "quartiles = known.astype(np.int8)",
        "quartiles = np.ones_like(known, dtype=np.int8)",
        "an unknown audience counts as the smallest",
        "response_by_audience",
    ),
    Fault(
        "response_by_audience: median",
        "int_response_times",
        "np.where(is_answer, steps[: len(chosen)][::-1], 0.0)",
        "steps[: len(chosen)][::-1]",
        "the end of observation counts as an answer",
        "response_by_audience",
    ),
)

FAULTS: tuple[Fault, ...] = (
    *_ACTS,
    *_ANSWERS,
    *_THREADS,
    *_PEOPLE,
    *GIVING,
    *NETWORKS,
    *AROUND,
    *OF_USES,
)
