"""A recorded list of articles on India in 15 languages, and refusals rebuilt from their words."""

from typing import ClassVar

from connectors.testing import RecordingContract
from pipeline.errors import PayloadError, RateLimited
from tests.real.outcomes import outcomes
from tests.real.recorded import check, posts, unknown
from tests.shared import shared

ARTICLES = "artlist_india_first110"


class TestRecordings(RecordingContract):
    platform = "gdelt"
    recordings = shared("payloads", "gdelt")
    may_be_missing: ClassVar = {"articles": "a search without hits is an empty object"}


def test_every_recording_gives_its_posts_or_its_error() -> None:
    assert outcomes("gdelt") == {
        ARTICLES: 110,
        "reconstructed_rate_limit_429": RateLimited,
        "reconstructed_rate_limit_notice_200": RateLimited,
        "reconstructed_refusal_too_short": PayloadError,
    }


def test_every_article_is_a_post_of_its_own_with_a_language_and_a_time() -> None:
    found = posts("gdelt", ARTICLES)
    assert len({post.post_id for post in found}) == 110
    assert all(post.language and post.created_at and post.title for post in found)
    counts = [sum(post.language == code for post in found) for code in ("zh", "ml", "en", "hi")]
    assert counts == [33, 16, 15, 14]


def test_an_article_with_a_page_for_telephones() -> None:
    post = posts("gdelt", ARTICLES)[2]
    page = "https://www.manoramanews.com/business/economy/industry/2026/01/16/"
    name = "trump-tariffs-and-iran-protest-impact-india-chabahar-port-investments"
    check(
        post,
        platform="gdelt",
        kind="article",
        post_id=f"{page}{name}.html",
        url=f"{page}{name}.html",
        aliases=(f"{page}{name}.amp.html",),
        title="Chabahar Port: India Concern Over Trump Tariffs And Iran Protest | "
        "ചബഹാറിലെ ഇന്ത്യയുടെ 4,500 കോടി രൂപ വെള്ളത്തിലാകുമോ",
        text="",
        language="ml",
        created_at="2026-01-16T17:00:00Z",
        author_id="manoramanews.com",
        author_name="manoramanews.com",
        author_url="https://manoramanews.com/",
    )
    unknown(post, "likes_count", "views_count", "edited_at", "deleted_at", "parent_id", "root_id")


def test_a_percentage_and_a_question() -> None:
    check(
        posts("gdelt", ARTICLES)[12],
        title="ഇറാന്‍റെ വ്യാപാര പങ്കാളികൾക്ക് ട്രംപിന്‍റെ വക 25% അധിക തീരുവ; ഇന്ത്യയെ ബാധിച്ചേക്കും? | "
        "Trump slaps 25 percent tariffs on Iran trade partners. Is India the real target?",
        created_at="2026-01-13T08:15:00Z",
        language="ml",
    )


def test_a_title_in_chinese_has_no_spaces_around_its_marks() -> None:
    check(
        posts("gdelt", ARTICLES)[13],
        title="价值80亿美元史上最大军购协议！印度水下舰队终于要喘口气？_ 军事频道 _ 中华网",
        url="https://military.china.com/important/64/20260112/49154329.html",
        aliases=(),
        language="zh",
        author_id="military.china.com",
        created_at="2026-01-12T06:30:00Z",
    )


def test_a_number_in_chinese() -> None:
    check(
        posts("gdelt", ARTICLES)[41],
        title="立讯精密宣布终止收购印度闻泰资产，仲裁追讨1.53亿元款项",
        language="zh",
        author_id="finance.sina.com.cn",
    )


def test_an_article_in_korean() -> None:
    check(
        posts("gdelt", ARTICLES)[5],
        title="코리안리, 인도 지점 개점식 개최… 현지 영업 본격화",
        post_id="https://www.etoday.co.kr/news/view/2548228",
        aliases=("https://m.etoday.co.kr/news/view/2548228",),
        language="ko",
        created_at="2026-01-22T02:15:00Z",
    )


def test_sinhalese_is_a_language_of_gdelt_s_own_name() -> None:
    check(
        posts("gdelt", ARTICLES)[73],
        language="si",
        author_id="lankadeepa.lk",
        created_at="2026-01-13T22:30:00Z",
        title="ඉන්දු ජර්මන් උපාය මාර්ගික සබඳතා සවිමත් - Lankadeepa Online",
    )


def test_a_page_under_several_addresses_stays_several() -> None:
    pages = posts("gdelt", ARTICLES)[105:109]
    assert len({post.post_id for post in pages}) == 4
    (title,) = {post.title for post in pages}
    assert title is not None
    assert title.endswith("Marry A Stranger With Dowry, She Ditches Them For Good")
