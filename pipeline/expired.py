"""What has had its time in the landing files: written anew without it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.landing import Landing, LandingFile, Manifest
from pipeline.rewrite import remove, rewrite
from pipeline.terms import Terms

_WORDS: Final = ("title", "url", "author_name", "author_url")


def from_landing(data: Path, terms: Terms) -> int:
    """Write landing files anew without what has had its time; returns how many."""
    count = 0
    for file in Landing(data / "landing").files():
        if not _has_expired(file, terms):
            continue
        count += rewrite(
            file,
            lambda table: without_expired(table, terms),
            lambda manifest: _manifest_without_expired(manifest, terms),
        )
        if file.manifest.asked_through < terms.pseudonym and _rows(file) == 0:
            remove(file)
    return count


def _has_expired(file: LandingFile, terms: Terms) -> bool:
    """Whether anything in a file has had its time, as far as can be seen without reading it all."""
    if _manifest_without_expired(file.manifest, terms) != file.manifest:
        return True
    if file.manifest.asked_through < terms.payload and _has_payloads(file):
        return True
    if file.manifest.asked_through < terms.pseudonym:
        return True
    table = pq.read_table(file.path, columns=["created_at", "observed_at", "platform"])
    if pc.any(pc.less(_born(table, terms), terms.pseudonym)).as_py():
        return True
    has_had_its_time = pc.invert(_may_have_words(table, terms))
    if not pc.any(has_had_its_time).as_py():
        return False
    words = pq.read_table(file.path, columns=["text", "payload"])
    is_worded = pc.or_(pc.not_equal(words["text"], ""), pc.not_equal(words["payload"], ""))
    return bool(pc.any(pc.and_(has_had_its_time, is_worded)).as_py())


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


def _may_have_words(table: pa.Table, terms: Terms) -> pa.ChunkedArray:
    """Whether the words of each observation may stay."""
    return pc.and_(pc.greater_equal(_born(table, terms), terms.text), _is_confirmed(table, terms))


def _is_confirmed(table: pa.Table, terms: Terms) -> pa.ChunkedArray:
    """Whether each observation is within the term of its platform, where that has one."""
    found = pc.is_valid(table["platform"])
    for platform, moment in terms.confirmed.items():
        is_late = pc.and_(
            pc.equal(table["platform"], platform), pc.less(table["observed_at"], moment)
        )
        found = pc.and_(found, pc.invert(is_late))
    return found


def without_expired(table: pa.Table, terms: Terms) -> pa.Table:
    """Rows of ``LANDING_SCHEMA`` that may still be there, with what of them may."""
    table = table.filter(pc.greater_equal(_born(table, terms), terms.pseudonym))
    has_words = _may_have_words(table, terms)
    has_payload = pc.and_(
        pc.greater_equal(table["observed_at"], terms.payload), _is_confirmed(table, terms)
    )
    handles = pc.if_else(
        pc.or_(has_words, pc.is_null(table["author_id"])), table["author_handle"], None
    )
    nothing = pa.scalar([], table.schema.field("tags").type)
    changes = {
        **{name: pc.if_else(has_words, table[name], None) for name in _WORDS},
        **{name: pc.if_else(has_words, table[name], nothing) for name in ("tags", "links")},
        "author_handle": handles,
        "text": pc.if_else(has_words, table["text"], ""),
        "payload": pc.if_else(has_payload, table["payload"], ""),
    }
    for name, column in changes.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(name), column)
    return table


def _manifest_without_expired(manifest: Manifest, terms: Terms) -> Manifest:
    kept_names = [each for each in manifest.withdrawn if each.observed_at >= terms.pseudonym]
    rejected = manifest.rejected
    if manifest.asked_through < terms.payload:
        rejected = [msgspec.structs.replace(each, payload="") for each in rejected]
    return msgspec.structs.replace(manifest, withdrawn=kept_names, rejected=rejected)
