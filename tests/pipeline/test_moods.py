"""Praise for one and blame for the other in one post are two judgements."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import moods
from pipeline.matching import Matcher, Named
from pipeline.warehouse import Warehouse, open_warehouse
from tests.pipeline.landed import gone, load, one, post, rows

ZON = Named(name="Zonneveld", aliases=("Zonneveld Energie",), accounts={"mastodon": ("zonhelpt",)})
ACME = Named(name="Acme")
BOTH = "Top geholpen door @zonhelpt, maar Acme is echt waardeloos"


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path / "data") as opened:
        yield opened


def judge(warehouse: Warehouse, *organisations: Named) -> dict[tuple[str, str], str | None]:
    matcher = Matcher.from_organisations(organisations)
    for batch in warehouse.unmatched_posts(matcher.version):
        warehouse.write_matches(batch, matcher.match(batch), matcher.version)
    warehouse.database.execute(
        """
        insert into enriched.texts (text_key, enricher_version, language, intents)
        select text_key, '1', 'nl', [] from raw.posts
        where text_key not in (select text_key from enriched.texts)
        """
    )
    moods.judge(warehouse.database, moods.spellings(organisations))
    found = rows(
        warehouse,
        """
        select posts.post_id, moods.organisation, moods.sentiment
        from enriched.moods as moods join raw.posts as posts using (text_key)
        """,
    )
    return {(post_id, organisation): mood for post_id, organisation, mood in found}


def test_each_organisation_has_a_mood_of_its_own(warehouse: Warehouse) -> None:
    load(
        warehouse,
        "1",
        post("both", text=BOTH, mentions=("zonhelpt",)),
        post("ours", text="Zonneveld is geweldig"),
        post("nobody", text="Wat een drama is dit weer"),
    )
    assert judge(warehouse, ZON, ACME) == {
        ("both", "Zonneveld"): "positive",
        ("both", "Acme"): "negative",
    }


def test_a_text_of_unsure_language_is_judged_in_that_of_its_platform(warehouse: Warehouse) -> None:
    load(
        warehouse,
        "1",
        post("tagged", text=f"{BOTH}!", mentions=("zonhelpt",), language="nl_NL"),
        post("untagged", text=BOTH, mentions=("zonhelpt",)),
    )
    warehouse.database.execute(
        "insert into enriched.texts (text_key, enricher_version, language, intents) "
        "select text_key, '1', 'und', [] from raw.posts"
    )
    assert judge(warehouse, ZON, ACME) == {
        ("tagged", "Zonneveld"): "positive",
        ("tagged", "Acme"): "negative",
        ("untagged", "Zonneveld"): None,
        ("untagged", "Acme"): None,
    }


def test_what_was_judged_is_judged_again_only_for_other_names(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(warehouse, "1", post("both", text=BOTH, mentions=("zonhelpt",)))
    judge(warehouse, ZON, ACME)
    asked: list[str] = []
    judge_about = moods.sentiment_about.judge_about
    monkeypatch.setattr(
        moods.sentiment_about,
        "judge_about",
        lambda text, *rest: (asked.append(text), judge_about(text, *rest))[1],
    )
    judge(warehouse, ZON, ACME)
    assert asked == []
    bolt = Named(name="Bolt", aliases=("waardeloos",))
    assert ("both", "Bolt") in judge(warehouse, ZON, ACME, bolt)
    assert asked == [BOTH]


def test_a_namesake_that_was_set_aside_is_nobody(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("both", text=BOTH, mentions=("zonhelpt",)))
    judge(warehouse, ZON, ACME)
    warehouse.database.execute(
        "insert into enriched.relevance select platform, post_id, 'Acme', 0.1, false, '', '1' "
        "from raw.posts"
    )
    assert judge(warehouse, ZON, ACME) == {}
    assert one(warehouse, "select count(*) from enriched.judged_texts") == 0


def test_judgements_go_with_the_post_and_with_its_second_name(warehouse: Warehouse) -> None:
    tagged = {"mentions": ("zonhelpt",)}
    load(
        warehouse, "1", post("both", text=BOTH, **tagged), post("again", text=f"{BOTH}!", **tagged)
    )
    judge(warehouse, ZON, ACME)
    load(warehouse, "2", gone("both"))
    assert {name for name, _ in judge(warehouse, ZON, ACME)} == {"again"}
    assert judge(warehouse, ZON) == {}
    assert one(warehouse, "select count(*) from enriched.judged_texts") == 0


def test_a_language_that_nobody_reads_has_no_mood(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("both", text="Zonneveld ist wunderbar, Acme furchtbar"))
    warehouse.database.execute(
        "insert into enriched.texts (text_key, enricher_version, language, intents) "
        "select text_key, '1', 'de', [] from raw.posts"
    )
    found = judge(warehouse, ZON, ACME)
    assert found == {("both", "Zonneveld"): None, ("both", "Acme"): None}
