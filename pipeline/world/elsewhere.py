"""Blogs with comments, newspapers, and Hacker News: slower places than the social networks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from pipeline.world import texts
from pipeline.world.conversations import audience_speaks
from pipeline.world.shape import Organisation, Person, Said
from pipeline.world.stage import Stage
from pipeline.world.texts import company

BLOG: Final = "blog"
NEWS: Final = "news"


def blogs(stage: Stage, busyness: float) -> None:
    """Every company blogs now and then; readers comment, the company answers there too."""
    days = (stage.ends_at - stage.begins_at).days
    for organisation in stage.organisations:
        account = organisation.account("feed")
        posts = list(company.BLOG_POSTS)
        if organisation.role != "own":
            posts = stage.random.sample(posts, 3)
        for index, (title, body, use) in enumerate(posts):
            day = stage.begins_at + timedelta(days=int(days * (index + 0.5) / len(posts)))
            at = stage.desk.add_open_minutes(day, stage.random.uniform(30, 300))
            said = stage.add(_article(stage, account, at, (title, body, use), organisation))
            if said is not None:
                audience_speaks(stage, said, organisation, 2.2 * busyness)


def _article(
    stage: Stage,
    author: Person,
    at: datetime,
    words_and_use: tuple[str, str, str],
    organisation: Organisation,
) -> Said:
    title, body, purpose = words_and_use
    words = stage.words(organisation, author)
    return Said(
        platform="feed",
        kind="article",
        author=author,
        at=at,
        title=texts.fill(stage.random, title, **words),
        text=texts.fill(stage.random, body, **words),
        language="nl",
        names=frozenset({organisation.name}),
        deed=company.HELPS if author.role == "owned" else None,
        purpose=purpose,
        channel=BLOG if author.role == "owned" else NEWS,
    )


def newspapers(stage: Stage, outlets: list[Person]) -> None:
    """Articles about each company, most of them about what happens."""
    for organisation in stage.organisations:
        if organisation.role == "own":
            for happening in stage.happenings:
                use = texts.PURPOSES[happening.topic]
                for title, body in company.NEWS.get(happening.topic, ()):
                    at = happening.starts_at + timedelta(hours=stage.random.uniform(2, 50))
                    _publish(stage, organisation, outlets, (title, body, use), at)
        use = texts.PURPOSES["image"]
        for title, body in company.NEWS["image"]:
            span = (stage.ends_at - stage.begins_at).total_seconds()
            at = stage.begins_at + timedelta(seconds=round(stage.random.random() * span))
            _publish(stage, organisation, outlets, (title, body, use), at)


def _publish(
    stage: Stage,
    organisation: Organisation,
    outlets: list[Person],
    words_and_use: tuple[str, str, str],
    at: datetime,
) -> None:
    whole_second = at.replace(microsecond=0)
    author = stage.random.choice(outlets)
    title, body, _ = words_and_use
    said = _article(stage, author, whole_second, words_and_use, organisation)
    said.title = texts.capitalise(
        title.format_map(texts.slots(stage.random, "nl", org=organisation.name))
    )
    said.text = body.format_map(texts.slots(stage.random, "nl", org=organisation.name))
    said.sentiment = "negative" if "onder vuur" in said.title else "neutral"
    stage.add(said)


def hacker_news(stage: Stage) -> None:
    """Stories about a company and what readers say of them; the company's own account answers."""
    own = stage.organisations[0]
    account = own.account("hackernews")
    days = (stage.ends_at - stage.begins_at).days
    for index, (title, body) in enumerate(company.HACKER_STORIES):
        at = stage.begins_at + timedelta(
            days=days * (index + 0.6) / len(company.HACKER_STORIES),
            seconds=stage.random.randrange(3600),
        )
        by = account if index == 0 else stage.somebody("hackernews")
        words = {"org": own.name}
        story = stage.add(
            Said(
                platform="hackernews",
                kind="post",
                author=by,
                at=at.replace(microsecond=0),
                title=title.format_map(words),
                text=body,
                language="en",
                links=(f"https://{own.domain}/data",) if index in {0, 4} else (),
                names=frozenset({own.name}),
                purpose="product",
                deed=company.TELLS if by is account else None,
                likes=stage.random.randrange(4, 260),
            )
        )
        if story is not None:
            _discuss(stage, story, own, account)


def _discuss(stage: Stage, story: Said, own: Organisation, account: Person) -> None:
    above = [story]
    for _ in range(stage.random.randrange(4, 12)):
        parent = stage.random.choice(above)
        person = stage.somebody("hackernews", but=[parent.author])
        text = stage.random.choice(company.HACKER_COMMENTS).format(org=own.name)
        comment = stage.reply(
            person,
            parent,
            stage.later(parent, 150.0).replace(microsecond=0),
            text,
            names={own.name} if own.name in text else (),
        )
        if comment is None:
            continue
        above.append(comment)
        if "?" in text and stage.random.random() < 0.6:
            answer = stage.random.choice(company.HACKER_ANSWERS)
            at = stage.later(comment, 200.0).replace(microsecond=0)
            stage.reply(
                account, comment, at, answer, language="en", deed=company.TALKS, purpose="product"
            )


def comment_on_competitors(stage: Stage) -> None:
    """A few Hacker News comments name a competitor only."""
    stories = [each for each in stage.said if each.platform == "hackernews" and each.title]
    for organisation in stage.organisations[1:]:
        for story in stage.random.sample(stories, min(2, len(stories))):
            person = stage.somebody("hackernews", but=[story.author])
            stage.reply(
                person,
                story,
                stage.later(story, 500.0).replace(microsecond=0),
                f"{organisation.name} has had an open API for years, for what it is worth.",
                names={organisation.name},
            )
