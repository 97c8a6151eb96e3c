"""Labels and addresses in plain text."""

import pytest

from connectors.plain_words import PAGE, TAG


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#fiets en (#Polder_2)", ["fiets", "Polder_2"]),
        ("nummer #1, deel #2b", ["2b"]),
        ("c#major &#39; ##twee https://a.example/#deel", []),
        ("#één", ["één"]),
    ],
)
def test_a_label_stands_by_itself_and_is_no_number(text: str, tags: list[str]) -> None:
    assert TAG.findall(text) == tags


def test_an_address_ends_where_a_bracket_or_quotation_does() -> None:
    text = (
        'see <https://a.example/b?c=d#e>, "http://f.example" Https://h.example and ftp://g.example'
    )

    assert PAGE.findall(text) == [
        *("https://a.example/b?c=d#e", "http://f.example", "Https://h.example")
    ]
