"""Every mistake in luister.toml is told with file, line and key."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import json_schema, load, resolve_sources
from pipeline.errors import ConfigError
from pipeline.starter import starter_config
from pipeline.toml_lines import line_of

PLATFORMS = ("bluesky", "feed", "hackernews", "mastodon")
SMALL = """\
contact = "webcare@zonneveld.example"

[organisation]
name = "Zonneveld Energie"
aliases = ["Zonneveld"]
tags = ["#zonneveld"]
[organisation.accounts]
mastodon = ["zonneveld@mastodon.example"]

[[competitor]]
name = "Windkracht"
[competitor.accounts]
mastodon = ["@windkracht@mastodon.example"]

[[source]]
name = "fediverse"
platform = "mastodon"
server = "https://mastodon.example/"

[[source]]
name = "news"
platform = "feed"
urls = ["https://nieuws.example/feed.xml"]
terms = ["energie"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "luister.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_sources_are_filled_in_from_the_organisations(tmp_path: Path) -> None:
    fediverse, news = resolve_sources(load(written(tmp_path, SMALL), PLATFORMS))

    assert fediverse.terms == ("Zonneveld Energie", "Zonneveld", "Windkracht")
    assert fediverse.tags == ("zonneveld",)
    assert fediverse.accounts == ("zonneveld@mastodon.example", "@windkracht@mastodon.example")
    assert fediverse.server == "https://mastodon.example"
    assert news.terms == ("energie",)


def test_the_data_folder_counts_from_where_the_file_stands(tmp_path: Path) -> None:
    assert load(written(tmp_path, SMALL), PLATFORMS).data == tmp_path / "data"


def test_a_file_where_the_data_folder_should_be_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")

    with pytest.raises(ConfigError, match="not a folder") as told:
        load(written(tmp_path, SMALL), PLATFORMS)

    assert told.value.where == str(tmp_path / "data")


def test_a_link_to_a_disk_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(tmp_path / "mount" / "luister")

    with pytest.raises(ConfigError, match="its disk is not there"):
        load(written(tmp_path, SMALL), PLATFORMS)


def test_a_data_folder_of_another_user_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A night keeps it to itself, and whoever types a command next to it is somebody else."""
    (tmp_path / "data").mkdir()
    monkeypatch.setattr("os.access", lambda *_: False)

    with pytest.raises(ConfigError, match="may not look into") as told:
        load(written(tmp_path, SMALL), PLATFORMS)

    assert "run it as the user whose folder it is" in told.value.todo


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ("9-17", "no opening hours: '9-17'; write them as 09:00-17:30"),
        ("09:00-24:30", "no opening hours"),
        ("09:00-09:00", "opens and closes at once; a whole day is 00:00-24:00"),
        ("09:00-12:00 13:00-17:00", "no opening hours"),
        ("09:00-12:00, closed", "no opening hours"),
        ("09:00-12:00, 11:00-17:00", "opens before it has closed"),
        ("13:00-17:00, 09:00-12:00", "opens before it has closed"),
        ("18:00-02:00, 20:00-23:00", "opens before it has closed"),
    ],
)
def test_hours_in_which_no_desk_is_open_are_refused(tmp_path: Path, hours: str, told: str) -> None:
    path = written(tmp_path, SMALL + f'\n[opening_hours]\nmonday = "{hours}"\n')
    with pytest.raises(ConfigError, match=told) as refused:
        load(path, PLATFORMS)
    assert "opening_hours.monday" in str(refused.value)


@pytest.mark.parametrize(
    "hours", ["08:00-24:00", "18:00-02:00", "09:00-12:00, 13:00-17:30", "09:00-12:00,18:00-00:30"]
)
def test_a_desk_may_be_open_past_midnight_and_have_a_pause(tmp_path: Path, hours: str) -> None:
    config = load(written(tmp_path, SMALL + f'\n[opening_hours]\nmonday = "{hours}"\n'), PLATFORMS)

    assert config.opening_hours == {"monday": hours}


@pytest.mark.fault(59)
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'aliases = ["Zonneveld"]',
            'alias = ["Z"]',
            ":5: organisation.alias: unknown key; did you mean 'aliases'?",
        ),
        (
            'platform = "feed"',
            'platform = "fede"',
            ":22: source[2].platform: unknown platform 'fede'; did you mean 'feed'?",
        ),
        (
            'platform = "feed"',
            'platfrom = "feed"',
            "source[2].platfrom: unknown key; did you mean 'platform'?",
        ),
        ('name = "news"', "name = 3", ":21: source[2].name:"),
        (
            "https://mastodon.example/",
            "https://[::1",
            ":18: source[1].server: not an address: Invalid IPv6 URL",
        ),
        (
            "https://nieuws.example/feed.xml",
            "https://[::1",
            ":23: source[2].urls[1]: not an address: Invalid IPv6 URL",
        ),
        (
            "https://nieuws.example/feed.xml",
            r"posts\u0000.csv",
            ":23: source[2].urls[1]: has a character that no address and no file name has",
        ),
        (
            "[[competitor]]",
            "[collection]\nrefresh_days = 2147483648\n[[competitor]]",
            ":11: collection.refresh_days: input should be less than or equal to 3650",
        ),
        (
            "[[competitor]]",
            "[http]\ntotal_seconds = inf\n[[competitor]]",
            ":11: http.total_seconds: input should be less than or equal to 86400",
        ),
        (
            "[[competitor]]",
            "[budget.feed]\nrequests = 9223372036854775808\n[[competitor]]",
            ":11: budget.feed.requests: input should be less than or equal to 1000000000",
        ),
        (
            "[[competitor]]",
            "[inbox]\ntarget_hours = inf\n[[competitor]]",
            ":11: inbox.target_hours: input should be less than or equal to 8760",
        ),
        (
            'name = "news"',
            'name = "fediverse"',
            "luister.toml: two sources are called 'fediverse'; give each a name of its own",
        ),
        (
            'contact = "webcare@zonneveld.example"',
            'contact = "webcare@zonneveld.example"\nholidays_country = "nl"',
            "holidays_country: no public holidays are known of 'nl'; write the two capitals",
        ),
        (
            'server = "https://mastodon.example/"',
            'secrets = { A = "s3cr3t-value" }',
            ":18: source[1].secrets.A: name an environment variable",
        ),
        (
            'contact = "webcare@zonneveld.example"',
            'timezone = "Europe/Rotterdam"',
            "contact: this key is required",
        ),
        ('contact = "webcare@zonneveld.example"', 'contact = "x', "not valid TOML"),
    ],
)
def test_a_mistake_names_line_and_key(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(written(tmp_path, SMALL.replace(old, new)), PLATFORMS)

    assert told in str(raised.value)
    assert "luister.toml" in str(raised.value)
    assert raised.value.exit_code == 2


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'aliases = ["Zonneveld"]',
            'aliases = "Zonneveld"',
            ':5: organisation.aliases: a list is wanted here, between brackets: ["…", "…"]',
        ),
        (
            'aliases = ["Zonneveld"]',
            "aliases = [3]",
            ':5: organisation.aliases[1]: a text is wanted here, between quotes: "…"',
        ),
        ('aliases = ["Zonneveld"]', 'aliases = [""]', "aliases[1]: something must stand here"),
        (
            'name = "news"',
            'name = "Het Nieuws"',
            ":21: source[2].name: use small letters, digits, - and _ alone",
        ),
        (
            'platform = "feed"',
            'platform = "feed"\nallow_private = "ja"',
            "source[2].allow_private: true or false is wanted here, without quotes",
        ),
        (
            "[[competitor]]",
            '[collection]\nwindow_days = "zeven"\n[[competitor]]',
            ":11: collection.window_days: a whole number is wanted here, without quotes",
        ),
        ("[[competitor]]", "[competitor]", "competitor: begin each with double brackets: [[comp"),
        (
            "[organisation]",
            "[[organisation]]",
            "organisation: there is only one: begin it with single brackets, [organisation]",
        ),
        (
            '[organisation.accounts]\nmastodon = ["zonneveld@mastodon.example"]',
            'accounts = ["zonneveld"]',
            "keys with their values are wanted here, below a line [organisation.accounts]",
        ),
    ],
)
def test_a_slip_of_toml_is_told_in_plain_words(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        load(written(tmp_path, SMALL.replace(old, new, 1)), PLATFORMS)

    assert told in str(raised.value)


def test_a_secret_written_in_the_file_is_not_repeated(tmp_path: Path) -> None:
    text = SMALL + 'secrets = { MASTODON_ACCESS_TOKEN = "hunter2-hunter2" }\n'
    with pytest.raises(ConfigError) as raised:
        load(written(tmp_path, text), PLATFORMS)

    assert "hunter2" not in str(raised.value)


def test_no_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="luister init"):
        load(tmp_path / "luister.toml", PLATFORMS)


@given(st.text(min_size=1).filter(lambda name: "".join(filter(str.isprintable, name)).strip()))
def test_init_writes_a_configuration_that_loads_whatever_the_name(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    path = written(tmp_path_factory.mktemp("init"), starter_config(name[:100]))

    config = load(path, PLATFORMS)

    assert {each.platform for each in resolve_sources(config)} == set(PLATFORMS)


@pytest.mark.parametrize("name", ["Zonneveld Energie", "Ns", "中"])
def test_the_comments_of_a_new_configuration_stand_in_one_column(name: str) -> None:
    before_sources, _, _ = starter_config(name).partition("# --- Sources")
    told = [line for line in before_sources.splitlines() if "  # " in line or "] # " in line]

    assert len(told) > 8
    assert {line.rindex("# ") for line in told if not line.startswith("#")} == {34}


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_no_text_brings_the_reader_down(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    with pytest.raises(ConfigError):
        load(written(tmp_path_factory.mktemp("wild"), text), PLATFORMS)


def test_line_of_finds_the_most_precise_part() -> None:
    text = 'a = 1\n[[s]]\nx = 1\n[[s]]\n\n"y" = 2\n[s.t]\nz = 1\n'

    assert line_of(text, ("s", 1, "y")) == 6
    assert line_of(text, ("s", 1, "t", "z")) == 8
    assert line_of(text, ("s", 0, "missing")) == 2
    assert line_of(text, ("nothing",)) == 1


def test_the_schema_knows_every_key() -> None:
    assert '"opening_hours"' in json_schema()
    assert '"OrganisationSettings"' in json_schema()


def test_a_source_may_say_how_far_back_it_is_read(tmp_path: Path) -> None:
    text = """
    contact = "desk@acme.example"
    [organisation]
    name = "Acme"
    [[source]]
    name = "dear"
    platform = "x"
    window_days = 1
    [[source]]
    name = "open"
    platform = "mastodon"
    [collection]
    window_days = 5
    """
    path = tmp_path / "luister.toml"
    path.write_text(text)
    config = load(path, {"x", "mastodon"})

    assert config.collection_of("dear").window_days == 1
    assert config.collection_of("dear").refresh_per_source == config.collection.refresh_per_source
    assert config.collection_of("open").window_days == 5
