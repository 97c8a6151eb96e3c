"""What any connector must do, and what is particular to Praatpaal."""
# ruff: noqa: S101

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx
import luister_praatpaal

from connectors.testing import ConnectorContract, Element, posts
from pipeline.inspect import inspect
from pipeline.source import Source

RECORDINGS = Path(__file__).parent / "recordings"


class TestPraatpaal(ConnectorContract):
    """The contract: told how the forum answers, it asks all the questions itself."""

    platform = "praatpaal"
    source = Source(
        name="forum", platform="praatpaal", server="https://praatpaal.example", terms=("Acme",)
    )
    secrets = {"PRAATPAAL_KEY": "geheim-1234"}  # noqa: RUF012
    promised = "auteur"
    recordings = RECORDINGS

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        """One message as the forum sends it."""
        return {
            "id": number,
            "tekst": "Mooie fiets van Acme",
            "geplaatst": created_at.isoformat(),
            "auteur": {"id": "kim", "naam": "Kim"},
            "adres": f"https://praatpaal.example/b/{number}",
            "besloten": private,
            "duimpjes": 0,
        }

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        """The page that a request asks for, with what is newer than its ``vanaf``."""
        number = int(request.url.params["pagina"])
        since = datetime.fromisoformat(request.url.params["vanaf"])
        turns_back = pages[number - 1] == "again"
        found = pages[0] if turns_back else pages[number - 1]
        new = [each for each in found if datetime.fromisoformat(each["geplaatst"]) >= since]
        body = {"berichten": new}
        if turns_back or number < len(pages):
            body["volgende"] = 1 if turns_back else number + 1
        return httpx.Response(200, json=body)


def test_a_message_and_its_answer_field_by_field() -> None:
    """A reply kept from the forum, read as ``luister inspect praatpaal FILE`` reads it."""
    body = (RECORDINGS / "zoek.json").read_bytes()
    question, answer = posts(list(inspect(luister_praatpaal, body)))
    assert (question.post_id, question.kind, question.parent_id) == ("41", "post", None)
    assert question.created_at == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    assert (question.author_id, question.author_name) == ("kim", "Kim")
    assert (answer.kind, answer.parent_id) == ("reply", "41")
    assert (question.likes_count, answer.likes_count) == (0, None)
