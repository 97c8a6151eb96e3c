"""What a night tells whom: once, when it is new or worse, and not while people sleep."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.alerts.said import fresh, still_held
from pipeline.alerts.settings import AlertSettings, PlaceSettings
from pipeline.alerts.signals import Digest, Signal
from pipeline.alerts.telling import after_night, due, is_quiet, tell, try_places
from pipeline.errors import SourceUnavailable
from tests.alerts.conftest import CANARY, MORNING, config_of

Change = Callable[..., None]


class Outbox:
    """Keeps what would be sent; places in ``broken`` cannot be reached."""

    def __init__(self, *broken: str) -> None:
        self.broken = set(broken)
        self.sent: list[tuple[str, str, str]] = []

    def __call__(self, place: PlaceSettings, title: str, body: str) -> None:
        if place.name in self.broken:
            raise SourceUnavailable("was not delivered", where=f"alerts.place {place.name}")
        self.sent.append((place.name, title, body))

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(place, title) for place, title, _ in self.sent]


DIGEST = ("team", "Zon: the night of Thursday 6 March")
COMPLAINTS = "Zon: 19 complaints past their target"


def test_each_place_is_told_what_it_wants(folder: Path) -> None:
    outbox = Outbox()

    told = tell(config_of(folder), MORNING, send=outbox)

    assert outbox.told == [DIGEST, ("team", COMPLAINTS), ("desk", COMPLAINTS)]
    assert told.sent == {"team": 2, "desk": 1}
    assert told.failures == ()


def test_an_alert_says_how_much_compared_with_what_and_where_to_look(folder: Path) -> None:
    outbox = Outbox()

    tell(config_of(folder), MORNING, send=outbox)

    digest, complaints = outbox.sent[0][2], outbox.sent[1][2]
    assert "On Thursday 6 March we heard" in digest
    assert f"Where to look: {folder}/reports/report-2026-03-16-en.html" in digest
    assert "within 4 opening hours." in complaints
    assert "complaint, 26 opening hours: “" in complaints
    assert "And 14 more." in complaints
    assert complaints.endswith("To see more, run: luister inbox")


def test_nothing_is_said_twice(folder: Path) -> None:
    tell(config_of(folder), MORNING, send=Outbox())
    outbox = Outbox()

    told = tell(config_of(folder), MORNING, send=outbox)

    assert outbox.told == []
    assert told.sent == {}


def test_the_next_night_has_a_digest_of_its_own_and_the_same_complaints_are_not_said(
    folder: Path, change: Change
) -> None:
    tell(config_of(folder), MORNING, send=Outbox())
    change("update marts.publication set run_id = 'the night after'")
    outbox = Outbox()

    tell(config_of(folder), MORNING, send=outbox)

    assert outbox.told == [DIGEST]


def test_the_digest_names_the_report_of_a_week_that_is_over_once(
    folder: Path, change: Change
) -> None:
    config = config_of(folder)
    weeks = folder / "reports" / "weeks"
    weeks.mkdir(parents=True)
    (weeks / "report-2025-W09-en.html").write_text("<!doctype html>")
    outbox = Outbox()

    tell(config, MORNING, send=outbox)
    change("update marts.publication set run_id = 'the night after'")
    tell(config, MORNING, send=outbox)

    digests = [body for place, title, body in outbox.sent if (place, title) == DIGEST]
    assert [body.count("New: the report of week 9: ") for body in digests] == [1, 0]
    assert f"{weeks}/report-2025-W09-en.html" in digests[0]
    assert outbox.told == [DIGEST, ("team", COMPLAINTS), ("desk", COMPLAINTS), DIGEST]


def test_a_report_that_no_digest_could_tell_waits_for_the_next(
    folder: Path, change: Change
) -> None:
    config = config_of(folder)
    tell(config, MORNING, send=Outbox())
    quarters = folder / "reports" / "quarters"
    quarters.mkdir(parents=True)
    (quarters / "report-2024-Q4-en.html").write_text("<!doctype html>")
    outbox = Outbox()

    tell(config, MORNING, send=outbox)
    assert outbox.told == []

    change("update marts.publication set run_id = 'the night after'")
    tell(config, MORNING, send=outbox)
    assert "New: the report of the 4th quarter: " in outbox.sent[0][2]


def test_only_a_new_complaint_is_said_and_all_are_counted(folder: Path) -> None:
    tell(config_of(folder), MORNING, send=Outbox())
    path = folder / "alerts.json"
    said = json.loads(path.read_text())
    forgotten = next(key for key in said["desk"] if key.startswith("complaint:"))
    del said["desk"][forgotten]
    path.write_text(json.dumps(said))
    outbox = Outbox()

    tell(config_of(folder), MORNING, send=outbox)

    assert outbox.told == [("desk", "Zon: 1 complaint past its target")]
    assert "In all 19 have waited longer." in outbox.sent[0][2]


def test_an_answered_complaint_is_forgotten(folder: Path, change: Change) -> None:
    config = config_of(folder)
    tell(config, MORNING, send=Outbox())

    change("update intermediate.int_asked set is_answered = true", private=True)
    tell(config, MORNING, send=Outbox())
    assert json.loads((folder / "alerts.json").read_text())["desk"] == {}

    change("update intermediate.int_asked set is_answered = false", private=True)
    outbox = Outbox()
    tell(config, MORNING, send=outbox)
    assert "desk" in {place for place, _ in outbox.told}


def signal(key: str, level: int) -> Signal:
    about = Digest(night=MORNING.date(), posts=0, new_posts=0, lines=(), failures=())
    return Signal(kind="digest", key=key, level=level, about=about)


def test_what_has_become_worse_is_said_again_and_what_was_over_too() -> None:
    now = [signal("a", 1), signal("b", 2), signal("c", 1)]

    assert [each.key for each in fresh(now, {"a": 1, "b": 1})] == ["b", "c"]
    assert still_held({"a": 1, "over": 3}, now) == {"a": 1}
    assert [each.key for each in fresh([signal("over", 1)], {"a": 1})] == ["over"]


def test_a_place_that_fails_is_named_and_tried_again_and_the_other_is_told(folder: Path) -> None:
    config = config_of(folder)
    outbox = Outbox("team")

    told = tell(config, MORNING, send=outbox)

    assert outbox.told == [("desk", COMPLAINTS)]
    assert len(told.failures) == 1
    assert "alerts.place team" in told.failures[0]

    again = Outbox()
    tell(config, MORNING, send=again)
    assert again.told == [DIGEST, ("team", COMPLAINTS)]


def test_quiet_hours_hold_it_until_after(folder: Path) -> None:
    config = config_of(folder, quiet_hours="22:00-07:30")
    outbox = Outbox()

    night = tell(config, datetime(2025, 3, 7, 3, 20, tzinfo=UTC), send=outbox)
    assert (night.held, outbox.told) == (3, [])
    assert due(config, datetime(2025, 3, 7, 3, 20, tzinfo=UTC))[0].is_held

    tell(config, datetime(2025, 3, 7, 6, 31, tzinfo=UTC), send=outbox)
    assert len(outbox.told) == 3


@pytest.mark.parametrize(
    ("hours", "clock", "quiet"),
    [
        ("22:00-07:30", "23:00", True),
        ("22:00-07:30", "07:29", True),
        ("22:00-07:30", "07:30", False),
        ("22:00-07:30", "21:59", False),
        ("12:00-13:00", "12:00", True),
        ("12:00-13:00", "13:00", False),
        (None, "03:00", False),
    ],
)
def test_quiet_hours_are_those_of_the_organisation(
    tmp_path: Path, hours: str | None, clock: str, quiet: bool
) -> None:
    # Amsterdam is an hour ahead in winter
    hour, _, minute = clock.partition(":")
    now = datetime(2025, 1, 7, (int(hour) - 1) % 24, int(minute), tzinfo=UTC)

    assert is_quiet(config_of(tmp_path, quiet_hours=hours), now) is quiet


def test_what_was_said_is_for_its_owner_and_holds_no_text_and_no_name(folder: Path) -> None:
    tell(config_of(folder), MORNING, send=Outbox())

    path = folder / "alerts.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keys = {key for levels in json.loads(path.read_text()).values() for key in levels}
    assert all(key.partition(":")[0] in {"digest", "complaint"} for key in keys)
    assert "script" not in path.read_text()


def test_a_list_of_what_is_due_sends_nothing_and_remembers_nothing(folder: Path) -> None:
    team, desk = due(config_of(folder), MORNING)

    assert [alert.title for alert in team.alerts] == [DIGEST[1], COMPLAINTS]
    assert [alert.title for alert in desk.alerts] == [COMPLAINTS]
    assert not (folder / "alerts.json").exists()


def test_an_alert_never_undoes_a_night(tmp_path: Path, folder: Path) -> None:
    assert after_night(config_of(tmp_path / "nothing"), MORNING)[0].startswith("alerts: ")
    assert after_night(config_of(folder, place=()), MORNING) == ()
    (folder / "alerts.json").write_text("not json")
    assert "remove it" in after_night(config_of(folder), MORNING)[0]


def test_a_bug_in_telling_is_told_by_its_kind_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(config: object, now: object) -> None:
        raise KeyError(CANARY)

    monkeypatch.setattr("pipeline.alerts.telling.gather", broken)

    assert after_night(config_of(folder), MORNING) == ("alerts: KeyError: see the log",)


def test_a_trial_says_which_place_failed(folder: Path) -> None:
    outcomes = try_places(config_of(folder), send=Outbox("desk"))

    assert outcomes[0] == ("team", "")
    assert outcomes[1][0] == "desk"
    assert "was not delivered" in outcomes[1][1]


@pytest.mark.parametrize("told", ["", "22:00", "25:00-07:00", "late-early"])
def test_quiet_hours_that_are_none_are_a_slip(told: str) -> None:
    with pytest.raises(ValueError, match="not a stretch of time"):
        AlertSettings(quiet_hours=told)


def test_two_places_of_one_name_are_a_slip() -> None:
    place = PlaceSettings(name="team", address="A_PLACE")
    with pytest.raises(ValueError, match="same name"):
        AlertSettings(place=(place, place))


def test_a_secret_in_place_of_its_name_is_refused() -> None:
    with pytest.raises(ValueError, match="pattern"):
        PlaceSettings(name="team", address="slack://a/b/c")
