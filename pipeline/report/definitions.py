"""The definition of every number in the report, in the words of the measures it is held to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from pipeline.report.words import Words, later

DEFINITIONS: Final[dict[str, tuple[str, str]]] = {
    "volume": (
        later("Conversation volume"),
        later(
            "Outbound, inbound and context posts a day, in the organisation's time zone. A post "
            "counts once, however often and by whatever query it was collected. Deleted posts "
            "leave the counts."
        ),
    ),
    "usual": (
        later("Usual on a day of the week"),
        later(
            "The middle (median) of the volumes of that day of the week in the four weeks before."
        ),
    ),
    "roles": (
        later("Outbound, addressed, mentioned, context"),
        later(
            "Outbound: written by an account the organisation speaks through. Addressed: by "
            "anybody else, and it tags an owned account, replies to an owned post, or is a "
            "review or post on an owned page. Mentioned: names the organisation without "
            "addressing it. Context: any other post collected because it stands in a thread with "
            "one of these."
        ),
    ),
    "coverage": (
        later("Coverage"),
        later(
            "Covered source-hours / source-hours of the period, up to the newest moment any "
            "source has reached. Known gaps that no later run has filled are not covered. Of a "
            "source that is asked in several ways (mentions, what is addressed to us, own posts) "
            "each hour counts for the share of these that were heard: with one of three missing, "
            "two thirds. A source that was covered and brought nothing while the four weeks "
            "before brought at least five posts a day is an incident, not a quiet day."
        ),
    ),
    "acts": (
        later("Acts"),
        later(
            "Every outbound post has exactly one act, the first that fits. Relay: repost or "
            "quote of an author who is not owned. Self-relay: repost or quote of an own post. "
            "Reply: reply to somebody who is not owned, or in an own thread after somebody else "
            "spoke. Continuation: reply to an own post before anybody else spoke; it belongs to "
            "the broadcast it continues and counts on neither side. Outreach: an original post "
            "that tags an account that is not owned. Broadcast: every other original post."
        ),
    ),
    "conversation_share": (
        later("Conversation share"),
        later(
            "Replies / own posts, continuations left out of both. Published reference: replies "
            "were under 20% and one-way messages over 60% of non-profits' tweets (Lovejoy, "
            "Waters & Saxton 2012)."
        ),
    ),
    "broadcast_share": (
        later("Broadcast share"),
        later("(Broadcasts + self-relays) / own posts, continuations left out of both."),
    ),
    "listening_ratio": (
        later("Listening-to-broadcasting ratio"),
        later(
            "(Replies + relays + outreach) / (broadcasts + self-relays). Not defined, never "
            "infinite, when nothing was broadcast. Above 1 the organisation listens more than it "
            "sends."
        ),
    ),
    "response_rate": (
        later("Response rate within 1 hour, 4 hours, 24 hours, 7 days"),
        later(
            "Answered within that time / addressed, over addressed posts that are at least that "
            "much older than the moment collected through. Answered: an owned account replied in "
            "that branch after it. The interval is Wilson's at 95%."
        ),
    ),
    "needs_response_rate": (
        later("Response rate where an answer is needed"),
        later(
            "The same over addressed posts that are a question, a complaint, a request, or a "
            "review of at most 3 of 5."
        ),
    ),
    "first_response": (
        later("First response time"),
        later(
            "From an addressed post to the first owned reply below it, by the Kaplan-Meier "
            "estimator: unanswered posts stay in and are censored at the moment collected "
            "through, so nobody who still waits is forgotten. Only the first post of a person in "
            "a thread starts a clock until the organisation answers: three messages in a row are "
            "one question. Not defined where the curve does not reach that far. The clock is the "
            "wall clock: nights and weekends count."
        ),
    ),
    "open_queue": (
        later("Open queue"),
        later(
            "Posts that address the organisation, need an answer and have none at the moment "
            "collected through. Newer posts are left out: nobody has looked yet."
        ),
    ),
    "waiting": (
        later("Waiting, mood and audience"),
        later(
            "Waiting: from the post to the moment collected through, by the wall clock. Mood: the "
            "sentiment of the post, read by a computer. Audience: the followers of its author as "
            "last counted; left out where the platform does not tell."
        ),
    ),
    "net_sentiment": (
        later("Net sentiment"),
        later(
            "(Positive − negative) / all posts of others with a sentiment; reposts and employees "
            "left out. Runs from −1 to +1."
        ),
    ),
    "share_of_voice": (
        later("Share of voice"),
        later(
            "Mentions of the organisation / mentions of the organisation and its competitors, "
            "over the panel of the period: all who were listened for from its first day on. Who "
            "came later counts from the next period on, and begins a new series."
        ),
    ),
    "stories": (
        later("Stories"),
        later(
            "Posts that say nearly the same (at least 70% of their pairs of neighbouring words, "
            "found by MinHash, Broder 1997), articles at one address, and reposts count as one "
            "story. Texts of fewer than ten words are no copies of one another."
        ),
    ),
    "topics": (
        later("What was new"),
        later(
            "Words and pairs of words in posts of others, against the four weeks before, by "
            "log-odds with an informative prior (Monroe, Colaresi & Quinn 2008): at least two "
            "standard errors above zero, in at least three stories, by at least two people. Stop "
            "words and the names of the organisation are left out."
        ),
    ),
    "give_share": (
        later("Give share"),
        later(
            "Own posts that give / own posts that give or take. Giving: answers, helps, explains, "
            "thanks, or passes on others. Taking: sells, asks to buy, follow, vote or click. Read "
            "from the text by rules; posts that do neither are left out."
        ),
    ),
    "pr_models": (
        later("Four models of public relations"),
        later(
            "Own posts of each model / own posts, after Grunig and Hunt as coded by Waters and "
            "Jamal (2011). Promotes: press agentry. Informs: public information. Asks for its own "
            "sake: two-way asymmetrical. Converses as an equal: two-way symmetrical. A post whose "
            "text tells none of them counts below the line only."
        ),
    ),
    "people_answered": (
        later("People answered, and the reach of answering"),
        later(
            "People answered: those whom at least one reply of the organisation directly answers, "
            "also when they did not address it; own and employee accounts are no people here. "
            "Reach: people with an answered post / people who addressed the organisation."
        ),
    ),
    "repeat_conversers": (
        later("Came back"),
        later("People answered in at least two conversations / people answered."),
    ),
    "response_by_audience": (
        later("Response by size of audience"),
        later(
            "The response rate within 24 hours, for four groups of the people who addressed the "
            "organisation in the period, from the smallest audience to the largest. Audience: "
            "followers as last counted before the post; the share of these people with fewer "
            "decides the group, so people with as many stand together. Where the platform does "
            "not tell, the audience is unknown: a group of its own."
        ),
    ),
    "personal_address": (
        later("Personal answers"),
        later(
            "Replies that name whom they answer, or that are signed with the name or initials of "
            "whoever wrote them / replies."
        ),
    ),
    "answer_gini": (
        later("Gini coefficient of answers"),
        later(
            "Over everybody who addressed the organisation, those without an answer included: 0 "
            "when all got as many answers, towards 1 when one person got them all. n is the "
            "number of people."
        ),
    ),
    "ties": (
        later("Speakers and ties"),
        later(
            "Speakers are the accounts that spoke in conversations around the organisation in a "
            "week, its own included, and those they turned to. A tie runs from one to another "
            "when the first replied to, quoted, passed on or tagged the second in that week, once "
            "however often it happened. Without a tie: speakers who turned to nobody and to whom "
            "nobody turned."
        ),
    ),
    "mutual_ties": (
        later("Mutual ties, ties among customers, back again"),
        later(
            "Mutual: ties whose reverse exists / ties. Among customers: ties between two people "
            "outside the organisation / ties. Back again: speakers of the week before who are "
            "there again / speakers of the week before."
        ),
    ),
    "centralization": (
        later("Incoming and outgoing centralisation"),
        later(
            "The sum of what every speaker lacks of the largest number of incoming (outgoing) "
            "ties / (speakers − 1) squared, after Freeman (1979): 0 when all have as many, "
            "towards 1 when all ties run to (from) one speaker. Nobody has published what is high; "
            "this report calls 0.4 or more high."
        ),
    ),
    "density": (
        later("Density"),
        later("Ties / ties possible between the speakers of a week."),
    ),
    "modularity": (
        later("Modularity"),
        later(
            "How far the ties of a week fall apart into groups, for the best division found: 0 "
            "when there are no groups, towards 1 when groups stand apart."
        ),
    ),
    "uses": (
        later("Six uses"),
        later(
            "Every post has at most one purpose, read from its text by rules: service, sharing "
            "knowledge, image, sales, product development (ideas, defects, wishes), work and "
            "vacancies, or none."
        ),
    ),
    "demand": (
        later("Demand and attention"),
        later(
            "Demand: posts of others about a use / posts of others that have a purpose. "
            "Attention: own posts about a use / own posts that have a purpose."
        ),
    ),
    "response_rate_uses": (
        later("Response rate by use"),
        later(
            "Answered within 24 hours / addressed posts about a use that are at least 24 hours "
            "older than the moment collected through. The interval is Wilson's at 95%."
        ),
    ),
    "open_hours": (
        later("In opening hours"),
        later(
            "The first response time again, with the clock stopped outside the opening hours of "
            "luister.toml and on public holidays."
        ),
    ),
    "advice": (
        later("Advice"),
        later(
            "Rules over the last 28 days (broadcasts: 92 days). Demand: the use with most "
            "addressed posts left without an answer for a day. Audience, platform, and weekday, "
            "time of day and topic of broadcasts: only when the 95% interval of its rate lies "
            "below the rate of all. Open queue: whenever somebody waits. Sending: broadcast share "
            "above 60%. Giving: give share below half, each with its interval. Fewer posts than "
            "the floor give no advice."
        ),
    ),
    "more_advice": (
        later("More advice"),
        later(
            "Where fewer than three of those rules give reason, these follow until there are "
            "three, in this order. People: at least five people who addressed the organisation in "
            "the period had no answer to any of it. Peak: the peak of the period that rises most "
            "above what is usual. Wishes: at least five posts of others with product development "
            "as their purpose. Where there is less, there is less advice."
        ),
    ),
    "floor": (
        later("Too few"),
        later(
            "Where fewer posts than the floor of luister.toml (10 unless set otherwise) stand "
            "below the line, the rate is not shown: only how many there were."
        ),
    ),
}


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """A measure's name and what exactly it counts."""

    name: str
    text: str


def defined(words: Words, measures: Iterable[str]) -> tuple[Definition, ...]:
    """The definitions of these measures in the language of the report."""
    return tuple(
        Definition(name=words.say(DEFINITIONS[each][0]), text=words.say(DEFINITIONS[each][1]))
        for each in measures
    )
