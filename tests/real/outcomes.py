"""What comes of a recording when it is inspected: so many posts, or an error of ours."""

import connectors
from pipeline.errors import LuisterError
from pipeline.inspect import inspect
from pipeline.post import Post
from tests.real.recorded import envelope, names

Outcome = int | type[LuisterError]


def outcome(platform: str, name: str) -> Outcome:
    """The number of posts, all of them understood, or the type of the error."""
    try:
        found = list(inspect(connectors.load(platform), envelope(platform, name)))
    except LuisterError as error:
        return type(error)
    odd = [each for each in found if not isinstance(each, Post)]
    assert not odd, (name, odd[:3])
    return len(found)


def outcomes(platform: str) -> dict[str, Outcome]:
    """What comes of each recording of a platform."""
    return {name: outcome(platform, name) for name in names(platform)}
