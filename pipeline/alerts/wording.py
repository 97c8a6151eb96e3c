"""What an alert says: what, how much, compared with what, and where to look.

Texts of people go to many kinds of places, so nothing in them may ping, link or format anywhere:
``harmless`` takes that away whatever the place makes of the rest.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from pipeline.alerts.peaks import Peak
from pipeline.alerts.promises import Broken
from pipeline.alerts.settings import Kind
from pipeline.alerts.signals import Digest, Signal, Signals, Written
from pipeline.alerts.sources import Trouble
from pipeline.inbox import Waiting
from pipeline.inbox_page import NEED_NAMES, clock_age, open_age
from pipeline.ledger import Failing
from pipeline.report.failures import next_step, secret_step, why
from pipeline.report.page import safe_link
from pipeline.report.words import Words, clean, later

LONGEST_TEXT: Final = 140
MOST_COMPLAINTS: Final = 5
KEPT_THINGS: Final = {
    "payloads": later("answers of platforms"),
    "rejected": later("rejected answers of platforms"),
    "texts": later("texts of posts"),
    "posts": later("posts"),
}
TROUBLES: Final = {
    "SourceRefused": later("Source {source} needs access"),
    "SourceUnavailable": later("Source {source} cannot be reached"),
}
OTHER_TROUBLE: Final = later("Source {source} needs your attention")
_JOINER: Final = "\u2060"
"""Shows nothing, and keeps apart what would be read as one sign."""

_HANDLE: Final = re.compile(r"@[\w.\-]+(?:@[\w.\-]+)?")
_TURNED: Final = str.maketrans("<>`*~|[]\\#{}", "‹›'∗∼ǀ⟦⟧＼＃❴❵")
_SLANTING: Final = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
"""An underscore that may format; one within a word (a name of a file, a source) formats nowhere."""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one place, and the signals it tells of."""

    kind: Kind
    title: str
    lines: tuple[str, ...]
    signals: tuple[Signal, ...]

    @property
    def body(self) -> str:
        """The lines under the title."""
        return "\n".join(self.lines)


def harmless(text: str) -> str:
    """Text on one line that is only text: in Slack, in Markdown, in HTML, in a mail.

    What somebody may want to copy keeps its signs: ``MASTODON_TOKEN``.
    """
    plain = " ".join(clean(text).split()).translate(_TURNED)
    plain = _SLANTING.sub("＿", plain)
    plain = plain.replace("@", f"@{_JOINER}").replace("://", f":{_JOINER}//")
    return plain.replace("&", "＆")


def snippet(text: str) -> str:
    """What somebody said, without handles, harmless and short."""
    plain = harmless(_HANDLE.sub("@…", text))
    return plain if len(plain) <= LONGEST_TEXT else f"{plain[: LONGEST_TEXT - 1].rstrip()}…"


def word(fresh: list[Signal], signals: Signals, words: Words) -> list[Alert]:
    """The alerts that tell of these signals: complaints together, the others one by one.

    The report of a week or quarter is told by the digest, and waits for one.
    """
    reports = [each for each in fresh if isinstance(each.about, Written)]
    alerts = [
        _one(each, signals, words)
        for each in fresh
        if each.kind != "complaint" and each not in reports
    ]
    alerts = [_with_reports(each, reports, words) for each in alerts]
    complaints = [each for each in fresh if each.kind == "complaint"]
    if complaints:
        alerts.append(_complaints(complaints, signals, words))
    return alerts


def _one(signal: Signal, signals: Signals, words: Words) -> Alert:
    about = signal.about
    if isinstance(about, Digest):
        title, lines = _digest(about, signals, words)
    elif isinstance(about, Peak):
        title, lines = _peak(about, signals, words)
    elif isinstance(about, Trouble):
        title, lines = _source(about, words)
    elif isinstance(about, Broken):
        title, lines = _promise(about, signals, words)
    else:
        raise TypeError(signal.kind)
    return Alert(kind=signal.kind, title=title, lines=tuple(lines), signals=(signal,))


def _digest(about: Digest, signals: Signals, words: Words) -> tuple[str, list[str]]:
    title = words.say(
        "{name}: the night of {day}",
        name=harmless(signals.organisation),
        day=words.weekday(about.night),
    )
    lines = [harmless(line) for line in about.lines]
    lines.append(
        words.say(
            "{posts} posts read, {new_posts} of them new.",
            posts=words.number(about.posts),
            new_posts=words.number(about.new_posts),
        )
    )
    lines += [_failed_line(each, words) for each in about.failures]
    if about.failures:
        lines.append(_whole_story(words))
    return title, [*lines, _look(signals.report, words)]


def _with_reports(alert: Alert, reports: list[Signal], words: Words) -> Alert:
    """A digest that tells of these reports too; any other alert as it is."""
    if alert.kind != "digest":
        return alert
    lines = [
        words.say(
            "New: the report of {period}: {place}",
            period=each.about.span.told(words),
            place=str(each.about.path),
        )
        for each in reports
        if isinstance(each.about, Written)
    ]
    return msgspec.structs.replace(
        alert, lines=(*alert.lines, *lines), signals=(*alert.signals, *reports)
    )


def _peak(about: Peak, signals: Signals, words: Words) -> tuple[str, list[str]]:
    title = words.say(
        "Peak around {name}: {volume} posts on {day}",
        name=harmless(signals.organisation),
        volume=words.number(about.volume),
        day=words.weekday(about.day),
    )
    lines = [
        words.say(
            "Usual is {expected} (the same weekday in the {weeks} weeks before); above "
            "{threshold} it is a peak.",
            expected=words.number(about.expected),
            weeks=words.number(about.weeks),
            threshold=words.number(about.threshold),
        )
    ]
    if about.terms:
        terms = ", ".join(harmless(term) for term in about.terms)
        lines.append(words.say("Words of that day: {terms}.", terms=terms))
    lines += [
        words.many(
            "“{text}” ({count} reaction)", "“{text}” ({count} reactions)", count, text=snippet(text)
        )
        for text, count in about.posts
    ]
    return title, [*lines, _look(signals.report, words)]


def _complaints(fresh: list[Signal], signals: Signals, words: Words) -> Alert:
    waiting = [each.about for each in fresh if isinstance(each.about, Waiting)]
    title = words.many(
        "{name}: {count} complaint past its target",
        "{name}: {count} complaints past their target",
        len(waiting),
        name=harmless(signals.organisation),
    )
    lines = [_target(waiting[0], words)]
    total = len(signals.of("complaint"))
    if total > len(waiting):
        lines.append(words.say("In all {total} have waited longer.", total=words.number(total)))
    for each in waiting[:MOST_COMPLAINTS]:
        told = words.say(
            "{need}, {age}: “{text}”",
            need=words.say(NEED_NAMES[each.need]),
            age=open_age(each, words) or clock_age(each, words),
            text=snippet(each.text),
        )
        lines.append(" ".join(part for part in (told, safe_link(each.link or "")) if part))
    if len(waiting) > MOST_COMPLAINTS:
        lines.append(
            words.many(
                "And {count} more.",
                "And {count} more.",
                len(waiting) - MOST_COMPLAINTS,
            )
        )
    lines.append(_run("luister inbox", words))
    return Alert(kind="complaint", title=title, lines=tuple(lines), signals=tuple(fresh))


def _target(late: Waiting, words: Words) -> str:
    """How long a complaint may wait, by the clock it is held to."""
    if late.open_hours is None:
        return words.many(
            "A complaint or a fault should have its answer within {count} hour.",
            "A complaint or a fault should have its answer within {count} hours.",
            late.target_hours,
        )
    return words.many(
        "A complaint or a fault should have its answer within {count} opening hour.",
        "A complaint or a fault should have its answer within {count} opening hours.",
        late.target_hours,
    )


def _source(about: Trouble, words: Words) -> tuple[str, list[str]]:
    source = harmless(about.source)
    if about.trouble == "fell_silent":
        title = words.say("Source {source} fell silent", source=source)
        told = words.many(
            "Last night {count} new post; usual is {usual} a night.",
            "Last night {count} new posts; usual is {usual} a night.",
            about.new_posts,
            usual=words.number(about.usual_posts or 0.0),
        )
        return title, [told, _run("luister check", words)]
    title = words.say(TROUBLES.get(about.error_code or "", OTHER_TROUBLE), source=source)
    told = _failed(about.source, about.error_code, words)
    if about.trouble == "unreachable":
        told = words.say(
            "It has failed for {nights} nights in a row. {told}",
            nights=words.number(about.nights),
            told=told,
        )
    step = next_step(about.error_code, about.secrets, words)
    return title, [told, *([step] if step else []), _whole_story(words)]


def _failed_line(each: Failing, words: Words) -> str:
    """A source that failed; where a secret may be behind it, with what to do about that."""
    told = _failed(each.source, each.error_code, words)
    step = secret_step(each.error_code, each.secrets, words)
    return f"{told} {step}".rstrip()


def _failed(source: str, code: str | None, words: Words) -> str:
    return words.say("Source {source} {why}.", source=harmless(source), why=why(code, words))


def _whole_story(words: Words) -> str:
    """Where the error stands as it was told, with what the platform itself said."""
    return words.say("For the whole message, run: {command}", command="luister status")


def _promise(about: Broken, signals: Signals, words: Words) -> tuple[str, list[str]]:
    title = words.say(
        "{name}: {things} kept for too long",
        name=harmless(signals.organisation),
        things=words.say(KEPT_THINGS[about.what]),
    )
    told = words.say(
        "Too old: {count}. [privacy] in luister.toml promises {days} days, and the two days of "
        "grace are over too. The next night that completes removes them.",
        count=words.number(about.count),
        days=words.number(about.days),
    )
    mend = words.say("To mend it now, run: {command}", command="luister run")
    return title, [told, mend]


def _look(where: str, words: Words) -> str:
    return words.say("Where to look: {place}", place=where)


def _run(command: str, words: Words) -> str:
    return words.say("To see more, run: {command}", command=command)


def trial(place: str, organisation: str, words: Words) -> tuple[str, str]:
    """Title and body of the message that only tries a place."""
    title = words.say("{name}: a test of Luister", name=harmless(organisation))
    body = words.say(
        "Alerts of Luister will arrive here (place: {place}). Nothing is the matter.", place=place
    )
    return title, body
