"""What hangs together is found without comparing each with each."""

from __future__ import annotations

import random

import numpy as np
import pytest

from pipeline.enrich import alike, copies

WORDS = [f"woord{number}" for number in range(60)]
NOTHING = (np.empty(0, np.int64), np.empty(0, np.int64))


def retold(chance: random.Random, count: int) -> list[str]:
    """Texts of which most are another one with a few words changed."""
    texts = [" ".join(chance.sample(WORDS, 20)) for _ in range(4)]
    while len(texts) < count:
        words = chance.choice(texts).split()
        for _ in range(chance.randrange(4)):
            words[chance.randrange(len(words))] = chance.choice(WORDS)
        texts.append(" ".join(words))
    return texts


def printed(texts: list[str], is_new: list[bool] | None = None) -> alike.Fingerprints:
    bands = np.array(copies.fingerprints(texts), np.uint32)
    return alike.Fingerprints(bands, np.array(is_new or [True] * len(texts)))


def words_of(texts: list[str]) -> alike.WordPairs:
    return alike.word_pairs(len(texts), [(range(len(texts)), texts)])


def parts(links: alike.Links, count: int) -> list[int]:
    return alike.joined(np.arange(count), *links).tolist()


def compared_each_with_each(texts: list[str]) -> alike.Links:
    """The same by brute force, in crowds of the same size."""
    pairs = [copies.pairs(text) for text in texts]
    bands = copies.fingerprints(texts)
    found = set()
    for band in range(copies.BANDS):
        crowds: dict[int, list[int]] = {}
        for number, told in enumerate(bands):
            assert told is not None
            crowds.setdefault(told[band], []).append(number)
        for crowd in crowds.values():
            for place, one in enumerate(crowd[: alike.CROWD]):
                for other in crowd[place + 1 :]:
                    if copies.similarity(pairs[one], pairs[other]) >= copies.ALIKE:
                        found.add((one, other))
    ones, others = zip(*found, strict=True)
    return np.array(ones), np.array(others)


@pytest.mark.parametrize("seed", range(5))
def test_it_finds_what_comparing_each_with_each_would(seed: int) -> None:
    texts = retold(random.Random(seed), 300)

    found = alike.links(printed(texts), NOTHING, words_of(texts))

    assert parts(found, 300) == parts(compared_each_with_each(texts), 300)
    assert len(found[0]) < 300


@pytest.mark.parametrize("seed", range(5))
def test_what_is_gone_leaves_the_others_together_as_if_it_had_never_been(seed: int) -> None:
    chance = random.Random(seed)
    texts = retold(chance, 300)
    found = alike.links(printed(texts), NOTHING, words_of(texts))
    gone = set(chance.sample(range(300), 60))
    is_gone = np.array([number in gone for number in range(300)])

    label = alike.joined(np.arange(300), *found)
    again = alike.torn(label, is_gone) | alike.moved_up(
        printed(texts), is_gone, np.zeros_like(is_gone)
    )

    left = [number for number in range(300) if number not in gone]
    number_of = {number: place for place, number in enumerate(left)}
    known = [
        (number_of[one], number_of[other])
        for one, other in zip(*found, strict=True)
        if not {one, other} & gone
    ]
    texts_left = [texts[number] for number in left]
    prints = printed(texts_left, [bool(again[number]) for number in left])
    before = tuple(np.array(each, np.int64) for each in zip(*known, strict=True))
    more = alike.links(prints, before, words_of(texts_left))  # type: ignore[arg-type]
    ones, others = (np.concatenate(each) for each in zip(before, more, strict=True))
    assert parts((ones, others), len(left)) == parts(compared_each_with_each(texts_left), len(left))


def test_texts_that_share_no_band_with_anything_new_are_not_read_again() -> None:
    texts = retold(random.Random(1), 4)
    prints = printed([*texts, texts[0]], [False, False, False, False, True])

    assert alike.to_compare(prints).tolist() == [True, False, False, False, True]


def test_nothing_at_all_hangs_together_with_nothing() -> None:
    none = alike.Fingerprints(np.empty((0, copies.BANDS), np.uint32), np.empty(0, np.bool_))

    assert not len(alike.links(none, NOTHING, alike.word_pairs(0, []))[0])
    assert not len(alike.to_compare(none))
    assert not len(alike.moved_up(none, np.empty(0, np.bool_), np.empty(0, np.bool_)))
    assert not len(alike.torn(np.empty(0, np.int64), np.empty(0, np.bool_)))
