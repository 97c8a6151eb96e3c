"""Peaks and sources: what is worth telling, and what our own reading made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import errors
from pipeline.alerts.peaks import Peak, find_peaks
from pipeline.alerts.signals import gather
from pipeline.alerts.sources import find_trouble
from pipeline.alerts.wording import word
from pipeline.analysis import ask
from pipeline.errors import LuisterError
from pipeline.report.failures import NEXT, WHY
from pipeline.report.words import Words
from tests.alerts.conftest import MORNING, config_of
from tests.report.published import RUN

Change = Callable[..., None]
TUESDAY = date(2025, 3, 4)
PEAK = """
    insert into marts.peaks by name
    select 'Zon' as organisation, 'all' as platform, date '2025-03-04' as posted_date,
        20 as volume, 8 as weeks_count, 5.0 as expected, 2.0 as spread, 13.9 as threshold
"""


def peaks(folder: Path, oldest: date = TUESDAY, newest: date = date(2025, 3, 6)) -> list[Peak]:
    def asking(query: str) -> list[dict[str, Any]]:
        return ask(folder / "analytics.duckdb", query).as_dicts()

    return list(find_peaks(folder, asking, "Zon", oldest, newest))


def test_a_peak_is_told_with_what_is_usual(folder: Path, change: Change) -> None:
    change(PEAK)

    (peak,) = peaks(folder)

    assert (peak.day, peak.volume, peak.expected, peak.weeks) == (TUESDAY, 20, 5.0, 8)


def test_a_peak_that_a_new_source_made_is_not_told(folder: Path, change: Change) -> None:
    change(PEAK)
    change(
        "update ops.progress set collected_from = timestamptz '2025-02-20 00:00:00+00' "
        "where source = 'evil feed'",
        private=True,
    )

    assert peaks(folder) == []


@pytest.mark.fault(17)
def test_a_peak_that_was_read_days_later_is_not_told(folder: Path, change: Change) -> None:
    change(PEAK)
    change(
        "update raw.posts set first_seen_at = first_seen_at + interval 3 days "
        "where platform = 'evil'",
        private=True,
    )

    assert peaks(folder) == []


def test_a_peak_of_last_week_is_no_news(folder: Path, change: Change) -> None:
    change(PEAK)

    assert peaks(folder, oldest=date(2025, 3, 5)) == []


def test_days_in_a_row_are_one_peak_that_may_become_worse(folder: Path, change: Change) -> None:
    change(PEAK)
    (first,) = [each for each in gather(config_of(folder), MORNING).found if each.kind == "peak"]
    change(PEAK.replace("2025-03-04", "2025-03-03").replace("20 as", "30 as"))
    (second,) = [each for each in gather(config_of(folder), MORNING).found if each.kind == "peak"]

    assert first.key == "peak:2025-03-04"
    assert second.key == "peak:2025-03-03"
    change("update marts.peaks set volume = 60 where posted_date = date '2025-03-04'")
    (worse,) = [each for each in gather(config_of(folder), MORNING).found if each.kind == "peak"]
    assert worse.key == second.key
    assert worse.level > second.level


def test_the_words_and_posts_of_a_peak_are_told(folder: Path, change: Change) -> None:
    change(
        PEAK,
        """
        insert into marts.peak_terms by name
        select 'Zon' as organisation, platform, date '2025-03-04' as posted_date,
            term_rank, term, 9 as posts_count, 0 as posts_before_count, score
        from (
            values ('mastodon', 1, '*storing*', 4.0), ('mastodon', 2, 'app', 2.5),
                ('bluesky', 1, 'netbeheer', 3.0), ('bluesky', 2, 'app', 2.0)
        ) as told (platform, term_rank, term, score)
        """,
        """
        insert into marts.peak_posts by name
        select 'Zon' as organisation, 'all' as platform, date '2025-03-04' as posted_date,
            1 as post_rank, post_key, 'addressed' as role, 12 as reactions_count
        from marts.posts where text like '%HYPERLINK%'
        """,
    )
    signals = gather(config_of(folder), MORNING)

    (alert,) = word(signals.of("peak"), signals, Words("en"))

    assert alert.title == "Peak around Zon: 20 posts on Tuesday 4 March"
    assert (
        "Usual is 5 (the same weekday in the 8 weeks before); above 14 it is a peak." in alert.body
    )
    assert "Words of that day: ∗storing∗, netbeheer, app." in alert.body
    assert "HYPERLINK" in alert.body
    assert "(12 reactions)" in alert.body


def incident(kind: str, error: str | None, usual: float | None = None) -> dict[str, Any]:
    return {
        "source": "town feed",
        "incident": kind,
        "error_code": error,
        "secrets_used": None,
        "secrets_missing": None,
        "new_posts_count": 0,
        "usual_posts": usual,
    }


def failing(run: str, error: str) -> str:
    return f"""
        insert into ops.collections by name
        select '{run}' as run_id, * exclude (run_id)
            replace ('failed' as status, '{error}' as error)
        from ops.collections where run_id = '{RUN}'
    """


@pytest.mark.fault(6)
@pytest.mark.parametrize(
    ("kind", "error", "nights", "trouble"),
    [
        ("fell_silent", None, 0, "fell_silent"),
        ("failed", "SourceRefused", 1, "needs_access"),
        ("failed", "SourceGone", 1, "needs_access"),
        ("failed", "SourceUntrusted", 1, "needs_access"),
        ("failed", "SourceUnavailable", 1, None),
        ("failed", "SourceUnavailable", 2, None),
        ("failed", "SourceUnavailable", 3, "unreachable"),
        ("failed", "RateLimited", 4, "unreachable"),
    ],
)
def test_a_source_is_told_when_somebody_must_look(
    folder: Path, change: Change, kind: str, error: str | None, nights: int, trouble: str | None
) -> None:
    change(*(failing(f"run-{n + 2}", f"not today ({n})") for n in range(nights)), private=True)

    found = list(find_trouble(folder, lambda query: [incident(kind, error, 63.0)]))

    assert [each.trouble for each in found] == ([trouble] if trouble else [])
    if trouble and nights:
        assert found[0].nights == nights
        assert found[0].error_code == error


def test_nights_with_nothing_to_ask_are_no_failing_nights(folder: Path, change: Change) -> None:
    unasked = [failing(f"run-{n + 2}", "").replace("'failed'", "'unasked'") for n in range(4)]
    change(*unasked, failing("run-6", "not today"), private=True)

    assert not list(
        find_trouble(folder, lambda query: [incident("failed", "SourceUnavailable", 63.0)])
    )


def fail(change: Change, code: str, nights: int = 1) -> None:
    """The source refuses us, in the English of whoever mends it."""
    change(*(failing(f"run-{n + 2}", "says no (401)") for n in range(nights)), private=True)
    change(
        f"update ops.collections set error_code = '{code}' where run_id <> '{RUN}'", private=True
    )
    change(
        "insert into marts.incidents by name select 'town feed' as source, 'town' as platform, "
        f"'failed' as incident, 'run-2' as run_id, '{code}' as error_code, "
        "0 as new_posts_count, 63.0 as usual_posts"
    )


@pytest.mark.fault(4)
@pytest.mark.parametrize(
    ("code", "nights", "title", "lines"),
    [
        (
            "SourceRefused",
            1,
            "Bron town feed heeft toegang nodig",
            [
                "Bron town feed weigerde toegang.",
                "Regel toegang of vernieuw de sleutel: luister check zegt welke.",
            ],
        ),
        (
            "SourceUnavailable",
            3,
            "Bron town feed is niet bereikbaar",
            [
                "Al 3 nachten op rij mislukt het. Bron town feed was niet bereikbaar.",
                "Kijk of het adres nog klopt; elke nacht wordt het opnieuw geprobeerd.",
            ],
        ),
        (
            "SourceUntrusted",
            1,
            "Bron town feed vraagt aandacht",
            [
                "Bron town feed is niet gevraagd: adres of certificaat is niet te vertrouwen.",
                "Kijk naar het adres in luister.toml, en of het certificaat verlopen is.",
            ],
        ),
        (
            "LandingError",
            3,
            "Bron town feed vraagt aandacht",
            ["Al 3 nachten op rij mislukt het. Bron town feed is niet tot het einde gelezen."],
        ),
    ],
)
def test_a_source_in_trouble_is_told_in_the_language_of_the_reader(
    folder: Path, change: Change, code: str, nights: int, title: str, lines: list[str]
) -> None:
    fail(change, code, nights)
    signals = gather(config_of(folder), MORNING)

    (alert,) = word(signals.of("source"), signals, Words("nl"))

    assert alert.title == title
    assert list(alert.lines) == [
        *lines,
        "De hele melding lezen? Geef de opdracht: luister status",
    ]


def test_the_digest_tells_which_sources_failed_in_the_language_of_the_reader(
    folder: Path, change: Change
) -> None:
    change(
        "update ops.collections set status = 'failed', error_code = 'RateLimited', "
        "error = 'town feed: asks us to wait → nothing'",
        private=True,
    )
    config = config_of(folder).model_copy(update={"language": "nl"})
    signals = gather(config, MORNING)

    (alert,) = word(signals.of("digest"), signals, Words("nl"))

    assert "Bron town feed vroeg ons te wachten." in alert.lines
    assert "De hele melding lezen? Geef de opdracht: luister status" in alert.lines
    assert "asks us" not in alert.body


REFUSED = "error_code = '{code}', secrets_used = '{used}', secrets_missing = '{missing}'"
RENEW = (
    "Gevraagd met {0}: vernieuw die sleutel of regel de rechten; luister check probeert het.",
    "It was asked with {0}: renew it, or arrange what it may do; luister check tries it.",
)
UNFIT = (
    "Luister kan zo niet vragen met {0}, of niet met alleen dat: luister check zegt waarom.",
    "Luister cannot ask with {0} as it is, or not with that alone: luister check says why.",
)
SET = (
    "Luister vindt geen sleutel in {0}: vul die in, of herstel het bestand dat er staat.",
    "Luister finds no key in {0}: set it, or mend the file it names.",
)
SET_ALL = (
    "Luister vindt geen sleutels in {0}: vul ze in, of herstel de bestanden die er staan.",
    "Luister finds no keys in {0}: set them, or mend the files they name.",
)


@pytest.mark.fault(4)
@pytest.mark.parametrize(
    ("code", "used", "missing", "steps", "named"),
    [
        ("SourceRefused", "MASTODON_TOKEN", "", RENEW, "MASTODON_TOKEN"),
        ("SourceRefused", "", "MASTODON_TOKEN", SET, "MASTODON_TOKEN"),
        ("SourceRefused", "", "REDDIT_CLIENT_ID, REDDIT_SECRET", SET_ALL, "{missing}"),
        ("SecretError", "SHOP_ID", "SHOP_SECRET_FILE", SET, "SHOP_SECRET_FILE"),
        ("SecretError", "GOOGLEPLAY_SERVICE_ACCOUNT", "", UNFIT, "GOOGLEPLAY_SERVICE_ACCOUNT"),
    ],
)
def test_a_refusal_names_the_variable_to_see_to_in_alert_and_digest(
    folder: Path,
    change: Change,
    code: str,
    used: str,
    missing: str,
    steps: tuple[str, str],
    named: str,
) -> None:
    fail(change, code)
    told = REFUSED.format(code=code, used=used, missing=missing)
    change(f"update marts.incidents set {told} where incident = 'failed'")
    change(
        f"update ops.collections set status = 'failed', error = 'no', {told} "
        "where source = 'town feed'",
        private=True,
    )
    signals = gather(config_of(folder), MORNING)

    for language, told_step in zip(("nl", "en"), steps, strict=True):
        step = told_step.format(named.format(missing=missing))
        (alert,) = word(signals.of("source"), signals, Words(language))
        assert step in alert.lines
        (digest,) = word(signals.of("digest"), signals, Words(language))
        assert [line for line in digest.lines if "town feed" in line and line.endswith(step)]


def test_a_source_that_is_out_of_reach_is_not_told_of_its_secrets(
    folder: Path, change: Change
) -> None:
    fail(change, "SourceUnavailable", nights=3)
    change("update marts.incidents set secrets_used = 'MASTODON_TOKEN'")
    signals = gather(config_of(folder), MORNING)

    (alert,) = word(signals.of("source"), signals, Words("en"))

    assert "MASTODON_TOKEN" not in alert.body


def test_every_kind_of_trouble_that_has_words_has_advice_and_is_an_error() -> None:
    assert set(WHY) == set(NEXT)
    assert all(issubclass(getattr(errors, code), LuisterError) for code in WHY)


def test_a_promise_of_retention_that_is_kept_is_not_told(folder: Path) -> None:
    assert gather(config_of(folder), MORNING).of("retention") == []
    # the oldest post has had its time after 90 days; two more are grace
    assert gather(config_of(folder), MORNING + timedelta(days=87)).of("retention") == []


def test_a_broken_promise_of_retention_is_told_with_its_term(folder: Path) -> None:
    signals = gather(config_of(folder), MORNING + timedelta(days=100))

    alerts = word(signals.of("retention"), signals, Words("en"))

    assert {each.key for each in signals.of("retention")} == {"retention:texts", "retention:posts"}
    titles = {alert.title for alert in alerts}
    assert "Zon: posts kept for too long" in titles
    assert len(titles) == len(alerts)
    assert any("[privacy] in luister.toml promises 90 days" in alert.body for alert in alerts)
