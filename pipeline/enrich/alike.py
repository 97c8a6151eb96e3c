"""Alike: which of many texts say nearly the same, without comparing each with each.

Texts that share a band stand in one crowd. In a crowd each is compared with the first ``CROWD`` of
it, in the order of their keys; two that hang together already, by whatever they were compared with
before, are not compared again. What is found are links enough to tell what hangs together: numbers
of texts stand for texts, so that millions fit into memory.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from pipeline.enrich import copies

CROWD: Final = 20
"""In a crowd of texts that share a band each is compared with so many: enough to hang together."""

Numbers = NDArray[np.int64]
Marks = NDArray[np.bool_]
Links = tuple[Numbers, Numbers]
_PAIRS_AT_ONCE: Final = 50_000
_POSITIVE: Final = (1 << 62) - 1


@dataclass(frozen=True)
class Fingerprints:
    """Fingerprints of texts, numbered from 0 in the order of their keys.

    ``bands`` has one row a text and one column a band; ``is_new`` tells which were never compared.
    """

    bands: NDArray[np.uint32]
    is_new: Marks

    def __len__(self) -> int:
        return len(self.bands)


@dataclass(frozen=True)
class WordPairs:
    """The pairs of words of texts: a row of ``matrix`` each, a column for each pair there may be.

    ``rows`` tells the row of each text, the last of which is empty.
    """

    matrix: Any
    rows: Numbers

    def are_alike(self, ones: Numbers, others: Numbers) -> Marks:
        """Which of these pairs of texts share at least ``ALIKE`` of their pairs of words."""
        found = np.zeros(len(ones), np.bool_)
        for part in _parts(len(ones)):
            one, other = self.matrix[self.rows[ones[part]]], self.matrix[self.rows[others[part]]]
            common = one.multiply(other).getnnz(axis=1)
            together = one.getnnz(axis=1) + other.getnnz(axis=1) - common
            found[part] = common / np.maximum(together, 1) >= copies.ALIKE
        return found


@dataclass(frozen=True)
class _Crowds:
    """Texts in the order of one band; ``starts`` and ``sizes`` are of the crowds that matter."""

    members: Numbers
    starts: Numbers
    sizes: Numbers

    def pairs(self, place: int) -> Links:
        """In each crowd the one at this place with each that comes after it."""
        is_large = self.sizes > place + 1
        firsts, counts = self.starts[is_large] + place, self.sizes[is_large] - place - 1
        return (
            self.members[np.repeat(firsts, counts)],
            self.members[np.repeat(firsts + 1, counts) + _counted(counts)],
        )


def word_pairs(count: int, texts: Iterable[tuple[Sequence[int], Sequence[str]]]) -> WordPairs:
    """Pairs of words of texts, ready to be compared with each other.

    Args:
        count: of all texts; those that do not come have no words.
        texts: numbers of texts, and the texts; whichever comes twice counts once.
    """
    rows = np.full(count, -1, np.int64)
    columns, ends = array("q"), array("q", [0])
    for numbers, written in texts:
        for number, text in zip(numbers, written, strict=True):
            if rows[number] < 0:
                rows[number] = len(ends) - 1
                columns.extend(sorted({hash(pair) & _POSITIVE for pair in copies.pairs(text)}))
                ends.append(len(columns))
    rows[rows < 0] = len(ends) - 1
    ends.append(len(columns))
    bounds = np.frombuffer(ends, np.int64)
    found = np.frombuffer(columns, np.int64) if columns else np.empty(0, np.int64)
    shape = (len(bounds) - 1, _POSITIVE + 1)
    matrix = csr_matrix((np.ones(len(found), np.bool_), found, bounds), shape=shape)
    return WordPairs(matrix, rows)


def to_compare(prints: Fingerprints) -> Marks:
    """Texts that something new is compared with, or that are new and compared with anything."""
    wanted = np.zeros(len(prints), np.bool_)
    for band in range(copies.BANDS):
        crowds = _crowds(prints, band, prints.is_new)
        if not len(crowds.sizes):
            continue
        members = crowds.members[_positions(crowds)]
        is_first, is_new = _counted(crowds.sizes) < CROWD, prints.is_new[members]
        begins = _begins(crowds.sizes)
        # the first of a crowd are compared with all of it, the others with the first
        leads = np.repeat(np.logical_or.reduceat(is_new & is_first, begins), crowds.sizes)
        wanted[members[is_new | is_first | leads]] = True
    return wanted


def links(prints: Fingerprints, known: Links, words: WordPairs) -> Links:
    """Copies among the texts, enough of them to hang together whatever is alike.

    Args:
        prints: all fingerprints.
        known: copies found before.
        words: of the texts that ``to_compare`` tells.

    Returns:
        Numbers of texts and of their copies, the smaller first.
    """
    label = joined(np.arange(len(prints)), *known)
    places = _places(prints)
    ones, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for band in range(copies.BANDS):
        crowds = _crowds(prints, band, prints.is_new)
        for place in range(CROWD):
            one, other = crowds.pairs(place)
            if not len(one):
                break
            asked = (prints.is_new[one] | prints.is_new[other]) & (label[one] != label[other])
            one, other = _never_met(prints, places, band, one[asked], other[asked])
            alike = words.are_alike(one, other)
            ones.append(one[alike])
            others.append(other[alike])
            label = joined(label, ones[-1], others[-1])
    return np.concatenate(ones), np.concatenate(others)


def joined(label: Numbers, ones: Numbers, others: Numbers) -> Numbers:
    """The label of each text once these hang together: the smallest of all that do."""
    if not len(ones):
        return label
    ends, place = np.unique(np.concatenate([label[ones], label[others]]), return_inverse=True)
    becomes = np.arange(len(label))
    becomes[ends] = ends[wholes(len(ends), place[: len(ones)], place[len(ones) :])]
    found: Numbers = becomes[label]
    return found


def wholes(count: int, ones: Numbers, others: Numbers) -> Numbers:
    """For each of so many texts, linked like this, the first that it hangs together with."""
    links_of = csr_matrix((np.ones(len(ones), np.bool_), (ones, others)), shape=(count, count))
    parts, part = connected_components(links_of, directed=False)
    first = np.empty(parts, np.int64)
    # of what is written to one place the last stays: from behind that is the first
    first[part[::-1]] = np.arange(count)[::-1]
    found: Numbers = first[part]
    return found


def torn(label: Numbers, is_gone: Marks) -> Marks:
    """Texts that hung together with one that is gone, and may do so without it."""
    is_torn = np.zeros(len(label), np.bool_)
    is_torn[label[is_gone]] = True
    found: Marks = is_torn[label] & ~is_gone
    return found


def moved_up(prints: Fingerprints, is_gone: Marks, is_waiting: Marks) -> Marks:
    """Texts of crowds of which one of the first is gone: another has come to its place.

    Those that wait to be compared take no place before one that is gone, for it may have stood
    there before they came; they make a crowd large all the same, for they may have been there.
    """
    again = np.zeros(len(prints), np.bool_)
    for band in range(copies.BANDS):
        crowds = _crowds(prints, band, is_gone)
        if not len(crowds.sizes):
            continue
        members = crowds.members[_positions(crowds)]
        begins = _begins(crowds.sizes)
        counts = ~is_waiting[members]
        # how many of those that count stand in its crowd up to each
        up_to = np.cumsum(counts, dtype=np.int64)
        up_to -= np.repeat(up_to[begins] - counts[begins], crowds.sizes)
        is_first_gone = is_gone[members] & (up_to <= CROWD)
        moved = (crowds.sizes > CROWD) & np.logical_or.reduceat(is_first_gone, begins)
        again[members[np.repeat(moved, crowds.sizes)]] = True
    return again & ~is_gone


def _crowds(prints: Fingerprints, band: int, matters: Marks) -> _Crowds:
    """The crowds of one band in which there are several texts, and one at least that matters."""
    values = prints.bands[:, band]
    members = np.argsort(values, kind="stable")
    told = values[members]
    starts = np.flatnonzero(np.append(True, told[1:] != told[:-1])[: len(told)])
    sizes = np.diff(np.append(starts, len(told)))
    if not len(starts):
        return _Crowds(members, starts, sizes)
    chosen = (sizes > 1) & np.logical_or.reduceat(matters[members], starts)
    return _Crowds(members, starts[chosen], sizes[chosen])


def _positions(crowds: _Crowds) -> Numbers:
    """Where the members of all these crowds stand."""
    found: Numbers = np.repeat(crowds.starts, crowds.sizes) + _counted(crowds.sizes)
    return found


def _counted(counts: Numbers) -> Numbers:
    """0, 1, 2 … for each of these counts."""
    found: Numbers = np.arange(counts.sum()) - np.repeat(_begins(counts), counts)
    return found


def _begins(counts: Numbers) -> Numbers:
    """Where each begins of so many that stand one after the other."""
    found: Numbers = np.cumsum(counts) - counts
    return found


def _places(prints: Fingerprints) -> NDArray[np.uint8]:
    """The place of each text in each of its crowds; ``CROWD`` stands for all that come later."""
    places = np.full(prints.bands.shape, CROWD, np.uint8)
    for band in range(copies.BANDS):
        crowds = _crowds(prints, band, prints.is_new)
        members = crowds.members[_positions(crowds)]
        places[members, band] = np.minimum(_counted(crowds.sizes), CROWD)
    return places


def _never_met(
    prints: Fingerprints, places: NDArray[np.uint8], band: int, ones: Numbers, others: Numbers
) -> Links:
    """The pairs that were not compared in an earlier band."""
    has_met = np.zeros(len(ones), np.bool_)
    for part in _parts(len(ones)):
        one, other = ones[part], others[part]
        shares = prints.bands[one, :band] == prints.bands[other, :band]
        is_early = np.minimum(places[one, :band], places[other, :band]) < CROWD
        has_met[part] = (shares & is_early).any(axis=1)
    return ones[~has_met], others[~has_met]


def _parts(count: int) -> Iterator[slice]:
    return (slice(begin, begin + _PAIRS_AT_ONCE) for begin in range(0, count, _PAIRS_AT_ONCE))
