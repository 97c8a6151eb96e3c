"""Names in running text: people of a conversation, called by their names in its words.

A name is known where its bearer wrote in the same thread: the full name as the platform shows it,
its first word where that stands with a capital, and its last behind a title ("mevrouw Jansen"). In
another thread the same word is a word. And a name is known where somebody signs with it ("mvg Piet
Bakker", "^Anna"), be it a customer or who answers for a company. The organisation's own accounts
are named freely, and so are the makers of articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from pipeline.query import exists, identifier, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NAMELESS: Final = "[name]"
TABLE: Final = "named_in_posts"

TERMS: Final = ("peak_terms", "peak_terms_hourly")
"""Marts of the words of a day."""

_PARTICLES: Final = "van|von|de|der|den|het|ten|ter|te|el|la|le|du|vd"
_BETWEEN: Final = f"(?:(?:{_PARTICLES}) )*"
_WORD: Final = r"\p{Lu}[\p{L}'’-]+"
_LATIN_WORD: Final = r"[A-ZÀ-ÖØ-ÞĀ-ɏḀ-ỿ][a-zA-ZÀ-ÖØ-öø-ɏḀ-ỿ'’-]+"
"""Of few ranges of letters, for what is told several times: RE2 writes out each of them."""

_NAME, _LATIN_NAME = (
    rf"(?:(?:\p{{Lu}}\. ?)+{_BETWEEN})?{word}(?: {_BETWEEN}(?:\p{{Lu}}\. ?)?{word})*"
    for word in (_WORD, _LATIN_WORD)
)
_BLANK: Final = r"[\s\x{A0}]"
_KISSES: Final = r"(?i:x[xo]*)"
_AND: Final = r"(?: (?i:en|and|und|et) | ?[&+/] ?)"
_NAMES: Final = rf"{_NAME}(?:(?:, {_LATIN_NAME}){{0,2}}{_AND}{_LATIN_NAME})?"
"""Four at most: a list without an end would be read to the end of the text at each name."""

_SMALL: Final = r"\p{L}[\p{L}'’-]+"
"""A name in small letters, or any other word."""

_ENDS: Final = (
    rf"(?:{_BLANK}*(?:$|[\n,.!/|()#\[\]?:;@]|https?:|\p{{So}}|[0-9+]|[–-]{_BLANK})"
    rf"|{_BLANK}+(?:{_KISSES}{_BLANK}*$|(?:uit|from|aus) \p{{Lu}}|(?:en|and|und|et|&|\+) \p{{Ll}}"
    r"|(?:van|from|von) (?:het|de|the|team) "
    r"|(?:Verstuurd|Verzonden|Sent|Gesendet|Envoyé) ))"
)
_GREETING: Final = (
    r"(?:(?:^|[^\p{L}])(?i:groet(?:en|jes|je)?|mvg|m\.v\.g|mfg|sincerely|liefs"
    r"|gr[uü](?:ß|ss)(?:en?)?|cordialement|amicalement|bisous|bises|salutations|bien à vous)"
    r"|(?:^|[\n.!?]\s?|(?i:kind|best|warm|many) )(?i:regards)"
    r"|(?:^|[^0-9\s]\s{1,3}|[^\p{L}0-9\s])(?i:gr(?:t[sz]?|tjs)?))"
    r"[\s\x{A0},.!:–-]{1,6}(?:(?i:van|from|von|de la part de) )?"
)
"""Behind a number "gr" is what things weigh."""

_FAMILY: Final = r"(?i:fam(?:ilie|ily|ille|\.)?) "
_SIGNED: Final = rf"{_GREETING}((?:{_FAMILY}{_BETWEEN})?{_NAMES}){_ENDS}"
"""Who signs behind a greeting, with nothing that goes on behind the name."""

_CARET: Final = (
    rf"(?:^|[^\p{{L}}])\^ ?({_NAMES})(?:{_AND}\^ ?({_LATIN_NAME}))?"
    rf"(?:{_ENDS}|{_BLANK}+(?:van|from|von|de) )"
)
_CARET_LAST: Final = (
    rf"(?:\s[(\[]?\^({_SMALL})(?:{_KISSES})?[\s.)\]\p{{So}}\x{{FE0F}}]*"
    r"(?:https?://\S+\s*|\(?[0-9]/[0-9]\)?\s*)*"
    rf"|\p{{L}}\p{{L}}\^({_SMALL})\s+\(?[0-9]/[0-9]\)?\s*)$"
)
"""Who answers for a company in small letters with the last word of all.

With no space before the caret only where the parts of an answer are counted behind it.
"""

_SIGNED_LAST: Final = (
    rf"{_GREETING}((?:{_FAMILY}{_BETWEEN})?{_SMALL}(?:{_AND}{_SMALL})?)"
    rf"(?:(?:{_BLANK}+{_KISSES})?(?:{_BLANK}*\n|[\s.!\p{{So}}\x{{FE0F}}:;)(-]*$)"
    rf"|{_AND}(?:de|het|the|team|mijn|my) )"
)
"""Who signs with the last words of a line, be it in small letters.

How long they are must be asked apart: to count letters of any alphabet takes RE2 a hundred times as
long.
"""

_WISHED_LAST: Final = (
    r"(?:(?:(?:^|[\n.!?]\s?|(?i:all the ))(?i:best)\s*,"
    r"|(?:^|[^\p{L}])(?i:cheers|xo+|xx+)\s*[,\n])\s*"
    rf"({_SMALL}(?:{_AND}{_SMALL})?)(?:{_BLANK}+{_KISSES})?[\s.\p{{So}}\x{{FE0F}}:;)(-]*"
    r"|(?:^|[^\p{L}])(?i:bedankt|dank(?: ?(?:je|u) ?wel)?|thanks|thank you|danke|merci),\s*\n\s*"
    rf"({_WORD}(?: {_BETWEEN}{_WORD})?)(?:{_BLANK}+{_KISSES})?\s*)$"
)
"""Who signs with the last words of all; behind thanks only on a line of their own."""

_SIGNED_FORMALLY: Final = (
    r"(?i:mvg|m\.v\.g|mfg|vriendelijke groet(?:en|jes)?|sincerely|kind regards|cordialement"
    r"|freundlichen gr[uü](?:ß|ss)en)[\s\x{A0},.!:–-]+"
    rf"({_SMALL} {_BETWEEN}{_SMALL})(?:{_BLANK}*\n|[\s.!]*$)"
)
"""Two names in small letters on a line, where little else than a name follows."""

_INTRODUCED: Final = (
    r"(?:^|[^\p{L}])(?i:(?:mijn|m['’]n|mn) naam(?: is)?:?|my name(?: is|['’]s):?|mein name ist"
    r"|ich hei(?:ß|ss)e|je m['’]appelle|mon nom est|(?:u|je|jij) spreekt (?:hier )?(?:mee|met)"
    r"|spreekt (?:u|je) (?:mee|met)|you(?:['’]re| are) (?:speaking|talking) (?:to|with)) "
    rf"(?:(?i:(?:de )?(?:heer|mevrouw|meneer|dhr|mevr|mw))\.? )?({_NAME})"
    rf"|(?:^|[^\p{{L}}])(?i:ik heet) ({_NAME}){_ENDS}"
    r"|(?:^|[^\p{L}])(?i:t\.?[na]\.?v\.?|op naam van|ter attentie van) "
    rf"((?:\p{{Lu}}\. ?)+{_BETWEEN}{_WORD})"
)
_INTRODUCED_SMALL: Final = (
    r"(?:^|[^\p{L}])(?i:(?:mijn|m['’]n|mn) naam is|ik heet|my name(?: is|['’]s)|je m['’]appelle) "
    rf"(?:(\p{{Ll}}[\p{{L}}'’-]+ {_BETWEEN}{_SMALL}){_ENDS}"
    r"|(\p{Ll}[\p{L}'’-]+)(?:,| (?i:en ik|and i|et j['’]?e?)[^\p{L}]))"
)
"""Two words, or one behind which somebody goes on of themselves."""

_OF_A_FAMILY: Final = (
    rf"(?:^|[^\p{{L}}])(?i:fam\. )({_BETWEEN}{_WORD})"
    r"|(?:^|[^\p{L}])(?i:(?:wij|we) zijn|bij|voor|aan|naar|namens|tav|tnv|t\.a\.v\.|t\.n\.v\.) "
    rf"(?i:de )?familie ({_BETWEEN}{_WORD})"
)
"""Abbreviated, or where somebody stands for it: of "familie Flodder" all may speak."""

_TITLED: Final = (
    r"(?i:mevrouw|meneer|heer|mevr|dhr|mw|mister|missus|mrs|mr|ms|herr|frau|madame|monsieur"
    rf"|familie|family|famille)\.? ((?i:{_BETWEEN}){_WORD})"
)
_WORTH_A_LOOK: Final = (
    r"\^ ?\p{L}|(?i:groet|mvg|m\.v\.g|mfg|regards|sincerely|cordialement|salutations|bien à"
    r"|amicalement|bisous|bises|gr[uü](?:ß|ss)|\bgr(?:t|\b)|liefs|cheers|best\s*[,\n]|\bx[ox]"
    r"|,\s*\n|naam|\bt\.?[na]\.?v|attentie|ik heet|my name|mein name|hei(?:ß|ss)e|appelle"
    r"|nom est|spreekt|speaking|talking|\bfam|mevr|meneer|heer|dhr|mw|mister|missus|mrs?\b|\bms\b"
    r"|herr|frau|madame|monsieur)"
)
_NOBODY: Final = (
    "team webcare klantenservice klantendienst klantencontact support customer service care namens "
    "afdeling redactie bestuur directie alle all iedereen everyone allemaal this that "
    "dit dat deze so zo same jullie uit daar hier terug verder nogmaals alvast thuis aan ons mij "
    "weer ook klant man mensen jongens hoor zeg thanks bedankt dank ik ja nee vandaag morgen "
    "guys mate all zurück boos teleurgesteld helaas echt "
    "opa oma papa mama pap mam gezin familie kinderen omgeving uw ermee later fijne fijn prettige "
    "prettig dag avond weekend succes sterkte tot je jij mijn een boze ontevreden teleurgestelde "
    "tevreden blije klanten reiziger "
    "precies eens exact exactly yes true facts above boven hierboven wat wie what who lol juist "
    "niet geen wel nog al nu bij toch not mud "
    "verkeerd verkeerde fout foutief gespeld gewijzigd veranderd aangepast onjuist correct bekend "
    "onbekend belangrijk privé gestolen misbruikt gebruikt genoemd vermeld verwijderd "
    "geregistreerd anders welkom wrong misspelled misspelt spelled changed known unknown missing "
    "listed trouwe loyale loyal vaste lezer volger abonnee gebruiker follower reader subscriber"
)
"""Words where a name could stand that are nobody's name, as are those of organisations."""

_COMMON: Final = (
    "ditto zucht deze zeker idd inderdaad sarcasme ironie kuch grapje kwadraat boeien duh lol "
    "sigh sarcasm irony agreed indeed yep yes no nee hem haar hen hun super top awesome great "
    "cool nice good perfect beautiful amazing excellent product buy ever schade toll schön "
    "beaucoup jammer sorry prima geweldig fantastisch vraag probleem problem question update edit "
    "reactie antwoord groet groeten groetjes mvg mfg regards cheers kus kusjes grap haas geheim "
    "irrelevant bekend niemand nobody nothing secret private public important mud belangrijk "
    "onbelangrijk gevoelig heilig zuiver besmet zeer heel erg zo gewoon niets hiermee overal "
    "ergens nergens not being very so too really always already just still now in on op to going "
    "legion shit crap weg kwijt staat stond wordt werd vrij bijzonder uniek klant klanten klantje "
    "customer customers client clients volger volgers lezer lezers abonnee abonnees gebruiker "
    "gebruikster kunde kundin reader follower subscriber user lezeres fan toppers"
)
"""Words that are no name where it could stand in small letters, nor what stands with them."""

_NO_NAME: Final = rf"(?i:{_PARTICLES}|een|the|die|les?|a|hase|programm|\S+ (?:zakelijk|business))"
_TRAILING: Final = rf"(?:,|,? (?i:{_PARTICLES}|en|and|und|et|[&+/]|for|of|from|bei|chez))+$"
"""What joins a name to what is none: of "Anna de Vries van Acme" the first three words are left."""

_VOWEL: Final = "[AEIOUY]"
_CONSONANT: Final = "[B-DF-HJ-NP-TV-XZ]"
_ABBREVIATED: Final = "[A-Z][A-Z][A-Z]?"
_SPOKEN_IN_CAPITALS: Final = (
    f"{_CONSONANT}{_VOWEL}{_CONSONANT}|{_VOWEL}{_CONSONANT}{_VOWEL}|{_CONSONANT}{_VOWEL}"
)
"""Three capitals that can be spoken may be a name ("JAN"), others are a company ("ING")."""

_NAMED: Final = f"""
    create or replace temp table {TABLE} as
    -- grain: one row per post_key of a post in whose words somebody is named
    with
    called as (
        select *, regexp_extract(author_name, '^[\\p{{L}}]{{3,}}') as first_word
        from raw.authors where length(author_name) >= 3
    ),
    own_words as (
        select lower(unnest(string_split(organisation, ' '))) as word from conf.organisations
    ),
    nobody as (
        select word from own_words where word not in (
            select unnest(string_split('{_PARTICLES}', '|'))
        )
        union select unnest(string_split('{_NOBODY}', ' '))
    ),
    people as (
        select distinct
            threads.platform, threads.thread_id, authors.author_name,
            case
                when first_word <> '' and lower(first_word) not in (from own_words) then first_word
            end as first_name
        from raw.posts as posts
        join raw.threads as threads using (platform, post_id)
        join called as authors using (platform, author_id)
        anti join conf.accounts as accounts
            on accounts.account_kind = 'owned' and accounts.platform = posts.platform
            and accounts.account in (
                lower(ltrim(posts.author_handle, '@')), lower(posts.author_id)
            )
        where posts.kind <> 'article' and lower(authors.author_name) not in (
            select lower(organisation) from conf.organisations
        )
    ),
    spoken as (
        select platform, thread_id, post_id, kind, concat_ws(' ', title, text) as words
        from raw.posts join raw.threads using (platform, post_id)
        where deleted_at is null
    ),
    telling as (
        select * from spoken
        where kind <> 'article' and regexp_matches(words, {literal(_WORTH_A_LOOK)})
    ),
    signed as (
        select platform, post_id, unnest(flatten([
            regexp_extract_all(words, {literal(_CARET)}, 1),
            regexp_extract_all(words, {literal(_CARET)}, 2)
        ])) as name, true as by_agent, false as in_small
        from telling where contains(words, '^')
        union all
        select platform, post_id, unnest(flatten([
            regexp_extract_all(words, {literal(_CARET_LAST)}, 1),
            regexp_extract_all(words, {literal(_CARET_LAST)}, 2)
        ])), true, true
        from telling where contains(words, '^')
        union all
        select platform, post_id, unnest(flatten([
            regexp_extract_all(words, {literal(_SIGNED)}, 1),
            regexp_extract_all(words, {literal(_INTRODUCED)}, 1),
            regexp_extract_all(words, {literal(_INTRODUCED)}, 2),
            regexp_extract_all(words, {literal(_INTRODUCED)}, 3),
            regexp_extract_all(words, {literal(_OF_A_FAMILY)}, 1),
            regexp_extract_all(words, {literal(_OF_A_FAMILY)}, 2)
        ])), false, false
        from telling
        union all
        select platform, post_id, unnest(flatten([
            regexp_extract_all(words, {literal(_SIGNED_LAST)}, 1),
            regexp_extract_all(words, {literal(_SIGNED_FORMALLY)}, 1),
            regexp_extract_all(words, {literal(_WISHED_LAST)}, 1),
            regexp_extract_all(words, {literal(_WISHED_LAST)}, 2),
            regexp_extract_all(words, {literal(_INTRODUCED_SMALL)}, 1),
            regexp_extract_all(words, {literal(_INTRODUCED_SMALL)}, 2)
        ])), false, true
        from telling
    ),
    signing as (
        select
            platform, post_id, by_agent, string_split(name, ' ') as said,
            list_transform(
                string_split(name, ' '),
                lambda word: list_contains(nobodies, lower(rtrim(word, '.,')))
            ) as are_nobody
        from signed cross join (select list(word) as nobodies from nobody)
        where not in_small or (
            length(name) between 3 and 40 and not regexp_full_match(name, '{_KISSES}')
            and list_max(list_transform(string_split(name, ' '), lambda word: length(word))) <= 15
            and not list_has_any(string_split(lower(name), ' '), string_split('{_COMMON}', ' '))
        )
    ),
    called_so as (
        -- of "Anna van Acme" the first word is a name, of "Team Acme" none
        select
            platform, post_id, by_agent,
            regexp_replace(
                array_to_string(
                    said[:coalesce(nullif(list_position(are_nobody, true), 0), 99) - 1], ' '
                ),
                {literal(_TRAILING)}, ''
            ) as name
        from signing
    ),
    titled as (
        select
            platform, thread_id, post_id,
            unnest(regexp_extract_all(words, {literal(_TITLED)}, 1)) as name
        from telling
    ),
    hits as (
        select platform, post_id, name as whole, null as first_name
        from called_so
        where name <> '' and not regexp_full_match(name, {literal(_NO_NAME)}) and (
            by_agent or not regexp_full_match(name, '{_ABBREVIATED}')
            or regexp_full_match(name, '{_SPOKEN_IN_CAPITALS}')
        )
        union all
        select titled.platform, titled.post_id, titled.name, null
        from titled join people using (platform, thread_id)
        where ends_with(lower(' ' || people.author_name), lower(' ' || titled.name))
        union all
        select
            platform, post_id,
            case when contains(words, author_name) then author_name end as whole,
            case when contains(words, first_name) then first_name end as first_name
        from spoken join people using (platform, thread_id)
        -- a name may be a part of a word here: without_names looks at where words end
        where contains(words, first_name) or contains(words, author_name)
    )
    select
        -- as the macro post_key of the models
        substr(sha256(concat_ws(' ', platform, post_id)), 1, 24) as post_key,
        list_distinct(list(whole) || list(first_name)) as names
    from hits
    where coalesce(whole, first_name) is not null
    group by platform, post_id
"""


def note_names(database: DuckDBPyConnection) -> None:
    """Work out in which posts people of their thread are named, for ``named``."""
    database.execute(_NAMED)


def named(database: DuckDBPyConnection, source: str, column: str) -> list[tuple[str, list[str]]]:
    """Texts of a column of a mart by post, with the names of people that stand in them.

    Args:
        database: ``note_names`` was called on it.
        source: the mart, as SQL writes it; it has a ``post_key``.
        column: a column of text.
    """
    if not exists(database, f"select 1 from {TABLE} limit 1"):
        return []
    name = identifier(column)
    return database.execute(
        f"""
        select mart.{name}, list(distinct each.name) from (
            select post_key, unnest(names) as name from {TABLE}
        ) as each join {source} as mart using (post_key)
        where contains(mart.{name}, each.name)
        group by mart.{name}
        """
    ).fetchall()


def terms_that_leave(database: DuckDBPyConnection, mart: str) -> str | None:
    """A table of the rows of a mart of words, without those that were said as a name.

    A word is one where somebody was called so in most posts of that day that hold it.

    Args:
        database: ``note_names`` was called on it.
        mart: a table of schema ``marts``; None is returned for one that holds no words of a day.
    """
    if mart not in TERMS:
        return None
    database.execute(
        f"""
        create or replace temp table terms_that_leave as
        with said as (
            select post_key, unnest(names) as name from {TABLE}
        ),
        words as (
            select distinct post_key, unnest(regexp_extract_all(lower(name), '\\p{{L}}+')) as word
            from said
        ),
        called as (
            select organisation, platform, posted_date, word as term, count(*) as named_count
            from words join marts.post_roles using (post_key) group by all
        )
        select mart.* from marts.{identifier(mart)} as mart
        left join called using (organisation, platform, posted_date, term)
        where coalesce(2 * named_count <= posts_count, true)
        """
    )
    return "terms_that_leave"


def without_names(text: str, names: Iterable[str]) -> str:
    """A text with ``[name]`` for each of these names where it stands as words of its own."""
    longest_first = sorted(names, key=len, reverse=True)
    pattern = "|".join(map(re.escape, longest_first))
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", NAMELESS, text) if pattern else text
