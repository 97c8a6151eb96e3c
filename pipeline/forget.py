"""Forgetting somebody: off every disk, for good, and proved by a search through every byte.

First the suppress list, so that nothing new lands; then what has landed, the database and all that
was made of them. Each step can be done again: killed at any moment and run again, it finishes. What
is searched for stands in ``keys/forgetting.json`` until it is done, and nowhere after.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa

from pipeline.backups_made import known_backups
from pipeline.config import Config
from pipeline.errors import PrivacyError
from pipeline.files import files_of, force
from pipeline.forget_rows import from_database
from pipeline.landing import LANDING_SCHEMA, Landing, Manifest
from pipeline.lock import LISTENING, held_since
from pipeline.manifest import LIVE
from pipeline.person import Person, who
from pipeline.post import from_row, to_arrow
from pipeline.privacy import blind_name
from pipeline.proof import JOURNAL, found, from_prefect, readable
from pipeline.rewrite import rewrite
from pipeline.suppress import (
    Suppressed,
    add,
    allowed_rejected,
    read_suppressed,
)
from pipeline.warehouse import DATABASE_NAME, PUBLISHED_NAME, open_warehouse, read_warehouse

RECEIPTS: Final = "receipts"
_KEPT_FILES: Final = re.compile(
    r"(luister\.duckdb|landing/.*\.(parquet|json)|keys/.*|publish/.*|analytics\.duckdb)$"
)


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What was done, without whom it was done for."""

    receipt: str
    finished_at: datetime
    platform: str
    posts_removed: int
    posts_of_others_changed: int
    files_searched: int
    bytes_searched: int
    bytes_left: int
    backups: tuple[str, ...] = ()
    """Backups that were made before and still hold them."""


class Begun(Person, frozen=True, kw_only=True):
    """Who is being forgotten, and what was removed of them by now: that is not seen twice."""

    posts_removed: int = 0
    posts_changed: int = 0


def forget(config: Config, platform: str, account: str, again: Callable[[], None]) -> Receipt:
    """Forget an account everywhere; returns the receipt, which is also written down.

    Args:
        config: names the data folder.
        platform: as the connector is called.
        account: its id or handle.
        again: understands, builds, publishes and reports anew from what is left.

    Raises:
        PrivacyError: it is an account of a configured organisation, or something of it is left;
            names the file.
    """
    _refuse_own(config, platform, account)
    data = config.data
    person = _begin(data, platform, account)
    suppressed = add(data, person.shown, person.whole)
    person = _note(data, person, *_from_landing(data, suppressed))
    person = _note(data, person, from_database(data, suppressed), 0)
    _remove_made(data, person)
    from_prefect(data / "prefect", person)
    again()
    _remove_naming(data, person)
    receipt = _prove(data, person)
    (data / "keys" / JOURNAL).unlink()
    return receipt


def forget_listed(data: Path) -> int:
    """Remove again everybody on the suppress list, of whom nothing but digests is known.

    For a backup that was put back and is older than their forgetting. Returns posts removed.
    """
    suppressed = read_suppressed(data)
    if not suppressed:
        return 0
    _from_landing(data, suppressed)
    removed = from_database(data, suppressed)
    _remove_unfinished(data)
    for path in list(files_of(data)):
        place = path.relative_to(data)
        is_kept = _KEPT_FILES.match(str(place))
        if "set-aside" in place.parts or (not is_kept and suppressed.names(readable(path))):
            path.unlink()
    return removed


def _refuse_own(config: Config, platform: str, account: str) -> None:
    plain = account.strip().lower().lstrip("@")
    for organisation in config.organisations:
        accounts = (
            *organisation.accounts.get(platform, ()),
            *organisation.employees.get(platform, ()),
        )
        if plain in {each.strip().lower().lstrip("@") for each in accounts}:
            raise PrivacyError(
                f"this account is configured as one of {organisation.name}",
                where="luister.toml",
                todo="take it out of luister.toml first, then forget it",
            )


def _begin(data: Path, platform: str, account: str) -> Begun:
    """Who it is, with what was known when it began, should that have been cut off."""
    path = data / "keys" / JOURNAL
    with open_warehouse(data) as warehouse:
        person = Begun(**msgspec.structs.asdict(who(warehouse.database, data, platform, account)))
    if path.exists():
        try:
            before = msgspec.json.decode(path.read_bytes(), type=Begun)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise PrivacyError(
                "whose forgetting was cut off cannot be read: the file is damaged",
                where=str(path),
                todo="remove it, and forget that account again; the receipts name who is done",
            ) from error
        if (before.platform, before.account) != (person.platform, person.account):
            raise PrivacyError(
                "somebody else's forgetting was cut off",
                where=str(path),
                todo=f"finish it first: the account stands in {path}",
            )
        person = Begun(
            platform=person.platform,
            account=person.account,
            posts_removed=before.posts_removed,
            posts_changed=before.posts_changed,
            author_ids=person.author_ids | before.author_ids,
            handles=person.handles | before.handles,
            names=person.names | before.names,
            urls=person.urls | before.urls,
        )
    return _note(data, person, 0, 0)


def _note(data: Path, person: Begun, removed: int, changed: int) -> Begun:
    """Write down who it is and how much was removed, for whoever goes on after it was cut off."""
    person = msgspec.structs.replace(
        person,
        posts_removed=max(person.posts_removed, removed),
        posts_changed=max(person.posts_changed, changed),
    )
    path = data / "keys" / JOURNAL
    path.parent.mkdir(exist_ok=True, mode=0o700)
    temporary = path.with_suffix(".tmp")
    temporary.touch(mode=0o600)
    temporary.write_bytes(msgspec.json.encode(person))
    force(temporary)
    temporary.replace(path)
    return person


def clean_landing(data: Path) -> None:
    """Take who asked to be forgotten out of what landed on a machine that does not know of them.

    Raises:
        PrivacyError: who asked cannot be told, because the key is gone.
    """
    suppressed = read_suppressed(data)
    if suppressed:
        _from_landing(data, suppressed)


def _stored_of(data: Path, suppressed: Suppressed) -> set[str]:
    """Blind names of posts that the database still holds of them.

    It is cleaned after what landed: who was killed in between knows here whose files were done.
    """
    with read_warehouse(data) as warehouse:
        if warehouse is None:
            return set()
        rows = warehouse.database.execute(
            "select distinct platform, post_id, author_id, author_handle from raw.posts"
        ).fetchall()
    return {
        blind_name(platform, post_id)
        for platform, post_id, author_id, handle in rows
        if suppressed.is_author(author_id, handle)
    }


def _from_landing(data: Path, suppressed: Suppressed) -> tuple[int, int]:
    """Write what has landed anew; returns posts removed and posts of others changed."""
    removed = changed = 0
    gone = _stored_of(data, suppressed)

    def cleaned(table: pa.Table) -> pa.Table:
        nonlocal removed, changed
        posts, verbs = [], []
        for row in table.to_pylist():
            post = from_row(row)
            left = suppressed.clean(post)
            if left is None:
                removed += 1
                gone.add(blind_name(post.platform, post.post_id))
            changed += left is not None and left is not post
            if left is not None:
                posts.append(left)
                verbs.append(row["verb"])
        verb = pa.array(verbs, pa.string())
        return to_arrow(posts).append_column(LANDING_SCHEMA.field("verb"), verb)

    def told(manifest: Manifest) -> Manifest:
        rejected = allowed_rejected(suppressed, manifest.rejected)
        error = suppressed.blank(manifest.error) if manifest.error else manifest.error
        confirmed = [each for each in manifest.confirmed if each.name not in gone]
        return msgspec.structs.replace(
            manifest,
            rejected=rejected,
            error=error,
            confirmed=confirmed,
            cut_threads=[each for each in manifest.cut_threads if each.name not in gone],
            whole_threads=[name for name in manifest.whole_threads if name not in gone],
        )

    for file in Landing(data / "landing").files():
        rewrite(file, cleaned, told)
    return removed, changed


def _remove_made(data: Path, person: Person) -> None:
    """Remove all that was made of posts: it is made again, or was a copy that may not be kept."""
    link = data / PUBLISHED_NAME
    link.unlink(missing_ok=True)
    for former in ("damaged", "before"):
        for path in data.glob(f"{DATABASE_NAME}*.{former}-*"):
            path.unlink()
    for folder in ("publish", "reports", "landing/*/set-aside"):
        for path in data.glob(f"{folder}/**/*"):
            if path.is_file() or path.is_symlink():
                path.unlink()
    _remove_unfinished(data)
    _remove_naming(data, person)


def _remove_unfinished(data: Path) -> None:
    """Remove what a killed run left in the landing zone: nothing reads it, and it is packed.

    What somebody who listens is landing just now stays: nothing of theirs lands any more. What was
    there before they began is of a run that was killed.
    """
    began = held_since(data / LISTENING)
    for path in (*Landing(data / "landing").halves(), *data.glob("landing/*/*.tmp")):
        since = began if path.parent.name.endswith(LIVE) else None
        with suppress(FileNotFoundError):
            if since is None or path.stat().st_mtime < since:
                path.unlink()


def _remove_naming(data: Path, person: Person) -> None:
    """Remove every other file that names them, be it a log of the command that was typed."""

    def is_kept(path: Path) -> bool:
        place = str(path.relative_to(data))
        return bool(_KEPT_FILES.match(place)) or place.startswith("prefect/")

    for path, _ in found(data, person, leaving_out=is_kept):
        path.unlink()


def _prove(data: Path, person: Begun) -> Receipt:
    """Search every byte there is, and every cell of the databases; write the receipt."""
    left = list(found(data, person))
    if left:
        raise PrivacyError(
            f"{sum(count for _, count in left)} places still name the account",
            where=", ".join(str(path) for path, _ in left),
            todo="run it again; if it stays, delete these files",
        )
    files = list(files_of(data))
    receipt = Receipt(
        receipt=uuid.uuid4().hex,
        finished_at=datetime.now(UTC),
        platform=person.platform,
        posts_removed=person.posts_removed,
        posts_of_others_changed=person.posts_changed,
        files_searched=len(files),
        bytes_searched=sum(path.stat().st_size for path in files),
        bytes_left=0,
        backups=tuple(sorted(known_backups(data))),
    )
    folder = data / RECEIPTS
    folder.mkdir(exist_ok=True, mode=0o700)
    stem = folder / f"forgotten-{receipt.finished_at:%Y%m%dT%H%M%SZ}-{receipt.receipt[:6]}"
    stem.with_suffix(".json").write_bytes(msgspec.json.format(msgspec.json.encode(receipt)))
    stem.with_suffix(".txt").write_text(receipt_text(receipt), encoding="utf-8")
    return receipt


def receipt_text(receipt: Receipt) -> str:
    """The receipt to read, in Dutch and English."""
    day = f"{receipt.finished_at:%Y-%m-%d %H:%M} UTC"
    return (
        f"Ontvangstbewijs {receipt.receipt}\n"
        f"Op {day} is een account van {receipt.platform} vergeten.\n"
        f"Verwijderde berichten: {receipt.posts_removed}. "
        f"Berichten van anderen waarin de naam is weggehaald: {receipt.posts_of_others_changed}.\n"
        f"Daarna doorzocht: {receipt.files_searched} bestanden, {receipt.bytes_searched} bytes; "
        f"gevonden: {receipt.bytes_left}.\n"
        "Het account staat op een lijst zonder leesbare namen en wordt niet opnieuw bewaard.\n"
        + _backups_text("Deze back-ups zijn van eerder: maak ze opnieuw en gooi ze weg", receipt)
        + "\n"
        f"Receipt {receipt.receipt}\n"
        f"On {day} an account of {receipt.platform} was forgotten.\n"
        f"Posts removed: {receipt.posts_removed}. "
        f"Posts of others in which the name was blanked: {receipt.posts_of_others_changed}.\n"
        f"Searched after that: {receipt.files_searched} files, {receipt.bytes_searched} bytes; "
        f"found: {receipt.bytes_left}.\n"
        "The account is on a list without readable names and will not be kept again.\n"
        + _backups_text("These backups are older: make them anew and throw them away", receipt)
    )


def _backups_text(told: str, receipt: Receipt) -> str:
    return f"{told}: {', '.join(receipt.backups)}.\n" if receipt.backups else ""
