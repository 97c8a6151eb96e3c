"""Who asks to be forgotten is in no byte of any file, and never comes back."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline import forget as forgetting
from pipeline import forget_rows, marks
from pipeline.backup import back_up, restore
from pipeline.errors import PrivacyError
from pipeline.forget import Receipt, forget, forget_listed, receipt_text
from pipeline.landing import Confirmed, CutThread, Landing
from pipeline.learn import in_use
from pipeline.lock import LISTENING, nightly_lock
from pipeline.person import held, who
from pipeline.post import Rejected
from pipeline.privacy import blind_name
from pipeline.suppress import add, forms, read_suppressed
from pipeline.warehouse import canonical_export, open_warehouse
from tests.pipeline.landed import NOW, post
from tests.pipeline.test_retention import config, every_byte, marts, night, said

ANNA = {
    "author_id": "https://plein.example/users/anna_b",
    "author_handle": "@Anna_B@plein.example",
    "author_name": "Anna Bakkersma",
    "author_url": "https://plein.example/@anna_b",
}
WORDS = (b"anna_b", b"bakkersma")
ID = "https://plein.example/users/anna_b/statuses/1"


def full_folder(folder: Path) -> None:
    """Two nights in which Anna speaks and is spoken to, and everything made of them."""
    hers = said(ID, -1, **ANNA, text="my own words", payload='{"acct": "anna_b"}')
    answer = said(
        "p2",
        -0.9,
        author_id="ben-1",
        parent_id=ID,
        parent_author_id=ANNA["author_id"],
        mentions=("@Anna_B@plein.example", "zon"),
        text="hi @anna_b.Dag Anna Bakkersma, anna_b@plein.example; not @annabel",
        payload='{"mentions": [{"url": "https:\\/\\/plein.example\\/@anna_b"}]}',
    )
    bystander = said("p3", -0.8, author_id="kim-1", text="about anna, who is somebody else")
    odd = Rejected(reason="odd", path="x", payload='{"account": "anna_b"}')
    night(folder, 0, hers, answer, bystander, rejected=[odd])
    names = [blind_name("mastodon", name) for name in (ID, "p2")]
    there = [Confirmed(name=name, observed_at=NOW) for name in names]
    cut = [CutThread(name=name, reason="BudgetSpent", is_asked_again=True) for name in names]
    other = said("p4", 0.5, author_id="ben-1", text="nothing to see")
    night(folder, 1, hers, other, confirmed=there, cut_threads=cut)
    night(folder, 2, whole_threads=names)
    marts(folder)()
    with open_warehouse(folder) as warehouse:
        warehouse.publish("8", NOW)
    for name in ("reports/a.html", "exports/a.csv", "recordings/a.json", "dbt/logs/dbt.log"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("said by @Anna_B")
    (folder / "prefect").mkdir()
    with sqlite3.connect(folder / "prefect" / "prefect.db") as store:
        store.execute("create table log (message text, data blob)")
        store.execute("insert into log values ('hello Anna_B', ?)", [b"x anna_b y"])


def again(folder: Path) -> Callable[[], None]:
    """Build and publish anew, noting down the command as dbt does."""

    def publish() -> None:
        marts(folder)()
        (folder / "dbt").mkdir(exist_ok=True)
        (folder / "dbt" / "run_results.json").write_text("luister forget @anna_b")
        with open_warehouse(folder) as warehouse:
            warehouse.publish("9", NOW)

    return publish


def forget_anna(folder: Path) -> Receipt:
    return forget(config(folder), "mastodon", "@anna_b@plein.example", again(folder))


@pytest.mark.fault(16)
def test_nothing_of_who_is_forgotten_is_left_in_any_byte(tmp_path: Path) -> None:
    full_folder(tmp_path)
    before = every_byte(tmp_path).lower()
    assert all(word in before for word in WORDS)

    receipt = forget_anna(tmp_path)

    left = every_byte(tmp_path).lower()
    assert [word for word in WORDS if word in left] == []
    assert b"my own words" not in left
    assert (receipt.bytes_left, receipt.posts_of_others_changed) == (0, 1)
    assert receipt.posts_removed == 2
    with sqlite3.connect(tmp_path / "prefect" / "prefect.db") as store:
        assert store.execute("select * from log").fetchall() == [("hello …", b"x \xe2\x80\xa6 y")]


def test_no_name_of_a_thread_is_left_that_was_asked_with_their_posts(tmp_path: Path) -> None:
    full_folder(tmp_path)

    forget_anna(tmp_path)

    told = [file.manifest for file in Landing(tmp_path / "landing").files()]
    cut = [each.name for manifest in told for each in manifest.cut_threads]
    whole = [name for manifest in told for name in manifest.whole_threads]
    assert cut == whole == [blind_name("mastodon", "p2")]


WRITTEN = [
    "ZOË DE VRIES",
    "Zo\\u00eb de Vries",
    "zo\\u00CB de vries",
    "Zoe\u0308 de Vries",
    "Zoe\\u0308 de Vries",
    "Zo\\u00eb de Vries \\ud83d\\ude00, half of one: \\ud83d",
    "Dank!\\nZoë\\nde Vries",
    "https://ex.example/?by=Zo%C3%AB%20de%20Vries&to=zo%c3%ab+de+vries",
    "https:\\/\\/ex.example\\/Zo%25C3%25AB%2520de%2520Vries, zo%EB%20de%20vries",
    "Zo&euml; de&nbsp;Vries and ZO&#203; DE VRIES and zo&#xeb; de \\u0026#118;ries",
    "%5A%6F%C3%AB%20%64%65%20%56%72%69%65%73",
    "Zoë de Vries-Smit, zoë de vries.Dank, …Zoë de Vries",
    "https://ex.example/r?u=https%3A%2F%2Fplein.example%2F%40anna_b, %2540Anna_B and &#64;anna_b",
    "_Zoë de Vries_ and __zoë de vries__, *Zoë de Vries*: ___**Zoë de Vries**___!",
    "**Zoë** de _Vries_",
    "_hello Zoë de Vries_, _Zoë de Vries wrote it_, (_@anna_b_) and _@anna_b wrote it_",
    "\\u005fZoë de Vries\\u005f, %5F%40anna_b%5F\\n_zo\\u00eb de vries_\\n",
]


@pytest.mark.fault(16)
def test_a_name_goes_however_it_is_written(tmp_path: Path) -> None:
    hers = said("hers", -1, **(ANNA | {"author_name": "Zoë de Vries"}))
    others = [
        said(
            f"p{at:02}",
            -1,
            author_id="ben-1",
            text=f"says {written}.",
            payload=f'{{"by": "{written}"}}',
        )
        for at, written in enumerate(WRITTEN)
    ]
    odd = [Rejected(reason="odd", path="x", payload=f'"{written}"') for written in WRITTEN]
    night(tmp_path, 0, hers, *others, rejected=odd)
    marts(tmp_path)()
    (tmp_path / "dbt").mkdir()
    for at, written in enumerate(WRITTEN):
        (tmp_path / "dbt" / f"{at}.log").write_text(written)
    (tmp_path / "prefect").mkdir()
    with sqlite3.connect(tmp_path / "prefect" / "prefect.db") as store:
        store.execute("create table log (message text)")
        store.executemany("insert into log values (?)", [(written,) for written in WRITTEN])

    receipt = forget_anna(tmp_path)

    assert (receipt.bytes_left, receipt.posts_of_others_changed) == (0, len(WRITTEN))
    left = every_byte(tmp_path).lower()
    assert not [word for word in (b"vries", b"ries ", b"anna_b", b"%73") if word in left]
    with open_warehouse(tmp_path) as warehouse:
        texts = [
            text
            for (text,) in warehouse.database.execute(
                "select text from raw.posts order by post_id"
            ).fetchall()
        ]
    assert texts[0] == "says …."
    assert texts[7] == "says https://ex.example/?by=…&to=…."
    assert texts[8] == "says https:\\/\\/ex.example\\/…, …."


def test_that_their_posts_were_there_is_forgotten_too(tmp_path: Path) -> None:
    full_folder(tmp_path)

    forget_anna(tmp_path)

    left = every_byte(tmp_path)
    assert blind_name("mastodon", ID).encode() not in left
    assert blind_name("mastodon", "p2").encode() in left


def test_others_keep_their_posts_without_the_name(tmp_path: Path) -> None:
    full_folder(tmp_path)
    forget_anna(tmp_path)

    with open_warehouse(tmp_path) as warehouse:
        found = warehouse.database.execute(
            "select post_id, text, parent_id, parent_author_id, mentions, kind from raw.posts "
            "order by post_id"
        ).fetchall()
    assert found == [
        ("p2", "hi @….Dag …, …; not @annabel", None, None, ["zon"], "reply"),
        ("p3", "about anna, who is somebody else", None, None, [], "post"),
        ("p4", "nothing to see", None, None, [], "post"),
    ]


def test_the_receipt_names_nobody_and_is_kept(tmp_path: Path) -> None:
    full_folder(tmp_path)
    receipt = forget_anna(tmp_path)

    text, written = sorted((tmp_path / "receipts").iterdir(), key=lambda path: path.suffix)[::-1]
    assert msgspec.json.decode(written.read_bytes(), type=Receipt) == receipt
    assert "Verwijderde berichten: 2" in text.read_text()
    assert "Posts removed: 2" in text.read_text()


@pytest.mark.fault(16)
def test_backups_that_still_hold_them_are_named_in_the_receipt(tmp_path: Path) -> None:
    data, kept = tmp_path / "data", tmp_path / "backups" / "before.tar.gz"
    full_folder(data)
    configuration = tmp_path / "luister.toml"
    configuration.write_text("")
    back_up(data, configuration, tmp_path / "gone.tar.gz")
    (tmp_path / "gone.tar.gz").unlink()
    back_up(data, configuration, kept)

    receipt = forget_anna(data)

    assert receipt.backups == (str(kept),)
    assert receipt_text(receipt).count(str(kept)) == 2


def test_a_restore_that_was_cut_off_at_its_last_step_brings_nobody_back(tmp_path: Path) -> None:
    data, kept = tmp_path / "data", tmp_path / "before.tar.gz"
    full_folder(data)
    (tmp_path / "luister.toml").write_text("")
    back_up(data, tmp_path / "luister.toml", kept)
    forget_anna(data)
    data.rename(tmp_path / "data.before-20261129T161900000000")

    restored = restore(kept, data)

    assert (restored.has_forgotten, restored.posts_removed) == (True, 1)


def test_an_older_backup_brings_nobody_back(tmp_path: Path) -> None:
    """What the backup holds of them is removed before it becomes the data folder: no night sees it.

    The list of the folder that is replaced goes on.
    """
    data, kept = tmp_path / "data", tmp_path / "before.tar.gz"
    full_folder(data)
    (tmp_path / "luister.toml").write_text("")
    (data / "models" / "sentiment").mkdir(parents=True)
    with zipfile.ZipFile(data / "models" / "sentiment" / "0001.npz", "w", 8) as model:
        model.writestr("told.npy", '{"words": ["anna_b"]}' * 9)
    aside = data / "landing" / "social" / "set-aside" / "damaged.parquet"
    aside.parent.mkdir()
    aside.write_bytes(b"packed, and damaged")
    back_up(data, tmp_path / "luister.toml", kept)
    forget_anna(data)

    restored = restore(kept, data, may_replace=True)
    assert (restored.has_forgotten, restored.posts_removed) == (True, 1)

    shutil.rmtree(Path(str(restored.before)))
    assert not list(data.rglob("*.npz"))
    assert not aside.exists()
    content = every_byte(data).lower()
    assert [word for word in WORDS if word in content] == []
    night(data, 2, said(ID, 1.5, **ANNA, text="me again"))
    with open_warehouse(data) as warehouse:
        rows = warehouse.database.execute("select post_id from raw.posts order by all").fetchall()
    assert rows == [("p2",), ("p3",), ("p4",)]


def test_lists_under_different_keys_are_not_mixed(tmp_path: Path) -> None:
    one, other, kept = tmp_path / "one", tmp_path / "other", tmp_path / "before.tar.gz"
    for folder in (one, other):
        full_folder(folder)
        add(folder, forms(handles=["anna_b"]), ["anna_b"])
    (tmp_path / "luister.toml").write_text("")
    back_up(one, tmp_path / "luister.toml", kept)
    before = {path: path.read_bytes() for path in other.glob("[!l]*/**/*") if path.is_file()}

    with pytest.raises(PrivacyError, match="different keys"):
        restore(kept, other, may_replace=True)
    assert {path: path.read_bytes() for path in before} == before
    assert other / "keys" / "suppressed.json" in before


def test_a_database_that_was_kept_before_a_migration_goes_too(tmp_path: Path) -> None:
    full_folder(tmp_path)
    for name in ("before-0009_rests", "damaged-20261101T000000"):
        (tmp_path / f"luister.duckdb.{name}").write_bytes(b"packed so that nobody is seen in it")

    forget_anna(tmp_path)

    assert [path.name for path in tmp_path.glob("luister.duckdb*")] == ["luister.duckdb"]


@pytest.mark.fault(16)
def test_who_is_forgotten_never_lands_again(tmp_path: Path) -> None:
    full_folder(tmp_path)
    forget_anna(tmp_path)

    odd = Rejected(reason="odd", path="x", payload='{"account": "anna_b"}')
    mention = said("p6", 2, author_id="ben-1", text="where is @Anna_B@plein.example?")
    night(tmp_path, 2, said("p5", 2, **ANNA), mention, said("p7", 2), rejected=[odd])

    left = every_byte(tmp_path).lower()
    assert [word for word in WORDS if word in left] == []
    with open_warehouse(tmp_path) as warehouse:
        texts = warehouse.database.execute(
            "select text from raw.posts where post_id >= 'p5' order by post_id"
        ).fetchall()
    assert texts == [("where is @…?",), ("words of p7",)]


def test_built_again_from_what_landed_it_is_as_after_forgetting(tmp_path: Path) -> None:
    full_folder(tmp_path)
    forget_anna(tmp_path)
    with open_warehouse(tmp_path) as warehouse:
        before = canonical_export(warehouse)
    (tmp_path / "luister.duckdb").unlink()

    with open_warehouse(tmp_path) as warehouse:
        warehouse.write_configuration(config(tmp_path))
        assert canonical_export(warehouse) == before


@pytest.mark.fault(28)
@pytest.mark.parametrize(
    "step",
    [
        "_from_landing",
        "put_in_place",
        "_prove",
        *(
            pytest.param(step, marks=pytest.mark.thorough)
            for step in ("add", "from_database", "_remove_made")
        ),
    ],
)
def test_killed_anywhere_and_run_again_it_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    full_folder(tmp_path)

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(forget_rows if step == "put_in_place" else forgetting, step, killed)
        with pytest.raises(KeyboardInterrupt):
            forget_anna(tmp_path)

    receipt = forget_anna(tmp_path)

    left = every_byte(tmp_path).lower()
    assert [word for word in WORDS if word in left] == []
    # of what was removed before it was cut off too
    assert (receipt.posts_removed, receipt.posts_of_others_changed) == (2, 1)


def test_an_account_of_a_company_is_not_forgotten_by_mistake(tmp_path: Path) -> None:
    with pytest.raises(PrivacyError, match="configured as one of Acme"):
        forget(config(tmp_path), "mastodon", "AcmeCare", again(tmp_path))


def test_forgetting_who_is_not_known_still_bars_them(tmp_path: Path) -> None:
    night(tmp_path, 0, said("p1", -1))
    marts(tmp_path)()

    receipt = forget(config(tmp_path), "mastodon", "carla.somewhere", again(tmp_path))
    night(tmp_path, 1, said("p2", 0.5, author_id="c-1", author_handle="@Carla.Somewhere"))

    assert receipt.posts_removed == 0
    assert b"words of p2" not in every_byte(tmp_path)


# --- the list


def test_the_list_holds_no_readable_name(tmp_path: Path) -> None:
    add(tmp_path, forms(handles=["@anna_b"]), ["anna_b"])

    written = b"".join(path.read_bytes() for path in (tmp_path / "keys").iterdir())
    assert b"anna_b" not in written
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "keys").iterdir())


def test_without_its_key_nothing_lands_unchecked(tmp_path: Path) -> None:
    add(tmp_path, forms(handles=["@anna_b"]), ["anna_b"])
    (tmp_path / "keys" / "suppressed.key").unlink()

    with pytest.raises(PrivacyError, match="is gone"):
        night(tmp_path, 0, said("p1", -1))
    assert not Landing(tmp_path / "landing").files()


@pytest.mark.parametrize("content", [b"", b'["ab', b'["\xff"]', b"{}"])
def test_with_a_damaged_list_nothing_lands_unchecked(tmp_path: Path, content: bytes) -> None:
    add(tmp_path, forms(handles=["@anna_b"]), ["anna_b"])
    (tmp_path / "keys" / "suppressed.json").write_bytes(content)

    with pytest.raises(PrivacyError, match="is damaged"):
        night(tmp_path, 0, said("p1", -1))
    assert not Landing(tmp_path / "landing").files()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("thanks @anna!", "thanks @…!"),
        ("https://plein.example/@anna/1", "https://plein.example/@…/1"),
        ("Anna is a name", "Anna is a name"),
        ("@annabel @anna.b", "@annabel @….b"),
        ("", ""),
    ],
)
def test_a_short_handle_counts_behind_its_sign_only(tmp_path: Path, text: str, shown: str) -> None:
    suppressed = add(tmp_path, forms(handles=["anna"]), ["anna"])

    assert suppressed.blank(text) == shown


def test_an_empty_list_changes_nothing(tmp_path: Path) -> None:
    suppressed = read_suppressed(tmp_path)

    assert not suppressed
    assert suppressed.clean(post()) == post()


# --- what is held about one person


def marked(folder: Path) -> None:
    """Somebody of the company marks Anna's post and Ben's answer as being about Zonneveld."""
    with open_warehouse(folder) as warehouse:
        rows = [
            {"platform": "mastodon", "post_id": each, "organisation": "Zon", "mark": "right"}
            for each in (ID, "p2")
        ]
        given = [{**row, "marked_at": NOW} for row in rows]
        marks.write(warehouse.database, folder, marks.SAMPLES, given)
        warehouse.database.execute(
            "insert into enriched.relevance values "
            "('mastodon', ?, 'Zon', 0.25, false, 'against: makelaar', '1')",
            [ID],
        )


def test_marks_of_who_is_forgotten_go_and_those_of_others_stay(tmp_path: Path) -> None:
    full_folder(tmp_path)
    marked(tmp_path)

    forget_anna(tmp_path)

    assert [row["post_id"] for row in marks.read(tmp_path, marks.SAMPLES)] == ["p2"]
    with open_warehouse(tmp_path) as warehouse:
        kept = "select post_id from enriched.samples"
        assert warehouse.database.execute(kept).fetchall() == [("p2",)]
        assert warehouse.database.execute("from enriched.relevance").fetchall() == []


def test_all_that_is_held_about_somebody_can_be_shown(tmp_path: Path) -> None:
    full_folder(tmp_path)
    marked(tmp_path)

    with open_warehouse(tmp_path) as warehouse:
        person = who(warehouse.database, tmp_path, "mastodon", "Anna_B@plein.example")
        told = held(warehouse.database, config(tmp_path), person)

    (theirs,) = told["posts"]
    assert theirs["text"] == "my own words"
    assert (theirs["kept_until"] - theirs["first_seen_at"]).days == 90
    assert [row["author_name"] for row in told["author"]] == ["Anna Bakkersma"]
    assert [row["source"] for row in told["came_from"]] == ["social"]
    assert [row["reason"] for row in told["threads_cut_off"]] == ["BudgetSpent"]
    assert [row["payload"] for row in told["payloads"]] == ['{"acct": "anna_b"}']
    assert [row["post_id"] for row in told["mentioned_in_posts_of_others"]] == ["p2"]
    assert [row["reason"] for row in told["judged_to_be_about"]] == ["against: makelaar"]
    assert [(row["task"], row["mark"]) for row in told["marked_by_people_of_the_company"]] == [
        ("about Zon", "right")
    ]
    others = str(told["posts"]) + str(told["author"])
    assert "ben-1" not in others
    assert "kim-1" not in str(told)


def test_who_is_called_by_name_and_who_followed_is_shown_too(tmp_path: Path) -> None:
    hers = [said(ID, day, **ANNA, author_followers_count=140 + day) for day in (0, 1)]
    called = said("called", 0.5, author_id="ben-1", text="I saw Anna Bakkersma, not Anna_Bel")
    other = said("other", 0.5, author_id="ben-1", text="Anna_Bel and Anna Bakkersmans")
    night(tmp_path, 1, hers[0], called, other)
    night(tmp_path, 2, hers[1])

    with open_warehouse(tmp_path) as warehouse:
        person = who(warehouse.database, tmp_path, "mastodon", "Anna_B@plein.example")
        told = held(warehouse.database, config(tmp_path), person)

    assert [row["post_id"] for row in told["mentioned_in_posts_of_others"]] == ["called"]
    assert [row["followers_count"] for row in told["audience"]] == [140, 141]


@pytest.mark.parametrize(
    "moved",
    ["luister.duckdb", "landing", "landing/social", "reports", "exports", "recordings", "prefect"],
)
def test_what_stands_on_another_disk_behind_a_link_is_forgotten_and_searched_too(
    tmp_path: Path, moved: str
) -> None:
    data, disk = tmp_path / "data", tmp_path / "disk"
    full_folder(data)
    disk.mkdir()
    place = disk / Path(moved).name
    shutil.move(data / moved, place)
    (data / moved).symlink_to(place)

    receipt = forget_anna(data)

    assert receipt.bytes_left == 0
    assert not any(word in every_byte(disk).lower() for word in WORDS)
    assert (data / moved).resolve() == place


def test_a_link_to_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    full_folder(data)
    elsewhere.mkdir()
    (elsewhere / "letter.txt").write_text("dear anna_b")
    (data / "letters").symlink_to(elsewhere)

    forget_anna(data)

    assert (elsewhere / "letter.txt").read_text() == "dear anna_b"


def test_what_is_packed_is_unpacked_to_be_searched(tmp_path: Path) -> None:
    full_folder(tmp_path)
    models = tmp_path / "models" / "sentiment"
    models.mkdir(parents=True)
    (models / "current").write_text("2")
    for version, words in (("0001", "fine"), ("0002", "anna_b")):
        with zipfile.ZipFile(models / f"{version}.npz", "w", zipfile.ZIP_DEFLATED) as model:
            model.writestr("told.npy", f'{{"words": ["{words}"]}}' * 9)
    assert in_use(tmp_path) == {"sentiment": 2}
    for name, told in (("theirs.csv.gz", b"said by anna_b"), ("other.csv.gz", b"said by ben")):
        (tmp_path / "exports" / name).write_bytes(gzip.compress(told * 9))

    forget_anna(tmp_path)

    assert [each.name for each in (tmp_path / "exports").iterdir()] == ["other.csv.gz"]
    assert in_use(tmp_path) == {"sentiment": 1}


def test_what_landed_damaged_was_set_aside_and_goes(tmp_path: Path) -> None:
    full_folder(tmp_path)
    first = min((tmp_path / "landing").rglob("*.parquet"))
    first.write_bytes(first.read_bytes()[:-9] + b"damaged!!")

    assert forget_anna(tmp_path).bytes_left == 0
    assert not list((tmp_path / "landing").rglob("set-aside/*"))


def test_what_a_killed_run_left_in_the_landing_zone_goes(tmp_path: Path) -> None:
    full_folder(tmp_path)
    landed = min((tmp_path / "landing").rglob("*.parquet"))
    half, draft = (landed.with_name(name) for name in ("half.parquet", "more.parquet.tmp"))
    half.write_bytes(landed.read_bytes())
    draft.write_bytes(b"packed so that nobody is seen in it")

    assert forget_anna(tmp_path).bytes_left == 0
    assert not half.exists()
    assert not draft.exists()


def test_what_somebody_who_listens_is_landing_stays(tmp_path: Path) -> None:
    full_folder(tmp_path)
    landed = min((tmp_path / "landing").rglob("*.parquet"))
    heard = tmp_path / "landing" / "town-live"
    heard.mkdir()
    old = heard / "killed.parquet"
    old.write_bytes(landed.read_bytes())
    os.utime(old, (0, 0))

    add(tmp_path, forms(handles=["anna_b"]), ["anna_b@plein.example"])

    with nightly_lock(tmp_path / LISTENING):
        (heard / "now.parquet").write_bytes(landed.read_bytes())
        forget_listed(tmp_path)

    assert (heard / "now.parquet").exists()
    assert not old.exists()


def test_a_backup_brings_nobody_back_in_what_landed_half(tmp_path: Path) -> None:
    full_folder(tmp_path)
    landed = min((tmp_path / "landing").rglob("*.parquet"))
    half = landed.with_name("half.parquet")
    half.write_bytes(landed.read_bytes())
    add(tmp_path, forms(handles=["anna_b"]), ["anna_b@plein.example"])

    forget_listed(tmp_path)

    assert not half.exists()


def test_what_cannot_be_searched_is_named(tmp_path: Path) -> None:
    full_folder(tmp_path)
    (tmp_path / "exports" / "rows.parquet").write_bytes(b"PAR1 and then nothing")

    with pytest.raises(PrivacyError, match=r"rows\.parquet: it is damaged.*delete it"):
        forget_anna(tmp_path)


def test_an_error_that_names_them_lands_without_their_name(tmp_path: Path) -> None:
    add(tmp_path, forms(handles=["@anna_b@plein.example"]), ["anna_b@plein.example"])

    night(tmp_path, 0, status="failed", error="https://plein.example/%40anna_b/1 is gone")

    assert b"anna_b" not in every_byte(tmp_path)
    assert b"plein.example/" in every_byte(tmp_path)


def test_what_a_killed_night_has_spilled_is_removed(tmp_path: Path) -> None:
    full_folder(tmp_path)
    spilled = tmp_path / "luister.duckdb.tmp"
    spilled.mkdir()
    (spilled / "duckdb_temp_1_0_storage_DEFAULT-0.tmp").write_bytes(b"packed: no search finds it")

    with open_warehouse(tmp_path) as warehouse:
        assert warehouse.database.execute("select count(*) from raw.posts").fetchall() == [(4,)]
        assert list(spilled.iterdir()) == []
        assert spilled.stat().st_mode & 0o777 == 0o700

    assert not spilled.exists()
