"""The pages in a real browser: what is clicked shows posts, and every number is that of SQL."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pipeline.analysis import plain_cell
from pipeline.report import write_report
from pipeline.report.words import clean
from tests.explore.conftest import Served, served
from tests.report.hostile import HOSTILE
from tests.report.published import changed
from tests.report.test_browser import Watched

pytestmark = pytest.mark.browser

OWN, RIVAL = "Waterland Fietsen", "Tweewielerhuis De Kaag"
POSTS = """
    from marts.post_roles as roles
    inner join marts.posts as posts using (platform, post_key)
    where organisation = 'Waterland Fietsen'
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    yield context.new_page()
    context.close()


def sql(file: Path, query: str) -> Any:
    with duckdb.connect(str(file.resolve()), read_only=True) as database:
        return database.execute(query).fetchone()[0]


def total(page: Page) -> int:
    return int(page.locator("#count").inner_text().split()[0].replace(",", "").replace(".", ""))


def bars(page: Page, facet: str) -> dict[str, int]:
    rows = page.locator(f"#by-{facet} li")
    return {
        row.locator(".name").inner_text().removeprefix("✓ "): int(
            row.locator(".count").inner_text().replace(",", "")
        )
        for row in rows.all()
    }


def test_the_first_page_counts_what_sql_counts(page: Page, english: Served) -> None:
    page.goto(english.address)

    assert total(page) == sql(english.file, f"select count(*) {POSTS}")
    assert sum(bars(page, "role").values()) == total(page)
    assert bars(page, "platform")["Bluesky"] == sql(
        english.file, f"select count(*) {POSTS} and platform = 'bluesky'"
    )
    assert bars(page, "purpose")["not known"] == sql(
        english.file, f"select count(*) {POSTS} and purpose is null"
    )
    assert page.locator("ol.posts > li").count() == 50


def test_every_filter_of_the_form_leaves_what_sql_leaves(page: Page, english: Served) -> None:
    page.goto(english.address)
    page.get_by_label("Search for words").fill("FIETS niemand")
    page.locator("select[name=platform]").select_option("mastodon")
    page.locator("select[name=role]").select_option(label="addressed to the organisation")
    page.locator("select[name=purpose]").select_option("service")
    page.locator("select[name=sentiment]").select_option("negative")
    page.locator("select[name=language]").select_option(label="Dutch")
    page.get_by_label("From").fill("2026-01-05")
    page.get_by_label("Until").fill("2026-02-20")
    page.get_by_role("button", name="Show").click()

    expected = sql(
        english.file,
        f"""
        select count(*) {POSTS} and platform = 'mastodon' and role = 'addressed'
            and purpose = 'service' and sentiment_about = 'negative' and language = 'nl'
            and roles.posted_date between '2026-01-05' and '2026-02-20'
            and regexp_matches(lower(text), '\\bfiets\\b') and contains(lower(text), 'niemand')
        """,
    )
    assert expected > 0
    assert total(page) == expected
    assert page.get_by_label("Search for words").input_value() == "FIETS niemand"


def test_half_a_word_finds_nothing(page: Page, english: Served) -> None:
    page.goto(f"{english.address}/?search=fie")

    assert "No post fits" in page.locator("main").inner_text()


def test_a_click_on_a_bar_shows_the_posts_behind_it(page: Page, english: Served) -> None:
    page.goto(english.address)
    column = page.locator("svg.columns a").nth(5)
    told = column.get_attribute("aria-label") or ""
    column.click()
    assert total(page) == int(told.rsplit(": ", 1)[1])

    negative = bars(page, "sentiment")["negative"]
    page.locator("#by-sentiment a", has_text="negative").click()
    assert total(page) == negative
    assert all("negative" in facts for facts in page.locator("ol.posts .facts").all_inner_texts())

    page.locator("#by-sentiment a", has_text="negative").click()
    assert total(page) == int(told.rsplit(": ", 1)[1])


def test_a_conversation_can_be_read_as_a_whole(page: Page, english: Served) -> None:
    page.goto(f"{english.address}/?role=addressed&last=2026-02-01")
    page.get_by_role("link", name="The conversation").first.click()
    thread = page.url.split("thread=")[1].split("&")[0]

    assert total(page) == sql(english.file, f"select count(*) {POSTS} and thread_key = '{thread}'")
    page.get_by_role("link", name="Leave this conversation").click()
    assert total(page) == sql(english.file, f"select count(*) {POSTS}")


def test_older_pages_go_on_where_the_newer_ended(page: Page, english: Served) -> None:
    page.goto(english.address)
    first = page.locator("ol.posts time").evaluate_all("all => all.map(each => each.dateTime)")
    page.get_by_role("link", name="Older").click()
    second = page.locator("ol.posts time").evaluate_all("all => all.map(each => each.dateTime)")

    assert [*first, *second] == sorted([*first, *second], reverse=True)
    assert page.locator("ol.posts").get_attribute("start") == "51"


def test_two_companies_are_compared_with_their_intervals(page: Page, english: Served) -> None:
    page.goto(f"{english.address}/compare")
    page.locator("select[name=other]").select_option(RIVAL)
    for side in ("one", "other"):
        page.locator(f"select[name={side}_period]").select_option(label="the whole time")
    page.get_by_role("button", name="Compare").click()

    cells = page.locator("#response_rate_24h td")
    for cell, organisation in zip(cells.all(), (OWN, RIVAL), strict=False):
        told = sql(
            english.file,
            f"""
            select printf('%.0f%% %.0f%% to %.0f%%, n = %d', 100 * value, 100 * low, 100 * high,
                denominator::int)
            from marts.scorecard where organisation = '{organisation}' and platform = 'all'
                and period_grain = 'all' and measure = 'response_rate_24h'
            """,
        )
        shown = cell.inner_text().replace("\xa0", " ").replace(",", "", 0)
        assert " ".join(shown.split()) == told
    assert "points" in cells.nth(2).inner_text()


def test_too_few_is_never_a_percentage(page: Page, english: Served) -> None:
    week, measure = sql(
        english.file,
        f"""
        select (period_start, measure) from marts.scorecard
        where organisation = '{OWN}' and platform = 'all' and period_grain = 'week' and too_few
            and value is not null and measure like '%_share'
        order by period_start, measure limit 1
        """,
    )
    page.goto(f"{english.address}/compare?one_period=week:{week}&other_period=week:{week}")

    row = page.locator(f"#{measure}").inner_text()
    assert "too few" in row
    assert "%" not in row


@pytest.fixture(scope="module")
def hostile(months: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    texts = [text.replace("\0", "") for text in HOSTILE]
    folder = tmp_path_factory.mktemp("hostile-pages")
    pick = "?[cast(1 + hash({0}.post_key) % len(?) as integer)]"
    statements: list[tuple[str, list[object]]] = [
        (
            f"update marts.posts set text = {pick.format('posts')}, title = ?, language = ?",
            [texts, texts, texts[0], texts[1]],
        ),
        *(
            (f"update marts.{table} set platform = ? where platform = 'bluesky'", [texts[2]])
            for table in ("posts", "post_roles", "scorecard")
        ),
        *(
            (f"update marts.{table} set organisation = ? where organisation = ?", [texts[4], OWN])
            for table in ("organisations", "post_roles", "scorecard")
        ),
        ("update marts.posts set purpose = ? where purpose = 'sales'", [texts[12]]),
        ("update marts.publication set run_id = ?", [texts[3]]),
    ]
    with served(changed(months, folder, *statements), language="nl") as pages:
        yield pages


@pytest.mark.fault(49)
@pytest.mark.parametrize("width", [390, 1440])
def test_hostile_texts_do_nothing(browser: Browser, hostile: Served, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    watched = Watched(context.new_page())
    page = watched.page
    for place in ("/", "/?page=3", "/compare", f"/?search={HOSTILE[11]}&thread={HOSTILE[4]}"):
        page.goto(hostile.address + place)
        assert page.title() != "owned"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("main :is(script, iframe, img, object, link, meta)").count() == 0
        assert all(
            (link.get_attribute("href") or "").startswith(("/?", "/posts.", "/compare"))
            for link in page.locator("main a").all()
        )
    page.goto(hostile.address)
    page.locator("#by-purpose a", has_text="drop table").click()
    assert total(page) > 0
    assert all(request.startswith((hostile.address, "data:,")) for request in watched.requests)
    assert [told for told in watched.told if "favicon" not in told] == []
    context.close()


@pytest.mark.fault(52)
def test_exports_hold_the_posts_and_no_formula(page: Page, hostile: Served) -> None:
    page.goto(f"{hostile.address}/?sentiment=negative")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    content = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))

    assert len(rows) == total(page)
    formula = plain_cell(clean(HOSTILE[11]))
    assert formula in {row["text"] for row in rows}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@"))]

    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").click()
    with zipfile.ZipFile(download.value.path()) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in book.namelist() if "hyperlink" in name.lower()]
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert sheet.count("<row ") == total(page) + 1
    assert "=HYPERLINK(" in sheet


@pytest.fixture(scope="module")
def report(months: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(months, tmp_path_factory.mktemp("report"), language="en").path


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_everybody_can_use_the_pages_and_the_report(
    browser: Browser, english: Served, report: Path, width: int, scheme: Literal["dark", "light"]
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    places = [f"{english.address}{path}" for path in ("/", "/compare", "/login", "/?search=zzz")]
    for place in (*places, report.as_uri()):
        page.goto(place)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{place}\n{found.generate_report()}"
        assert len(found.response["passes"]) > 10
    context.close()


def test_a_keyboard_reaches_a_bar_and_opens_it(page: Page, english: Served) -> None:
    page.goto(english.address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    column = page.locator("svg.columns a").nth(3)
    told = column.get_attribute("aria-label") or ""
    column.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**first=**")

    assert total(page) == int(told.rsplit(": ", 1)[1])
