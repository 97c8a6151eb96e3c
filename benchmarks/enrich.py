"""Reading texts against TextBlob's own call per text, as ratios from one run.

    python -m benchmarks.enrich                  # 40,000 texts
    python -m benchmarks.enrich --texts 200000

The texts are composed here: sentences of the simulated world with made-up words, names, links,
handles and numbers in between, so that no two are alike and the memory of written forms is not
flattered: 60% Dutch, 35% English, the rest German and French. Every step sees the same texts, in
turns. TextBlob is asked as its manual says, ``TextBlob(text).sentiment``, and once more with the
Dutch sibling's analyser for Dutch; its time on a sample stands for all. Matching, of posts to and
about fifteen companies, has a line of its own. Ratios of single steps are of processor time, those
of all cores of wall-clock time: run it on an idle machine.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
import warnings
from collections.abc import Callable

import pyarrow as pa

from pipeline import enrich
from pipeline.enrich import acts, intent, language, purpose, sentiment
from pipeline.enrich.intent_phrases import spoken
from pipeline.enrich.text import readable
from pipeline.matching import Matcher, Named
from pipeline.processes import cores, pool
from pipeline.world.texts import BODIES, compose, topics

SHARES = {"nl": 0.60, "en": 0.35, "de": 0.03, "fr": 0.02}
MOODS = ("negative", "neutral", "positive")
NAMED = ("app", "battery", "first", "flex", "homonym", "me", "name", "org", "other", "who")
ROUNDS = 3
SAMPLE = 2_000
PART = 10_000
OWN = "TextBlob(text).sentiment"
SIBLING = "TextBlob, for Dutch its sibling"
BOTH = "readable + language + sentiment"
BOTH_ON_ALL = "all cores: language + sentiment"
EVERYTHING = "all steps, all cores"
MATCHING = "matching, 15 organisations"
COMPANIES = (
    *("KPN", "Ziggo", "Odido", "Albert Heijn", "Jumbo", "NS", "Bol", "Coolblue", "PostNL"),
    *("ING", "Rabobank", "ABN AMRO", "Eneco", "Vattenfall", "Schiphol"),
)
_ONSETS = (*"bdfghjklmnprstvwz", "br", "dr", "gr", "kl", "pr", "sch", "sl", "st")
_CORES = (*"aeiou", "aa", "ee", "ie", "oe", "oo", "ui", "ij")
_ENDS = (*"klmnrst", "ng", "rt", "st", "", "")

Text = tuple[str, str]
"""Language and text."""


def texts(count: int, seed: int = 1) -> list[Text]:
    """(language, text) of ``count`` posts of about 170 characters, no two alike."""
    chance = random.Random(seed)
    codes = chance.choices(list(SHARES), list(SHARES.values()), k=count)
    return [(code, _text(chance, code)) for code in codes]


def _text(chance: random.Random, code: str) -> str:
    sentences = [_sentence(chance, code) for _ in range(chance.choice((1, 2, 2, 3)))]
    words = " ".join(sentences).split(" ")
    for _ in range(1 + len(words) // 8):
        words.insert(chance.randrange(len(words) + 1), _word(chance))
    if chance.random() < 0.3:
        words.insert(0, f"@{_word(chance)}{chance.randrange(100)}")
    if chance.random() < 0.2:
        words.append(f"https://{_word(chance)}.example/{chance.randrange(10**6)}")
    return " ".join(words)


def _sentence(chance: random.Random, code: str) -> str:
    topic = chance.choice(topics(code))
    wish = chance.choice(list(BODIES[code][topic]))
    named = {slot: _word(chance).capitalize() for slot in NAMED}
    link = f"https://{_word(chance)}.example/"
    return compose(chance, code, topic, wish, chance.choice(MOODS), link=link, **named)  # type: ignore[arg-type]


def _word(chance: random.Random) -> str:
    return "".join(
        chance.choice(_ONSETS) + chance.choice(_CORES) + chance.choice(_ENDS)
        for _ in range(chance.choice((1, 2, 2, 3)))
    )


def textblob_calls() -> Callable[[Text], object]:
    """The packages' own call on one text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from textblob import TextBlob
        from textblob_nl import PatternAnalyzer

    dutch = PatternAnalyzer()

    def call(text: Text) -> object:
        code, words = text
        return (TextBlob(words, analyzer=dutch) if code == "nl" else TextBlob(words)).sentiment

    return call


def measure(posts: list[Text]) -> dict[str, tuple[float, float]]:
    """Per step the median (wall-clock, processor) microseconds a text, in turns.

    Processor time of the steps on all cores includes that of the processes that helped.
    """
    from textblob import TextBlob

    tags: list[str | None] = [None] * len(posts)
    table = pa.table(
        {
            "text_key": [str(number) for number in range(len(posts))],
            "text": [text for _, text in posts],
            "language": pa.array(tags, pa.string()),
        }
    )
    call = textblob_calls()
    sample, part = posts[:SAMPLE], posts[:PART]
    codes = [code for code, _ in part]
    plain = [readable(text) for _, text in part]
    said = [spoken(text) for text in plain]
    moods = sentiment.judge(plain, codes)
    wants = intent.intents(plain, said, codes, moods)
    taken: dict[str, list[tuple[float, float]]] = {}
    matcher, told = companies(), _as_posts(part)
    starts = range(0, len(posts), enrich.PORTION)
    portions = [posts[start : start + enrich.PORTION] for start in starts]
    with enrich.readers() as read, pool(cores()) as processes:
        read(table.slice(0, 1))
        list(processes.map(_language_and_sentiment, portions[: 2 * cores()]))
        first = _time(lambda: read(table), len(posts))
        steps: dict[str, tuple[Callable[[], object], int]] = {
            OWN: (lambda: [TextBlob(text).sentiment for _, text in sample], len(sample)),
            SIBLING: (lambda: [call(post) for post in sample], len(sample)),
            "readable": (lambda: [readable(text) for _, text in part], len(part)),
            "language": (lambda: language.detect(plain, tags[:PART]), len(part)),
            "sentiment": (lambda: sentiment.judge(plain, codes), len(part)),
            "spoken": (lambda: [spoken(text) for text in plain], len(part)),
            "intent": (lambda: intent.intents(plain, said, codes, moods), len(part)),
            "purpose": (lambda: purpose.purposes(said, codes, wants), len(part)),
            "acts": (lambda: acts.acts(plain, said, codes), len(part)),
            BOTH: (lambda: _language_and_sentiment(part), len(part)),
            BOTH_ON_ALL: (
                lambda: list(processes.map(_language_and_sentiment, portions)),
                len(posts),
            ),
            EVERYTHING: (lambda: read(table), len(posts)),
            MATCHING: (lambda: matcher.match(told), len(part)),
        }
        for _ in range(ROUNDS):
            for name, (work, count) in steps.items():
                taken.setdefault(name, []).append(_time(work, count))
    medians = {
        name: (statistics.median(w for w, _ in rounds), statistics.median(p for _, p in rounds))
        for name, rounds in taken.items()
    }
    return {**medians, f"{EVERYTHING}, first time": first}


def companies() -> Matcher:
    """Fifteen organisations with what one would write in luister.toml for each."""
    return Matcher.from_organisations(
        Named(
            name=name,
            aliases=(f"{name} Nederland", f"{name} klantenservice"),
            exclude=(f"{name} arena",),
            domains=(f"{_joined(name)}.nl",),
            tags=(_joined(name),),
            accounts={"x": [_joined(name)], "mastodon": [f"{_joined(name)}@social.example"]},
        )
        for name in COMPANIES
    )


def _joined(name: str) -> str:
    return name.lower().replace(" ", "")


def _as_posts(posts: list[Text]) -> pa.Table:
    """Posts of one platform; every sixth names a company, every fifth mentions one."""
    named = {number: COMPANIES[number % len(COMPANIES)] for number in range(0, len(posts), 6)}
    count = len(posts)
    return pa.table(
        {
            "platform": ["x"] * count,
            "post_id": [str(number) for number in range(count)],
            "title": pa.array([None] * count, pa.string()),
            "text": [f"{text} {named.get(number, '')}" for number, (_, text) in enumerate(posts)],
            "mentions": [["ns"] if number % 5 == 0 else ["buurman"] for number in range(count)],
            "tags": [["fail"]] * count,
            "links": [["https://www.nieuws.example/artikel"]] * count,
            "language": [code for code, _ in posts],
            "author_handle": [f"lezer{number % 999}" for number in range(count)],
            "author_id": [str(number % 999) for number in range(count)],
        }
    )


def _time(work: Callable[[], object], count: int) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return (
        (time.perf_counter() - wall) / count * 1e6,
        (time.process_time() - processor) / count * 1e6,
    )


def _language_and_sentiment(posts: list[Text]) -> object:
    plain = [readable(text) for _, text in posts]
    tongues = language.detect(plain, [None] * len(plain))
    return sentiment.judge(plain, [tongue.code for tongue in tongues])


def main() -> None:
    """Print times and ratios."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    arguments.add_argument("--texts", type=int, default=40_000)
    # fewer are read in one process, which says nothing of two
    posts = texts(max(arguments.parse_args().texts, enrich.POOL_FROM))
    mean = statistics.fmean(len(text) for _, text in posts)
    print(f"{len(posts)} texts, mean {mean:.0f} characters, {cores()} cores")
    measured = measure(posts)
    print(f"{'µs a text':40}{'wall':>8}{'cpu':>8}{'x TextBlob':>12}{'x with sibling':>16}")
    for name, (wall, processor) in measured.items():
        on_all = name.startswith("all")
        place, each = (0, wall) if on_all else (1, processor)
        own, sibling = measured[OWN][place] / each, measured[SIBLING][place] / each
        shown = f"{wall:8.1f}" + ("       -" if on_all else f"{processor:8.1f}")
        print(f"{name:40}{shown}{own:12.1f}{sibling:16.1f}")
    both = measured[OWN][0] / measured[BOTH_ON_ALL][0]
    every, matched = 1e6 / measured[EVERYTHING][0], 1e6 / measured[MATCHING][1]
    print(f"language + sentiment on {cores()} cores: {both:.1f} x TextBlob's own call, as measured")
    print(f"all steps on {cores()} cores: {every:,.0f} texts a second")
    print(f"matching on one core: {matched:,.0f} posts a second of processor time")
    print("On a busy machine only processor times and ratios within a round mean anything.")


if __name__ == "__main__":
    main()
