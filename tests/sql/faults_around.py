"""Faults in what is given, in networks, around them and in the six uses."""

from __future__ import annotations

from tests.sql.fault import PR_MODELS, USES, Fault, daily

GIVING = (
    daily(
        "give_share",
        "case when acts.act = 'relay' then 'give' else acts.giving end as giving",
        "acts.giving as giving",
        "to pass on what others said gives nothing",
    ),
    *(
        Fault(
            f"{model}_share",
            "int_posts",
            "case when posts.kind <> 'repost' then texts.pr_model end as pr_model",
            "texts.pr_model as pr_model",
            "a repost speaks in words of its own",
        )
        for model in PR_MODELS
    ),
)

NETWORKS = (
    Fault(
        "edge_reciprocity",
        "int_networks",
        "and edges.week = backs.week",
        "",
        "an answer in another week makes it mutual",
    ),
    Fault(
        "dyad_reciprocity",
        "int_measures_networks",
        "edges_count - mutual_edges_count / 2.0 as pairs_count",
        "edges_count as pairs_count",
        "a mutual pair counts twice below the line",
    ),
    Fault(
        "density",
        "int_networks",
        "nodes_count * (nodes_count - 1) as possible_edges_count",
        "nodes_count * nodes_count as possible_edges_count",
        "somebody may turn to himself",
    ),
    Fault(
        "in_centralization",
        "int_networks",
        "nodes_count * highest_in_degree - edges_count as in_difference",
        "nodes_count * highest_out_degree - edges_count as in_difference",
        "out for in",
    ),
    Fault(
        "out_centralization",
        "int_networks",
        "max(nodes.out_degree) as highest_out_degree",
        "max(nodes.in_degree + nodes.out_degree) as highest_out_degree",
        "direction is forgotten",
    ),
    Fault(
        "isolate_share",
        "int_networks",
        "when nodes.in_degree = 0 and nodes.out_degree = 0 then",
        "when nodes.out_degree = 0 then",
        "who was turned to counts as alone",
    ),
    Fault(
        "customer_to_customer_share",
        "int_networks",
        "when senders.is_customer and receivers.is_customer then",
        "when senders.is_customer then",
        "a customer who turns to the company counts",
    ),
    Fault(
        "returning_node_share",
        "int_measures_networks",
        "coalesce(befores.nodes_count, 0) as nodes_before_count",
        "coalesce(networks.nodes_count, 0) as nodes_before_count",
        "this week below the line",
    ),
    Fault(
        "modularity",
        "int_modularity",
        "get_modularity(ties, groups)",
        "get_modularity(ties, groups * 0)",
        "one group of all",
        "modularity",
    ),
    Fault(
        "networks_weekly: shape",
        "networks_weekly",
        "when too_few then null",
        "when false then null",
        "a handful of people get a shape",
        "networks_weekly",
    ),
    Fault(
        "networks_weekly: nodes",
        "int_network_nodes",
        "where posts.speaker_number is not null",
        "where posts.speaker_number is not null and posts.is_reply",
        "who begins a thread and gets no answer is lost",
        "networks_weekly",
    ),
)

AROUND = (
    Fault("volume", "stg_told_posts", "deleted_at is null", "true", "deleted posts are counted"),
    Fault(
        "share_of_voice",
        "int_counts_periods",
        "partition by filled.platform, filled.period_grain",
        "partition by filled.organisation, filled.platform, filled.period_grain",
        "the panel is the company alone",
    ),
    Fault(
        "story_volume",
        "int_measures_stories",
        "cast(stories as double)",
        "cast(voice_stories as double)",
        "what the company tells itself is left out",
    ),
    Fault(
        "story_share_of_voice",
        "int_measures_stories",
        "panel_voice_stories",
        "stories",
        "set against its own stories, not those of the panel",
    ),
    Fault(
        "net_sentiment",
        "int_posts",
        "case when posts.kind <> 'repost' then texts.sentiment end as sentiment",
        "texts.sentiment as sentiment",
        "a repost feels what it passes on",
    ),
    Fault(
        "scorecard: too_few",
        "scorecard",
        "measures.denominator < night.minimum_n",
        "measures.denominator <= night.minimum_n",
        "<= for <",
        "too_few",
    ),
    Fault(
        "scorecard: interval",
        "int_measures_counts",
        "1.959963984540054",
        "1.644853626951473",
        "an interval of 90% is called one of 95%",
        "intervals",
    ),
    Fault(
        "scorecard: coverage",
        "int_coverage_periods",
        "sum(period_seconds) as period_seconds",
        "max(period_seconds) as period_seconds",
        "one platform stands for all",
        "coverage",
    ),
    Fault(
        "scorecard: coverage of verbs",
        "int_coverage_daily",
        "partition by gaps.source, gaps.verb",
        "partition by gaps.source",
        "what one verb missed hides what another did",
        "coverage",
    ),
    Fault(
        "scorecard: change",
        "int_changes",
        "power(previous_high - previous_value, 2)",
        "power(previous_value - previous_low, 2)",
        "the wrong side of the interval",
        "changes",
    ),
    Fault(
        "scorecard: change of counts",
        "int_changes",
        "when grows_with_time and not is_whole then null",
        "when false then null",
        "half a week is set against a whole one",
        "changes",
    ),
    Fault(
        "scorecard: change of shares of people",
        "int_changes",
        "in ('people_answered_share', 'repeat_converser_share') as grows_with_time",
        "in ('') as grows_with_time",
        "who had half a month to come back is set against who had a whole one",
        "changes",
    ),
    Fault(
        "peaks: expected",
        "int_expectations",
        "and 2 * place between weeks_count and weeks_count + 2\n    group by",
        "group by",
        "the mean for the median",
        "peaks",
    ),
    Fault(
        "peaks: threshold",
        "int_peaks",
        "* 1.4826 * spread",
        "* spread",
        "the spread is not scaled",
        "peaks",
    ),
    Fault(
        "peaks_hourly: expected",
        "int_hourly_expectations",
        "coalesce(befores.volume, 0) as volume_before",
        "coalesce(befores.volume, busy.volume) as volume_before",
        "a silent hour is taken for a loud one",
        "peaks_hourly",
    ),
    Fault(
        "peaks_hourly: clock",
        "int_hourly_expectations",
        "and busy.hour_of_day = clock.hour_of_day",
        "",
        "any hour of the weekday is compared with",
        "peaks_hourly",
    ),
    Fault(
        "peaks_hourly: threshold",
        "int_hourly_peaks",
        "* 1.4826 * spread",
        "* 1.4826 * volume",
        "the wrong column scales the threshold",
        "peaks_hourly",
    ),
    Fault(
        "response_curve",
        "response_curve",
        "order by seconds desc",
        "order by seconds",
        "who was already answered is still at risk",
        "response_curve",
    ),
    Fault(
        "open_queue: posts",
        "int_unanswered",
        "and not is_answered",
        "",
        "who was answered still waits",
        "open_queue",
    ),
    Fault(
        "uses: unmet demand",
        "uses",
        "used.matured_posts - used.answered_posts as unmet_posts",
        "used.demand_posts - used.answered_posts as unmet_posts",
        "what nobody asked the company is demanded of it",
        "uses",
    ),
    Fault(
        "uses: net sentiment",
        "uses",
        "used.positive_posts - used.negative_posts",
        "used.positive_posts + used.negative_posts",
        "anger is joy",
        "uses",
    ),
    Fault(
        "incidents",
        "int_incidents",
        "rows between unbounded preceding and 1 preceding",
        "rows between unbounded preceding and current row",
        "no time passes between two runs",
        "incidents",
    ),
)

OF_USES = tuple(
    fault
    for use in USES
    for fault in (
        daily(
            f"demand_{use}",
            f"is_voice and purpose = '{use}' then posts_count end), 0) as bigint) as demand_{use}",
            f"purpose = '{use}' then posts_count end), 0) as bigint) as demand_{use}",
            "what the company says itself is demand",
        ),
        daily(
            f"attention_{use}",
            f"when role = 'outbound' and purpose = '{use}' then",
            f"when role = 'context' and purpose = '{use}' then",
            "another role",
        ),
        daily(
            f"response_rate_24h_{use}",
            f"when purpose = '{use}' and observed_seconds >= 86400 then 1 end",
            f"when purpose = '{use}' and is_answered then 1 end",
            "an inner join drops the unanswered",
        ),
    )
)
