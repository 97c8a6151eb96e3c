"""What leaves the private database, and under which names."""

import hmac
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from pathlib import Path

import pytest

from pipeline import night as steps
from pipeline import scrub
from pipeline.border import keyed
from pipeline.config import Config
from pipeline.hardened import ask_hardened
from pipeline.privacy import has_old_keys, present_period, published_key, rotate
from pipeline.query import first
from pipeline.warehouse import Warehouse, open_warehouse
from tests.pipeline.landed import CONFIG, NOW, load, post

TODAY = NOW.date()
ANNA, BEN = "a" * 32, "b" * 32
MARTS = f"""
    create schema marts;
    create table marts.publication (run_id varchar, published_at timestamptz);
    insert into marts.publication values (null, null);
    create table marts.posts (
        post_key varchar, thread_key varchar, author_key varchar, text varchar
    );
    insert into marts.posts values
        ('p1', 'p1', '{ANNA}', 'who is @{BEN}?'),
        ('p2', 'p1', '{BEN}', 'not you, @{ANNA}, nor @{ANNA} or @…'),
        ('p3', null, null, null);
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path / "data") as opened:
        opened.database.execute(MARTS)
        yield opened


def published(warehouse: Warehouse, run: str = "1", days: int = 0) -> list[tuple[str, ...]]:
    path = warehouse.publish(run, NOW + timedelta(days=days))
    return ask_hardened(path, "from marts.posts order by text desc nulls last", seconds=9)[1]


def pseudonym(warehouse: Warehouse, name: str) -> str:
    key = published_key(warehouse.data / "keys", TODAY)
    return hmac.digest(key, name.encode(), "sha256")[:16].hex()


def test_all_that_is_published_is_named_under_the_key_of_the_period(warehouse: Warehouse) -> None:
    first_post, second_post, empty = published(warehouse)

    p1, p2, anna, ben = (pseudonym(warehouse, name) for name in ("p1", "p2", ANNA, BEN))
    assert first_post == (p1, p1, anna, f"who is @{ben}?")
    assert second_post == (p2, p1, ben, f"not you, @{anna}, nor @{anna} or @…")
    assert empty == (pseudonym(warehouse, "p3"), None, None, None)


def test_a_key_that_stands_in_a_row_more_than_once_has_one_pseudonym(warehouse: Warehouse) -> None:
    names = ("p1", "p2", None)
    rows = [(f"p{number}", *keys) for number, keys in enumerate(product(names, repeat=4))]
    warehouse.database.execute(
        "create table marts.answers (post_key varchar, thread_key varchar, parent_key varchar, "
        "author_key varchar, story_id varchar)"
    )
    warehouse.database.executemany("insert into marts.answers values (?, ?, ?, ?, ?)", rows)

    path = warehouse.publish("1", NOW)
    found = ask_hardened(path, "from marts.answers", seconds=9)[1]

    assert sorted(found, key=repr) == sorted(
        (tuple(name and pseudonym(warehouse, name) for name in row) for row in rows), key=repr
    )


def test_a_key_that_is_somebodys_name_leaves_as_a_pseudonym(warehouse: Warehouse) -> None:
    """The audit need not look at keys: whatever stands in one is never published."""
    load(warehouse, "1", post(author_handle="@anna", author_id="did:plc:abc123"))
    warehouse.database.execute("insert into marts.posts values ('@anna', 'did:plc:abc123', '', '')")

    found = published(warehouse)

    assert (pseudonym(warehouse, "@anna"), pseudonym(warehouse, "did:plc:abc123")) in [
        row[:2] for row in found
    ]


def test_who_knows_a_post_cannot_confirm_it_without_the_key(warehouse: Warehouse) -> None:
    warehouse.publish("1", NOW)

    content = (warehouse.data / "analytics.duckdb").resolve().read_bytes()
    assert ANNA.encode() not in content
    assert BEN.encode() not in content


@pytest.mark.parametrize("text", ["", "Ünïcode 🚲", "it's", "a" * 200])
def test_the_pseudonym_in_sql_is_the_hmac_of_the_standard(warehouse: Warehouse, text: str) -> None:
    key = bytes(range(32))

    found = first(warehouse.database, f"select {keyed('?', key)}", [text])

    assert found == (hmac.digest(key, text.encode(), "sha256")[:16].hex(),)


def test_texts_are_scrubbed_before_anything_is_written(warehouse: Warehouse) -> None:
    warehouse.database.execute(
        "insert into marts.posts values ('p4', null, null, ?), ('p5', null, null, ?)",
        [f"@{ANNA} bel 06-12345678", "kerel 42, it''s 'NL91ABNA0417164300'"],
    )

    texts = {row[3] for row in published(warehouse)}

    anna = pseudonym(warehouse, ANNA)
    assert {f"@{anna} bel [phone]", "kerel 42, it''s '[iban]'"} <= texts
    content = (warehouse.data / "analytics.duckdb").resolve().read_bytes()
    assert b"12345678" not in content
    assert b"0417164300" not in content


@pytest.mark.parametrize("beside", ["", " bel 06-12345678", " mail jan@acme.example"])
def test_the_digits_of_a_pseudonym_are_nobodys_number(warehouse: Warehouse, beside: str) -> None:
    digits = "0612345678" * 3 + "11"
    warehouse.database.execute(
        "insert into marts.posts values ('p4', null, null, ?)", [f"@{digits}{beside}"]
    )

    texts = [row[3] or "" for row in published(warehouse)]

    assert any(text.startswith(f"@{pseudonym(warehouse, digits)}") for text in texts)
    assert not any("12345678" in text or "jan@" in text for text in texts)


def test_a_text_that_only_calls_somebody_needs_no_look(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    monkeypatch.setattr(scrub, "scrub", lambda text: looked_at.append(text) or text)
    called = f"thanks @{ANNA} for that, @{BEN} .nl"
    suspect = f"@{ANNA} jan @ acme.example"
    warehouse.database.execute(
        "insert into marts.posts values ('p4', null, null, ?), ('p5', null, null, ?)",
        [called, suspect],
    )

    published(warehouse)

    assert looked_at == [suspect]


def test_names_stay_the_same_within_a_period(warehouse: Warehouse) -> None:
    before = published(warehouse)

    assert not rotate(warehouse.data / "keys", TODAY + timedelta(days=89), 90)
    assert published(warehouse, "2", days=89) == before


def test_after_the_period_nothing_links_to_the_names_before(warehouse: Warehouse) -> None:
    before = published(warehouse)
    published(warehouse, "2")
    keys = warehouse.data / "keys"

    assert rotate(keys, TODAY + timedelta(days=90), 90)
    assert has_old_keys(keys)
    after = published(warehouse, "3", days=90)

    assert not {name for row in before for name in row[:3] if name} & {
        name for row in after for name in row[:3] if name
    }
    assert not has_old_keys(keys)
    assert present_period(keys) == TODAY + timedelta(days=90)
    left = [path.name for path in (warehouse.data / "publish").iterdir()]
    assert left == ["analytics-3.duckdb"]


def test_a_night_after_the_period_publishes_under_new_names(warehouse: Warehouse) -> None:
    published(warehouse)
    data = warehouse.data
    warehouse.close()
    config = Config.model_validate(CONFIG | {"data": data})
    began = datetime.combine(TODAY, time(), UTC)

    def kept_after(days: int) -> date | None:
        run_id = steps.new_run_id(began + timedelta(days=days))
        steps.publish(steps.Night(run_id=run_id, config=config, sources={}))
        return present_period(data / "keys")

    assert kept_after(89) == TODAY
    assert kept_after(90) == TODAY + timedelta(days=90)
    assert not has_old_keys(data / "keys")


def test_a_period_of_a_clock_that_was_ahead_begins_today(warehouse: Warehouse) -> None:
    keys = warehouse.data / "keys"
    key = published_key(keys, TODAY + timedelta(days=1_000))

    assert not rotate(keys, TODAY, 90)

    assert present_period(keys) == TODAY
    assert published_key(keys, TODAY) == key
    assert rotate(keys, TODAY + timedelta(days=90), 90)


def test_a_rotation_that_was_cut_off_is_finished_by_the_next_publication(
    warehouse: Warehouse,
) -> None:
    published(warehouse)
    keys = warehouse.data / "keys"
    assert rotate(keys, TODAY + timedelta(days=90), 90)

    assert not rotate(keys, TODAY + timedelta(days=91), 90)
    published(warehouse, "2", days=91)

    assert present_period(keys) == TODAY + timedelta(days=90)
    assert len(list(keys.glob("published-*.key"))) == 1


def test_keys_are_for_this_user_alone(tmp_path: Path) -> None:
    published_key(tmp_path / "keys", date(2026, 11, 1))

    (path,) = (tmp_path / "keys").iterdir()
    assert path.name == "published-20261101.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_secret_of_your_own_is_mixed_in(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a long secret of our own")
    secret.chmod(0o600)
    keys = tmp_path / "keys"
    plain = published_key(keys, TODAY, {})

    by_variable = published_key(keys, TODAY, {"LUISTER_PSEUDONYM_KEY": "a long secret of our own"})
    by_file = published_key(keys, TODAY, {"LUISTER_PSEUDONYM_KEY_FILE": str(secret)})

    assert by_variable == by_file != plain
    assert rotate(keys, TODAY + timedelta(days=90), 90)
    assert published_key(keys, TODAY, {"LUISTER_PSEUDONYM_KEY_FILE": str(secret)}) != by_file
