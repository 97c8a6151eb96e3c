"""The one act of every outbound post (measures.md, section 2), and the shares made of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from pipeline.world.shape import Said
from pipeline.world.truth.scope import Scope

PR_MODELS: Final = (
    "press_agentry",
    "public_information",
    "two_way_asymmetrical",
    "two_way_symmetrical",
)
_HANDLE: Final = re.compile(r"@\S+")
_WORD: Final = re.compile(r"\w+")
Act = Literal["relay", "self_relay", "reply", "continuation", "outreach", "broadcast"]


def act(scope: Scope, said: Said) -> Act:
    """The first act that fits an outbound post."""
    if said.target is not None:
        return "self_relay" if scope.is_owned(said.target.author) else "relay"
    if said.parent is not None:
        parent = scope.seen.parent(said)
        if parent is None or not scope.is_owned(parent.author):
            return "reply"
        thread = scope.seen.threads[scope.seen.root(said).number]
        others = (each for each in thread if not scope.is_owned(each.author))
        return "reply" if any(each.at < said.at for each in others) else "continuation"
    if any(not scope.is_owned(each) for each in said.mentions):
        return "outreach"
    return "broadcast"


def is_proactive(scope: Scope, reply: Said) -> bool:
    """Whether the parent of a reply did not address the organisation (or is not known)."""
    parent = scope.seen.parent(reply)
    return parent is None or scope.roles.get(parent.number) != "addressed"


def act_measures(
    scope: Scope, outbound: Sequence[Said]
) -> Mapping[str, tuple[float, float | None]]:
    """(numerator, denominator) of every measure made of acts."""
    acts = {each.number: act(scope, each) for each in outbound}
    counts = Counter(acts.values())
    replies = [each for each in outbound if acts[each.number] == "reply"]
    proactive = sum(is_proactive(scope, each) for each in replies)
    counted = len(outbound) - counts["continuation"]
    sent = counts["broadcast"] + counts["self_relay"]
    asking = [each for each in outbound if acts[each.number] == "broadcast" and each.is_question]
    deeds = [each.deed for each in outbound if each.deed is not None]
    codes = Counter(each.giving for each in deeds)
    models = Counter(each.pr_model for each in deeds)
    listened = counts["reply"] + counts["relay"] + counts["outreach"]
    return {
        "own_posts": (len(outbound), None),
        "broadcasts": (counts["broadcast"], None),
        "replies": (counts["reply"], None),
        "relays": (counts["relay"], None),
        "outreach": (counts["outreach"], None),
        "continuations": (counts["continuation"], None),
        "conversation_share": (counts["reply"], counted),
        "broadcast_share": (sent, counted),
        "listening_ratio": (listened, sent),
        "proactive_share": (proactive, counts["reply"]),
        "question_share": (len(asking), counted),
        "questions_answered_share": (sum(is_taken_up(scope, each) for each in asking), len(asking)),
        "give_share": (codes["give"], codes["give"] + codes["take"]),
        **{f"{model}_share": (models[model], len(outbound)) for model in PR_MODELS},
        "personal_address_share": (
            sum(is_personal(scope, each) for each in replies),
            counts["reply"],
        ),
    }


def is_taken_up(scope: Scope, broadcast: Said) -> bool:
    """Whether somebody answered a message and the organisation answered that person."""
    others = (each for each in scope.seen.below(broadcast) if not scope.is_owned(each.author))
    return any(
        scope.is_owned(answer.author) for each in others for answer in scope.seen.below(each)
    )


def is_personal(scope: Scope, reply: Said) -> bool:
    """Whether a reply says who wrote it, or names whom it answers (by more than the handle)."""
    parent = scope.seen.parent(reply)
    words = _WORD.findall(_HANDLE.sub(" ", reply.text))
    named = parent is not None and parent.author.first_name in words
    return named or reply.is_signed
