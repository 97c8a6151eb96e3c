"""Learning from labels: better than rules or nothing, by version, and back again."""

import csv
import random
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from pipeline import (
    enrich,
    learn,
    learn_labels,
    learn_model,
    learn_near,
    learn_over,
    learn_tasks,
)
from pipeline.errors import LuisterError
from pipeline.learn_model import Labelled
from pipeline.warehouse import Warehouse, open_warehouse

THINGS = [
    "fiets",
    "bel",
    "zadel",
    "stuur",
    "band",
    "rem",
    "ketting",
    "lamp",
    "pomp",
    "helm",
    "slot",
]
DAYS = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"]


def about_apples(count: int = 80) -> list[Labelled]:
    """Texts of which only the words tell whether they speak of the company or the fruit."""
    chance = random.Random(3)
    patterns = {
        "company": "De nieuwe Appel {thing} van {day} heeft een helder scherm en een snelle chip",
        "other": "Ik at {day} een appel bij de {thing}, heerlijk zoet en zo van de boom geplukt",
    }
    return [
        Labelled(
            pattern.format(thing=chance.choice(THINGS), day=f"{chance.choice(DAYS)} {number}"),
            label,
            "nl",
        )
        for number in range(count // 2)
        for label, pattern in patterns.items()
    ]


def moody() -> list[Labelled]:
    """The apples once more: the rules hear no mood in the one, a good one in the other."""
    moods = {"company": "negative", "other": "neutral"}
    return [each._replace(label=moods[each.label]) for each in about_apples()]


def noise(count: int = 60) -> list[Labelled]:
    chance = random.Random(5)
    return [
        Labelled(" ".join(chance.sample(THINGS, 5)) + f" {number}", chance.choice(("a", "b")), "nl")
        for number in range(count)
    ]


def test_what_can_be_learnt_takes_over_and_says_so(tmp_path: Path) -> None:
    assert learn.reader("relevance", tmp_path) is None

    lesson = learn.learn("relevance", about_apples(), tmp_path)

    assert lesson.is_better
    assert lesson.version == 1
    assert lesson.model > 0.95 > lesson.rules
    assert "takes over as version 1" in str(lesson)
    read = learn.reader("relevance", tmp_path)
    assert read is not None
    assert read(["Een appel van de boom, heerlijk zoet", "Snelle chip en helder scherm"]) == [
        "other",
        "company",
    ]
    assert read([]) == []


def test_what_cannot_be_learnt_changes_nothing(tmp_path: Path) -> None:
    lesson = learn.learn("relevance", noise(), tmp_path)

    assert not lesson.is_better
    assert "what reads now stays" in str(lesson)
    assert learn.reader("relevance", tmp_path) is None
    assert not (tmp_path / "models").exists()


def test_rules_that_read_well_are_not_replaced(tmp_path: Path) -> None:
    chance = random.Random(1)
    examples = [
        Labelled(f"{chance.choice(THINGS)} {words} {number}", label, "nl")
        for number in range(30)
        for words, label in (("werkt niet, belachelijk", "complaint"), ("gekocht", "other"))
    ]

    lesson = learn.learn("complaint", examples, tmp_path)

    assert lesson.rules > 0.95
    assert not lesson.is_better


def test_equal_texts_are_never_on_both_sides(tmp_path: Path) -> None:
    """Or else a model that knows its texts by heart would look good."""
    copies = [each for each in noise(30) for _ in range(4)]

    assert not learn.learn("relevance", copies, tmp_path).is_better


def test_versions_and_the_way_back(tmp_path: Path) -> None:
    learn.learn("relevance", about_apples(), tmp_path)
    learn.learn("relevance", about_apples(100), tmp_path)
    assert learn.in_use(tmp_path) == {"relevance": 2}

    assert learn.rollback("relevance", tmp_path) == 1
    assert learn.in_use(tmp_path) == {"relevance": 1}
    assert learn.rollback("relevance", tmp_path) == 0
    assert learn.reader("relevance", tmp_path) is None
    with pytest.raises(LuisterError, match="no model reads relevance"):
        learn.rollback("relevance", tmp_path)

    assert learn.learn("relevance", about_apples(), tmp_path).version == 3


def test_a_model_reads_the_same_from_its_file(tmp_path: Path) -> None:
    examples = about_apples()
    model = learn_model.train(examples, {"languages": ["nl"]})
    path = tmp_path / "models" / "relevance" / "0001.npz"

    learn_model.save(model, path)
    again = learn_model.load(path)

    texts, languages = [each.text for each in examples], ["nl"] * len(examples)
    assert np.allclose(model.scores(texts, languages), again.scores(texts, languages), atol=1e-4)
    assert again.told["languages"] == ["nl"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_damaged_model_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    learn.learn("relevance", about_apples(), tmp_path)
    path = tmp_path / "models" / "relevance" / "0001.npz"
    path.write_bytes(path.read_bytes()[:500])

    with pytest.raises(LuisterError, match="--rollback"):
        learn.reader("relevance", tmp_path)
    assert learn.rollback("relevance", tmp_path) == 0


def test_no_model_file_runs_code(tmp_path: Path) -> None:
    path = tmp_path / "0001.npz"
    np.savez(path, told=np.array([{"evil": print}], dtype=object))

    with pytest.raises(LuisterError, match="cannot be read"):
        learn_model.load(path)


@pytest.mark.parametrize(
    ("examples", "told"),
    [
        ([], "none"),
        ([Labelled("a", "x", "nl")] * 30, "x 30"),
        ([Labelled("a", "x", "nl"), Labelled("b", "y", "nl")], "x 1, y 1"),
    ],
)
def test_too_few_labels_are_refused(tmp_path: Path, examples: list[Labelled], told: str) -> None:
    with pytest.raises(LuisterError, match=told):
        learn.learn("relevance", examples, tmp_path)


@pytest.mark.parametrize("task", ["", "../evil", "Sentiment", "a/b", "a" * 60])
def test_a_task_is_a_plain_name(tmp_path: Path, task: str) -> None:
    with pytest.raises(LuisterError, match="cannot be a task"):
        learn.reader(task, tmp_path)


def test_macro_f1_is_the_mean_over_the_labels_of_the_truth() -> None:
    assert learn.macro_f1(list("aabb"), list("abbc")) == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert learn_tasks.folded(" Dialogue ") == "community"


def test_every_task_has_rules_that_say_its_labels() -> None:
    texts = ["Dank je wel!", "Koop nu met korting", "Waar blijft mijn pakket?", ""]
    for task in learn_tasks.TASKS.values():
        if task.rules is not None:
            assert set(task.rules(texts, ["nl"] * 4)) <= set(task.labels)


# --- taking over


def test_a_model_takes_over_in_the_languages_it_has_learnt() -> None:
    examples = [
        Labelled(f"{words} {number}", label, "nl")
        for number in range(20)
        for words, label in (("krokodil in de sloot", "complaint"), ("eend in de sloot", "other"))
    ]
    model = learn_model.train(examples, {"languages": ["nl"]})
    texts = pa.table(
        {
            "text_key": ["1", "2", "3"],
            "text": [
                "Er zwemt vandaag een krokodil in de sloot bij ons",
                "De eend in de sloot werkt niet, belachelijk",
                "krokodil",
            ],
            "language": ["nl", "nl", "de"],
        }
    )
    readings = enrich.enrich_texts(texts)

    over = learn_over.over(readings, texts, {"complaint": model}).to_pylist()

    assert "complaint" in over[0]["intents"]
    assert "complaint" not in over[1]["intents"]
    assert over[2] == readings.to_pylist()[2]
    assert learn_over.over(readings, texts, {}) is readings


def test_the_version_of_what_was_read_names_the_models(tmp_path: Path) -> None:
    assert learn_over.taught(tmp_path) == {}
    assert learn_over.version("1", {}) == "1"

    learn.learn("relevance", about_apples(), tmp_path)
    learn.learn("sentiment", moody(), tmp_path)

    models = learn_over.taught(tmp_path)
    assert set(models) == {"sentiment"}
    assert learn_over.version("1", models) == "1+sentiment.1"


def test_a_damaged_model_leaves_the_reading_to_the_rules(tmp_path: Path) -> None:
    learn.learn("sentiment", moody(), tmp_path)
    (tmp_path / "models" / "sentiment" / "0001.npz").write_bytes(b"")
    assert learn_over.taught(tmp_path) == {}


# --- labels


def test_labels_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows(
            [
                ("text", "label", "language"),
                ("Waar blijft mijn pakket?", "question", ""),
                ("ok, dan", "statement ", "nl"),
                ("", "statement", "nl"),
            ]
        )
    assert learn_labels.from_csv(path) == [
        ("Waar blijft mijn pakket?", "question", "nl"),
        ("ok, dan", "statement", "nl"),
    ]


def test_a_file_of_labels_may_have_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(
        "text;label;language\nWaar, o waar, blijft het?;question;nl\n", encoding="utf-8"
    )

    assert learn_labels.from_csv(path) == [("Waar, o waar, blijft het?", "question", "nl")]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00"])
def test_a_file_without_labels_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(content)
    with pytest.raises(LuisterError, match=r"labels\.csv"):
        learn_labels.from_csv(path)
    with pytest.raises(LuisterError, match="cannot be opened"):
        learn_labels.from_csv(tmp_path / "missing.csv")


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    warehouse = open_warehouse(tmp_path)
    for number in range(12):
        text = "Dit werkt niet, belachelijk" if number % 4 == 0 else "Zonnig vandaag"
        add(warehouse, f"p{number}", f"{text} {number}")
    return warehouse


def add(warehouse: Warehouse, post_id: str, text: str, *, deleted: bool = False) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    warehouse.database.execute(
        """
        insert into raw.posts by name select
            'mastodon' as platform, ? as post_id, 'post' as kind, ? as created_at,
            ? as deleted_at, ? as first_seen_at, ? as last_seen_at, ? as text, ? as text_key,
            []::varchar[] as mentions, []::varchar[] as tags, []::varchar[] as links,
            'public' as visibility, 's' as first_source, 'mentions' as first_verb
        """,
        [post_id, now, now if deleted else None, now, now, text, f"key {post_id}"],
    )


def test_labels_are_kept_once_and_the_newest_counts(warehouse: Warehouse) -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    learn_labels.store(
        warehouse.database, warehouse.data, "complaint", {"key p1": "complaint"}, now
    )
    learn_labels.store(
        warehouse.database,
        warehouse.data,
        "complaint",
        {"key p1": "other", "key p0": "complaint"},
        now,
    )
    assert learn_labels.from_database(warehouse.database, "complaint") == [
        ("Dit werkt niet, belachelijk 0", "complaint", "nl"),
        ("Zonnig vandaag 1", "other", "nl"),
    ]
    assert learn_labels.from_database(warehouse.database, "sentiment") == []


def test_what_was_deleted_teaches_nothing(warehouse: Warehouse) -> None:
    add(warehouse, "gone", "weg", deleted=True)
    now = datetime(2026, 11, 21, tzinfo=UTC)
    learn_labels.store(warehouse.database, warehouse.data, "complaint", {"key gone": "other"}, now)
    assert learn_labels.from_database(warehouse.database, "complaint") == []


def test_rare_labels_are_asked_for_first_by_the_rules(warehouse: Warehouse) -> None:
    rules = learn_tasks.TASKS["complaint"].rules
    asked = learn_labels.worth_asking(warehouse.database, "complaint", None, rules, 6)
    assert sum("werkt niet" in each.text for each in asked) == 3
    again = learn_labels.worth_asking(warehouse.database, "complaint", None, rules, 6)
    assert asked == again


def test_what_has_a_label_is_not_asked_again(warehouse: Warehouse) -> None:
    asked = learn_labels.worth_asking(warehouse.database, "x", None, None, 5)
    now = datetime(2026, 11, 21, tzinfo=UTC)
    learn_labels.store(
        warehouse.database,
        warehouse.data,
        "x",
        dict.fromkeys((a.text_key for a in asked), "y"),
        now,
    )
    left = learn_labels.worth_asking(warehouse.database, "x", None, None, 50)
    assert len(left) == 7
    assert not {each.text_key for each in asked} & {each.text_key for each in left}


def test_a_model_asks_for_what_it_doubts(warehouse: Warehouse) -> None:
    examples = [
        Labelled(f"{words} {number}", label, "nl")
        for number in range(20)
        for words, label in (("werkt niet belachelijk", "complaint"), ("zonnig vandaag", "other"))
    ]
    model = learn_model.train(examples)
    add(warehouse, "doubt", "werkt niet zonnig vandaag belachelijk")
    (first, *_) = learn_labels.worth_asking(warehouse.database, "complaint", model, None, 3)
    assert first.text_key == "key doubt"


def test_labels_of_other_kinds_are_left_out_and_spellings_are_one(tmp_path: Path) -> None:
    chance = random.Random(2)
    examples = [
        Labelled(f"{words} {chance.choice(THINGS)} {number}", label, "nl")
        for number in range(25)
        for words, label in (
            ("paarse olifant", "Dialogue"),
            ("groene giraf", "community"),
            ("gele tijger", "Action"),
            ("rode zebra", "Exclude"),
        )
    ]

    lesson = learn.learn("message_type", examples, tmp_path)

    assert (lesson.examples, lesson.left_out) == (75, 25)
    assert lesson.classes == ("action", "community")
    assert "25 of other kinds left out" in str(lesson)


def test_what_stands_around_the_word_that_all_texts_hold_counts(tmp_path: Path) -> None:
    chance = random.Random(3)
    talk = ["vandaag", "gisteren", "morgen", "lekker", "mooi", "groot", "klein", "rood", "snel"]
    examples = [
        Labelled(" ".join([*chance.sample(talk, 3), *pair, *chance.sample(talk, 3)]), label, "nl")
        for _ in range(60)
        for pair, label in ((("Apple", "store"), "company"), (("een", "appel"), "other"))
    ]
    assert learn_near.common_word([each.text for each in examples]) == ""
    named = [each._replace(text=each.text.replace("appel", "apple")) for each in examples]
    assert learn_near.common_word([each.text for each in named]) == "apple"

    model = learn_model.train(named)
    texts = ["groot nieuws: Apple opent morgen", "ik at vandaag een apple"]
    learn_model.save(model, tmp_path / "0001.npz")
    again = learn_model.load(tmp_path / "0001.npz")
    assert again.about == "apple"
    assert again.predict(texts, ["nl", "nl"]) == ["company", "other"]
    assert again.scores(texts, ["nl", "nl"]) == pytest.approx(
        model.scores(texts, ["nl", "nl"]), abs=1e-5
    )
