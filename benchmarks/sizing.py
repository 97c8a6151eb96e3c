"""What it takes: bytes, core-hours, requests and euros for so many companies or posts, simulated.

    python -m benchmarks.sizing                      # 100 companies a year, and a billion posts
    python -m benchmarks.sizing --companies 20 --posts-a-day 500
    python -m benchmarks.sizing --seed 2

Companies differ in size as companies do (lognormal), days differ in how much is said (weekdays, and
now and then a storm), platforms in how many posts one request brings and how many requests a day
they grant. Everything else is a unit cost: those of the processor and the disk are the last that
were measured (``benchmarks/results.json``), prices are examples to be replaced by your own. Each
company is a night of its own, with its own models and report. One number is assumed and not
measured: how platforms share what is said.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

DAYS: Final = 365
RESULTS: Final = Path(__file__).with_name("results.json")
SPARK_TIMES: Final = 9
"""What the models of a post cost Spark, in times of what they cost DuckDB: seen on a million."""
ONCE: Final = ("decode", "land", "load", "match")
MADE: Final = ("models, first",)
SHOWN: Final = ("publish", "report")
STORM_SHARE: Final = 0.01
"""Of the days of a company; then ten times as much is said."""


@dataclass(frozen=True)
class Units:
    """What one post costs, and a night; processor seconds of one core, bytes on disk."""

    new_post: float
    """Seconds to decode, land, load, match and read it, once."""
    kept_post: float
    """Seconds to make the models of it, each night."""
    shown_post: float
    """Seconds to publish and report it, each night."""
    night: float
    """Seconds for what a night takes whatever is in it."""
    landing_bytes: float
    database_bytes: float

    @classmethod
    def measured(cls, path: Path = RESULTS) -> Units:
        """From the runs of ``python -m benchmarks --keep`` that were committed.

        What a post costs once is that of the largest run. What it costs each night is what the
        largest run takes more than the smallest for each post that it has more; what is left of the
        smallest is a night's own. One run alone has no such rest.
        """
        runs = sorted(json.loads(path.read_text()), key=lambda run: int(run["posts"]))
        small, large = runs[0], runs[-1]

        def each(stage: str, field: str = "processor_seconds") -> float:
            side = large["stages"][stage]["ours"]
            return float(side[field]) / float(side["units"])

        more = large["posts"] - small["posts"] or large["posts"]

        def each_night(stages: Sequence[str]) -> float:
            less = _seconds(small, stages) if large is not small else 0.0
            return (_seconds(large, stages) - less) / more

        kept_post, shown_post = each_night(MADE), each_night(SHOWN)
        rest = _seconds(small, (*MADE, *SHOWN)) - (kept_post + shown_post) * small["posts"]
        return cls(
            # reading is done by other processes, on all cores as long as it takes
            new_post=sum(each(stage) for stage in ONCE)
            + each("all reading", "seconds") * large["cores"],
            kept_post=kept_post,
            shown_post=shown_post,
            night=max(rest, 0.0),
            landing_bytes=each("land", "written_megabytes") * 1e6,
            # what does not fit into memory is written more than once
            database_bytes=min(map(_written, runs)),
        )


def _written(run: dict[str, Any]) -> float:
    """Bytes a post that loading and the first build wrote."""
    stages = (run["stages"][name]["ours"] for name in ("load", "models, first"))
    return sum(float(side["written_megabytes"]) / float(side["units"]) for side in stages) * 1e6


def _seconds(run: dict[str, Any], stages: Sequence[str]) -> float:
    """Processor seconds of some stages for all posts of a run."""
    return sum(float(run["stages"][stage]["ours"]["processor_seconds"]) for stage in stages)


@dataclass(frozen=True)
class Prices:
    """Euros, without tax: a rented machine and an object store; replace them by your own."""

    core_hour: float = 0.02
    gigabyte_month: float = 0.02
    x_post: float = 0.005


@dataclass(frozen=True)
class Platform:
    """How much of what is said is said there, and how it may be read."""

    name: str
    share: float
    posts_a_request: float
    requests_a_day: float
    is_shared: bool
    """Whether the limit holds for all companies together: one key, one address."""


PLATFORMS: Final = (
    Platform("feeds and sites", 0.25, 10, 86_400, False),
    Platform("mastodon", 0.10, 20, 86_400, False),
    Platform("bluesky", 0.20, 50, 864_000, True),
    Platform("reddit", 0.15, 50, 86_400, True),
    Platform("youtube", 0.15, 50, 10_000, True),
    Platform("x", 0.15, 80, 43_200, True),
)
PRICES: Final = Prices()


@dataclass(frozen=True)
class Size:
    """What a year of listening takes."""

    companies: int
    posts: float
    busiest_day: float
    landing_bytes: float
    database_bytes: float
    core_hours_a_year: float
    busiest_night_core_hours: float
    fullest_platform: str
    fullest_share: float
    euros_a_month: float


def simulate(companies: int, posts_a_day: float, seed: int, *, on_spark: bool) -> Size:
    """A year of so many companies; ``posts_a_day`` is the median company's."""
    random = np.random.default_rng(seed)
    sizes = posts_a_day * random.lognormal(0.0, 1.2, companies)
    weekday = np.where(np.arange(DAYS) % 7 < 5, 1.1, 0.75)
    storms = np.where(random.random((companies, DAYS)) < STORM_SHARE, 10.0, 1.0)
    daily = random.poisson(sizes[:, None] * weekday[None, :] * storms)
    by_day = daily.sum(axis=0).astype(float)
    posts = float(by_day.sum())
    units = Units.measured()
    build = units.kept_post * (SPARK_TIMES if on_spark else 1) + units.shown_post
    # each night reads what is new and makes the models of what is kept (90 days) again
    kept = np.convolve(by_day, np.ones(90))[:DAYS]
    nights = (by_day * units.new_post + kept * build + companies * units.night) / 3600
    fullest, share = _fullest(daily)
    storage = float(kept.max()) * (units.landing_bytes + units.database_bytes)
    monthly = float(nights.sum()) / 12 * PRICES.core_hour + storage / 1e9 * PRICES.gigabyte_month
    bought = posts / 12 * next(p.share for p in PLATFORMS if p.name == "x") * PRICES.x_post
    return Size(
        companies=companies,
        posts=posts,
        busiest_day=float(by_day.max()),
        landing_bytes=float(kept.max()) * units.landing_bytes,
        database_bytes=float(kept.max()) * units.database_bytes,
        core_hours_a_year=float(nights.sum()),
        busiest_night_core_hours=float(nights.max()),
        fullest_platform=fullest,
        fullest_share=share,
        euros_a_month=monthly + bought,
    )


def _fullest(daily: np.ndarray) -> tuple[str, float]:
    """The platform whose limit comes first, and how much of it its busiest day takes."""
    found = {}
    for platform in PLATFORMS:
        needed = daily * platform.share / platform.posts_a_request
        busiest = needed.sum(axis=0).max() if platform.is_shared else needed.max()
        found[platform.name] = float(busiest) / platform.requests_a_day
    name = max(found, key=found.__getitem__)
    return name, found[name]


def told(size: Size, what: str) -> str:
    """A few lines for people."""
    return "\n".join(
        (
            f"{what}: {size.companies:,} companies, {size.posts / 1e6:,.1f} million posts a year",
            f"  busiest day              {size.busiest_day:14,.0f} posts",
            f"  landing, 90 days         {size.landing_bytes / 1e9:14,.2f} GB",
            f"  database, 90 days        {size.database_bytes / 1e9:14,.2f} GB",
            f"  processor                {size.core_hours_a_year:14,.1f} core-hours a year",
            f"  busiest night            {size.busiest_night_core_hours:14,.2f} core-hours",
            f"  limit that comes first   {size.fullest_platform}: {size.fullest_share:.1%} a day",
            f"  euros a month            {size.euros_a_month:14,.0f}",
        )
    )


def main() -> None:
    """Print what it takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--companies", type=int, default=100)
    parser.add_argument("--posts-a-day", type=float, default=150.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    many = simulate(asked.companies, asked.posts_a_day, asked.seed, on_spark=False)
    print(told(many, "one machine"))
    times = 1e9 / many.posts
    billion = simulate(asked.companies, asked.posts_a_day * times, asked.seed, on_spark=True)
    print(told(billion, "a billion posts a year, models on Spark"))


if __name__ == "__main__":
    main()
