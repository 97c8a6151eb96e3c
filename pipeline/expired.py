"""What has had its time in the landing files: written anew without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.confirm import StillThere
from pipeline.landing import Landing, LandingFile, Manifest
from pipeline.rewrite import remove, rewrite
from pipeline.terms import Terms

_WORDS: Final = ("title", "url", "author_name", "author_url")


def from_landing(data: Path, terms: Terms) -> int:
    """Write landing files anew without what has had its time; returns how many."""
    count = 0
    files = Landing(data / "landing").files()
    with StillThere(files, terms.confirmed) as there:
        for file in files:
            if not _has_expired(file, terms, there):
                continue
            count += rewrite(
                file,
                lambda table: without_expired(table, terms, there),
                lambda manifest: _manifest_without_expired(manifest, terms),
            )
            if file.manifest.asked_through < terms.pseudonym and _rows(file) == 0:
                remove(file)
    return count


def _has_expired(file: LandingFile, terms: Terms, there: StillThere) -> bool:
    """Whether anything in a file has had its time, as far as can be seen without reading it all."""
    if _manifest_without_expired(file.manifest, terms) != file.manifest:
        return True
    if file.manifest.asked_through < terms.payload and _has_payloads(file):
        return True
    if file.manifest.asked_through < terms.pseudonym:
        return True
    if _is_young(file, terms):
        return False
    table = pq.read_table(file.path, columns=["created_at", "observed_at", "platform", "post_id"])
    if pc.any(pc.less(_born(table, terms), terms.pseudonym)).as_py():
        return True
    terms_of = {
        "text": _may_have_words(table, terms, there),
        "payload": _may_have_payload(table, terms),
    }
    late = {name: pc.invert(may_stay) for name, may_stay in terms_of.items()}
    late = {name: is_late for name, is_late in late.items() if pc.any(is_late).as_py()}
    held = pq.read_table(file.path, columns=list(late))
    return any(
        pc.any(pc.and_(is_late, pc.not_equal(held[name], ""))).as_py()
        for name, is_late in late.items()
    )


def _is_young(file: LandingFile, terms: Terms) -> bool:
    """Whether what a file says of its columns tells that nothing in it has had its time."""
    bounds = _bounds(file, "created_at", "observed_at", "platform")
    if bounds is None:
        return False
    observed, _ = bounds["observed_at"]
    born = min(bounds["created_at"][0], observed)
    first, last = bounds["platform"]
    confirmed = (term for name, term in terms.confirmed.items() if first <= name <= last)
    return bool(
        born >= max(terms.text, terms.pseudonym) and observed >= max([terms.payload, *confirmed])
    )


def _bounds(file: LandingFile, *names: str) -> dict[str, tuple[Any, Any]] | None:
    """The smallest and the largest value of columns; None where that is not told, as of no rows."""
    with pq.ParquetFile(file.path) as opened:
        groups = [opened.metadata.row_group(each) for each in range(opened.num_row_groups)]
        places = [opened.schema_arrow.get_field_index(name) for name in names]
        told = [[group.column(place).statistics for group in groups] for place in places]
    if not groups or any(each is None or not each.has_min_max for all_ in told for each in all_):
        return None
    return {
        name: (min(each.min for each in of_groups), max(each.max for each in of_groups))
        for name, of_groups in zip(names, told, strict=True)
    }


def _has_payloads(file: LandingFile) -> bool:
    with pq.ParquetFile(file.path) as opened:
        place = opened.schema_arrow.get_field_index("payload")
        groups = range(opened.metadata.num_row_groups)
        columns = [opened.metadata.row_group(group).column(place) for group in groups]
        return any(
            column.statistics is None or column.statistics.max not in {None, ""}
            for column in columns
        )


def _rows(file: LandingFile) -> int:
    return int(pq.read_metadata(file.path).num_rows)


def _born(table: pa.Table, terms: Terms) -> pa.ChunkedArray:
    """From when each post's time is counted."""
    is_new = pc.fill_null(pc.greater_equal(table["created_at"], terms.began), False)
    return pc.if_else(is_new, table["created_at"], table["observed_at"])


def _may_have_words(table: pa.Table, terms: Terms, there: StillThere) -> pa.ChunkedArray:
    """Whether the words of each observation may stay."""
    is_confirmed = _is_confirmed(table, terms)
    if not pc.all(is_confirmed).as_py():
        is_confirmed = pc.or_(is_confirmed, there.holds(table))
    return pc.and_(pc.greater_equal(_born(table, terms), terms.text), is_confirmed)


def _may_have_payload(table: pa.Table, terms: Terms) -> pa.ChunkedArray:
    """Whether what the platform sent at each observation may stay."""
    is_fresh = pc.greater_equal(table["observed_at"], terms.payload)
    return pc.and_(is_fresh, _is_confirmed(table, terms))


def _is_confirmed(table: pa.Table, terms: Terms) -> pa.ChunkedArray:
    """Whether each observation is within the term of its platform, where that has one."""
    found = pc.is_valid(table["platform"])
    for platform, moment in terms.confirmed.items():
        is_late = pc.and_(
            pc.equal(table["platform"], platform), pc.less(table["observed_at"], moment)
        )
        found = pc.and_(found, pc.invert(is_late))
    return found


def without_expired(table: pa.Table, terms: Terms, there: StillThere) -> pa.Table:
    """Rows of ``LANDING_SCHEMA`` that may still be there, with what of them may."""
    table = table.filter(pc.greater_equal(_born(table, terms), terms.pseudonym))
    has_words = _may_have_words(table, terms, there)
    handles = pc.if_else(
        pc.or_(has_words, pc.is_null(table["author_id"])), table["author_handle"], None
    )
    nothing = pa.scalar([], table.schema.field("tags").type)
    changes = {
        **{name: pc.if_else(has_words, table[name], None) for name in _WORDS},
        **{name: pc.if_else(has_words, table[name], nothing) for name in ("tags", "links")},
        "author_handle": handles,
        "text": pc.if_else(has_words, table["text"], ""),
        "payload": pc.if_else(_may_have_payload(table, terms), table["payload"], ""),
    }
    for name, column in changes.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(name), column)
    return table


def _manifest_without_expired(manifest: Manifest, terms: Terms) -> Manifest:
    kept_names = [each for each in manifest.withdrawn if each.observed_at >= terms.pseudonym]
    term = terms.confirmed.get(manifest.platform)
    confirmed = [each for each in manifest.confirmed if term and each.observed_at >= term]
    rejected = manifest.rejected
    if manifest.asked_through < terms.payload:
        rejected = [msgspec.structs.replace(each, payload="") for each in rejected]
    is_old = manifest.asked_through < terms.pseudonym
    return msgspec.structs.replace(
        manifest,
        withdrawn=kept_names,
        confirmed=confirmed,
        rejected=rejected,
        cut_threads=[] if is_old else manifest.cut_threads,
        whole_threads=[] if is_old else manifest.whole_threads,
    )
