"""The page in a real browser: it runs nothing, asks nothing, and fits a phone and a desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from pipeline.report import Report, write_report
from pipeline.report.words import named
from tests.report.hostile import HOSTILE
from tests.report.published import changed

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield launched
        launched.close()


class Watched:
    """A page, and everything it tried to do beyond showing itself."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.told: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.told.append(message.text))
        page.on("pageerror", lambda error: self.told.append(str(error)))
        page.on("dialog", lambda dialog: self.told.append(dialog.message))
        page.on("popup", lambda popup: self.told.append(popup.url))


@contextmanager
def opened(
    browser: Browser, path: Path, *, width: int = 1440, dark: bool = False
) -> Iterator[Watched]:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
    )
    watched = Watched(context.new_page())
    watched.page.goto(path.as_uri())
    try:
        yield watched
    finally:
        context.close()


@pytest.fixture(scope="module")
def hostile(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The same report with every text of others replaced by one that wants something."""
    folder = tmp_path_factory.mktemp("hostile")
    statements: list[tuple[str, list[object]]] = []
    tables = ("scorecard", "volume_daily", "acts_daily", "sentiment_daily", "response_curve")
    names = ("Waterland Fietsen", "Tweewielerhuis De Kaag", "Rijwielpaleis")
    for number, name in enumerate(names):
        for table in (*tables, "open_queue", "organisations"):
            statements.append(
                (
                    f"update marts.{table} set organisation = ? where organisation = ?",
                    [HOSTILE[number].replace("\0", ""), name],
                )
            )
    sources = ("mastodon social", "bluesky", "klantenforum", "regionaal nieuws")
    for number, source in enumerate(sources):
        for table in ("coverage_sources", "coverage_daily"):
            statements.append(
                (f"update marts.{table} set source = ? where source = ?", [HOSTILE[number], source])
            )
    for table in ("volume_daily", "open_queue", "coverage_sources"):
        statements.append(
            (f"update marts.{table} set platform = ? where platform = 'bluesky'", [HOSTILE[1]])
        )
    statements.append(
        (
            """
            update marts.open_queue as queue set
                text = $texts[cast(ranked.place as integer)],
                language = $texts[1], sentiment = $texts[2], audience_band = $texts[3]
            from (
                select post_key, 1 + row_number() over (order by waiting_seconds desc) % len($texts)
                    as place
                from marts.open_queue
            ) as ranked
            where queue.post_key = ranked.post_key
            """,
            [],
        )
    )
    prepared = [
        (statement.replace("$texts", "?"), values or [list(HOSTILE)] * statement.count("$texts"))
        for statement, values in statements
    ]
    prepared.append(("update marts.publication set run_id = ?, version = ?", list(HOSTILE[:2])))
    return write_report(changed(published, folder, *prepared), folder, language="nl")


@pytest.mark.parametrize("width", [390, 800, 1440])
def test_words_in_place_of_a_number_stand_clear_of_the_sentence(
    browser: Browser, published: Path, tmp_path: Path, width: int
) -> None:
    few = changed(
        published,
        tmp_path,
        ("update marts.scorecard set too_few = true, denominator = 7 where denominator > 0", ()),
    )
    report = write_report(few, tmp_path, language="nl")
    with opened(browser, report.path, width=width) as watched:
        gaps = watched.page.locator(".lines li").evaluate_all(
            """lines => lines.map(line => {
                const place = each => line.querySelector(each).getBoundingClientRect();
                const [number, told] = [place(".number"), place("p")];
                return told.top >= number.bottom ? 99 : told.left - number.right;
            })"""
        )
    assert len(gaps) == 5
    assert min(gaps) >= 12


@pytest.mark.fault(49)
@pytest.mark.parametrize("width", [390, 1440])
def test_hostile_texts_do_nothing(browser: Browser, hostile: Report, width: int) -> None:
    with opened(browser, hostile.path, width=width) as watched:
        page = watched.page
        before = page.title()
        for summary in page.locator("summary").all():
            summary.click()
        for link in page.locator("main a").all():
            link.click()
        page.wait_for_timeout(300)

        assert page.title() == before != "owned"
        assert watched.requests == [hostile.path.as_uri()]
        assert watched.told == []
        assert page.locator("script, iframe, img, object, foreignObject").count() == 0
        assert page.locator("a:not([href^='#'])").count() == 0


def test_hostile_texts_are_shown_as_they_are(browser: Browser, hostile: Report) -> None:
    with opened(browser, hostile.path) as watched:
        assert watched.page.locator("h1").inner_text() == named(HOSTILE[0])
        assert watched.page.locator("blockquote").count() == 6
        shown = watched.page.locator("#coverage .wide text").all_text_contents()
        assert any("<script>" in text for text in shown)


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_nothing_scrolls_sideways(browser: Browser, hostile: Report, width: int) -> None:
    with opened(browser, hostile.path, width=width) as watched:
        for summary in watched.page.locator("summary").all():
            summary.click()
        wide = watched.page.evaluate("document.documentElement.scrollWidth")

        assert wide <= width


def test_the_name_of_a_table_is_wholly_seen_on_a_phone(browser: Browser, dutch: Report) -> None:
    with opened(browser, dutch.path, width=390) as watched:
        cut = watched.page.evaluate(
            """() => {
                document.querySelectorAll("details").forEach((each) => { each.open = true })
                return [...document.querySelectorAll(".scroll caption span")]
                    .filter((each) => each.getBoundingClientRect().right
                        > each.closest(".scroll").getBoundingClientRect().right)
                    .map((each) => each.textContent)
            }"""
        )
        tables = watched.page.locator(".scroll caption span").count()

    assert tables > 10
    assert cut == []


@pytest.mark.parametrize(("width", "shown"), [(390, "narrow"), (1440, "wide")])
def test_each_picture_is_shown_once_at_the_width_of_the_screen(
    browser: Browser, dutch: Report, width: int, shown: str
) -> None:
    with opened(browser, dutch.path, width=width) as watched:
        visible = watched.page.locator("figure svg[role=img]:visible")

        assert visible.count() == 20
        assert watched.page.locator(f"figure .{shown} svg[role=img]:visible").count() == 20


def test_letters_in_the_pictures_stay_readable_on_a_phone(browser: Browser, dutch: Report) -> None:
    with opened(browser, dutch.path, width=390) as watched:
        smallest = watched.page.evaluate(
            """Math.min(...[...document.querySelectorAll('.narrow svg text')].map(text =>
                parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a || 99))"""
        )

        assert smallest >= 10


def test_no_letter_of_a_picture_is_cut_off(browser: Browser, dutch: Report) -> None:
    for width in (390, 1440):
        with opened(browser, dutch.path, width=width) as watched:
            cut = watched.page.evaluate(
                """[...document.querySelectorAll('figure svg[role=img]')]
                    .filter(svg => svg.getBoundingClientRect().width)
                    .flatMap(svg => [...svg.querySelectorAll('text')].filter(text => {
                        const inner = text.getBoundingClientRect();
                        const outer = svg.getBoundingClientRect();
                        return inner.left < outer.left - 1 || inner.right > outer.right + 1;
                    }).map(text => text.textContent))"""
            )

            assert cut == []


def test_dark_and_light_are_both_complete(browser: Browser, dutch: Report) -> None:
    def paints(*, dark: bool) -> list[str]:
        with opened(browser, dutch.path, dark=dark) as watched:
            found: list[str] = watched.page.evaluate(
                """[document.body, ...document.querySelectorAll('.wide svg *')].map(each => {
                    const style = getComputedStyle(each);
                    return each === document.body ? style.backgroundColor : style.fill;
                })"""
            )
            return found

    light, dark = paints(dark=False), paints(dark=True)
    assert light[0] != dark[0]
    changed_fills = [one != other for one, other in zip(light[1:], dark[1:], strict=True)]
    assert sum(changed_fills) > len(changed_fills) / 3


def test_a_keyboard_reaches_the_report_and_opens_a_formula(browser: Browser, dutch: Report) -> None:
    with opened(browser, dutch.path) as watched:
        page = watched.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.tagName") == "SUMMARY":
                break
        page.keyboard.press("Enter")

        assert page.locator("details[open]").count() == 1
        assert page.locator("#volume table").first.is_visible()


def test_on_paper_there_are_pictures_and_no_controls(browser: Browser, dutch: Report) -> None:
    with opened(browser, dutch.path, dark=True) as watched:
        watched.page.emulate_media(media="print", color_scheme="dark")

        assert watched.page.locator("figure .wide svg[role=img]:visible").count() == 20
        assert watched.page.locator("summary:visible, nav:visible").count() == 0
        assert (
            watched.page.evaluate("getComputedStyle(document.querySelector('h1')).color")
            == "rgb(28, 37, 48)"
        )
        assert watched.page.pdf().startswith(b"%PDF")


def test_on_paper_a_question_stands_above_its_chapter(browser: Browser, dutch: Report) -> None:
    """A lead that is cut in two leaves the question and a line of it at the foot of a page."""
    with opened(browser, dutch.path) as watched:
        watched.page.emulate_media(media="print")

        breaks = watched.page.locator(".lead").evaluate_all(
            "all => all.map(each => getComputedStyle(each).breakInside)"
        )

    assert set(breaks) == {"avoid"}


@pytest.mark.parametrize("width", [390, 1440])
def test_names_in_the_network_cover_no_dot(browser: Browser, dutch: Report, width: int) -> None:
    with opened(browser, dutch.path, width=width) as watched:
        names, dots = (
            watched.page.locator(f"#network-map svg {each}:visible").evaluate_all(
                "all => all.map(each => each.getBoundingClientRect().toJSON())"
            )
            for each in ("text", "path.s-paper")
        )

    assert names
    assert [
        dot
        for name in names
        for dot in dots
        if dot["left"] < name["right"]
        and name["left"] < dot["right"]
        and dot["top"] < name["bottom"] - 2
        and name["top"] + 2 < dot["bottom"]
    ] == []
