"""Measuring on labelled files: exact figures, labels as people spell them, files that are wrong."""

import json
from pathlib import Path

import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support
from typer.testing import CliRunner

from flows import cli
from pipeline.errors import LuisterError
from pipeline.evaluate import (
    ABSTAINED,
    TASKS,
    EvaluationError,
    evaluate,
    labelled,
    measure,
    table,
)

HEAD = "text,label\n"
MOODS = HEAD + (
    "Wat een drama met die bezorging,negative\n"
    "Heel blij met de snelle hulp,positive\n"
    "Het pakket komt dinsdag bij de buren,neutral\n"
    "Alweer een storing in mijn straat,positive\n"
)


def written(tmp_path: Path, content: str | bytes) -> Path:
    file = tmp_path / "labelled.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_figures_equal_those_of_scikit_learn() -> None:
    labels = ["a", "b", "c", "a", "b", "c", "a", "a", "b", "c"] * 7
    answers = ["a", "c", "c", "b", "b", ABSTAINED, "a", "c", "b", "b"] * 7
    found = measure(labels, answers)
    classes = ["a", "b", "c"]
    precision, recall, f1, support = precision_recall_fscore_support(
        labels, answers, labels=classes, zero_division=0
    )
    for place, name in enumerate(classes):
        one = found["per_class"][name]
        expected = [precision[place], recall[place], f1[place]]
        assert [one.precision, one.recall, one.f1] == pytest.approx(expected, abs=1e-4)
        assert one.support == support[place]
    macro = f1_score(labels, answers, labels=classes, average="macro", zero_division=0)
    assert found["macro_f1"] == pytest.approx(macro, abs=1e-4)
    assert found["accuracy"] == pytest.approx(accuracy_score(labels, answers), abs=1e-4)
    assert found["confusion"]["c"] == {ABSTAINED: 7, "b": 7, "c": 7}


def test_the_interval_holds_the_figure_narrows_with_texts_and_is_the_same_twice() -> None:
    labels, answers = ["a", "b", "a", "b", "a"], ["a", "b", "b", "b", "a"]
    few, many = measure(labels * 10, answers * 10), measure(labels * 1000, answers * 1000)
    low, high = few["macro_f1_interval"]
    assert low < few["macro_f1"] < high
    assert many["macro_f1_interval"][1] - many["macro_f1_interval"][0] < (high - low) / 5
    assert measure(labels * 10, answers * 10) == few


def test_where_several_hold_each_is_a_yes_or_no() -> None:
    found = measure(["praise|thanks", "question"], ["thanks", "praise|question"], several=True)
    assert found["per_class"]["thanks"].f1 == 1.0
    assert found["per_class"]["praise"].f1 == 0.0
    assert found["per_class"]["question"].f1 == 1.0
    assert found["accuracy"] == 0.0


def test_a_file_is_read_as_a_night_reads(tmp_path: Path) -> None:
    found = evaluate("sentiment", written(tmp_path, MOODS))
    assert (found.task, found.n, found.accuracy) == ("sentiment", 4, 0.75)
    assert found.confusion["positive"] == {"negative": 1, "positive": 1}
    assert found.per_class["neutral"].f1 == 1.0
    assert found.texts_per_second > 0
    assert found.note == ""


@pytest.mark.parametrize(
    ("task", "rows", "n", "left_out"),
    [
        ("sentiment", "goed,Positief\nslecht,NEG\nzo,none\nja,mixed\nnee,\n", 3, 2),
        ("sentiment", "goed,gratitude\nslecht,anger\nzo,neutral\n", 3, 0),
        ("language", "wie is dit,nl-NL\nwho is this,eng\nwer,Deutsch!\n", 2, 1),
        ("question", "hoe laat is het,Question\nhet is laat,statement\n", 2, 0),
        ("complaint", "wat slecht,complaint\nhallo,other\nhoi,not_complaint\n", 3, 0),
        ("intent", 'dank u,thanks\ndank! hoe dan?,"thanks,question"\nx,nonsense\n', 2, 1),
        ("needs_response", "hoe laat?,1\nfijn,0\n", 2, 0),
        ("purpose", "mijn factuur klopt niet,service\n", 1, 0),
        ("message_type", "lees meer,Action\nhoi,Dialogue\nx,Information\ny,Exclude\n", 3, 1),
        ("giving", "kijk hier,give\n", 1, 0),
        ("pr_model", "wij zijn er,public_information\n", 1, 0),
    ],
)
def test_labels_are_known_by_several_spellings_and_others_counted_apart(
    tmp_path: Path, task: str, rows: str, n: int, left_out: int
) -> None:
    found = evaluate(task, written(tmp_path, HEAD + rows))
    assert found.n == n
    assert sum(found.left_out.values()) == left_out
    assert f"{n} texts" in table(found)
    assert ("left out" in table(found)) == bool(left_out)


def test_every_task_is_tried_above() -> None:
    assert set(TASKS) == {
        *("sentiment", "language", "question", "complaint", "intent", "needs_response"),
        *("purpose", "message_type", "giving", "pr_model"),
    }


def test_without_neutral_the_nearer_side_is_asked(tmp_path: Path) -> None:
    rows = "Het boek telt 300 bladzijden,negative\nprachtig,positive\n"
    found = evaluate("sentiment", written(tmp_path, HEAD + rows))
    assert set(found.confusion["negative"]) <= {"positive", "negative"}
    assert "no neutral" in found.note
    assert found.note in table(found)


def test_about_an_organisation_only_its_own_clauses_count(tmp_path: Path) -> None:
    rows = (
        "text,label,organisation,language\n"
        "Love Zonneveld but Acme is terrible,positive,Zonneveld,en\n"
        "Love Zonneveld but Acme is terrible,negative,Acme,en\n"
        "Perfect Power sent me an invoice on Tuesday,neutral,Perfect Power,en\n"
    )
    assert evaluate("sentiment", written(tmp_path, rows)).accuracy == 1.0


def test_a_short_text_is_read_in_the_language_of_its_file(tmp_path: Path) -> None:
    rows = MOODS + "top!,positive\nbah,negative\nwaardeloos,negative\n"
    found = evaluate("sentiment", written(tmp_path, rows))
    assert ABSTAINED not in {answer for row in found.confusion.values() for answer in row}


def test_a_language_that_nobody_reads_is_an_abstention(tmp_path: Path) -> None:
    rows = "text,label,language\n¿Cuándo llega mi pedido? Nadie contesta,negative,es\n"
    found = evaluate("sentiment", written(tmp_path, rows))
    assert found.confusion == {"negative": {ABSTAINED: 1}}
    assert found.macro_f1 == 0.0


@pytest.mark.parametrize(
    "content",
    [
        "label;text\nnegative;wat slecht, en duur\n",
        "label\ttext\nnegative\twat slecht\n",
        "\ufeffLabel, Tekst\nnegative,wat slecht\n",
        'text,label\n"twee\nregels",negative\n',
        "id,text,label,more\n1,wat slecht,negative\n",
    ],
)
def test_files_as_programs_write_them(tmp_path: Path, content: str) -> None:
    (row,) = labelled(written(tmp_path, content))
    assert row.label == "negative"
    assert row.text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "no column text or label; it has nothing"),
        ("tweet,mood\na,b\n", "no column text or label; it has tweet, mood"),
        ("text,mood\na,b\n", "no column label"),
        (HEAD, "labels found: none"),
        (HEAD + "a,banana\n", "labels found: banana"),
        (b"text,label\n\xff\xfe,negative\n", "not UTF-8"),
        (HEAD + '"never closed,negative\n', "labels found: "),
    ],
)
def test_files_that_cannot_be_evaluated_say_why(
    tmp_path: Path, content: str | bytes, told: str
) -> None:
    with pytest.raises(EvaluationError, match=told) as raised:
        evaluate("sentiment", written(tmp_path, content))
    assert isinstance(raised.value, LuisterError)
    assert raised.value.exit_code == 2
    assert "labelled.csv" in str(raised.value)


def test_no_such_file_and_no_such_task(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="No such file"):
        evaluate("sentiment", tmp_path / "absent.csv")
    with pytest.raises(EvaluationError, match="cannot be opened"):
        evaluate("sentiment", tmp_path)
    with pytest.raises(EvaluationError, match=r"no task 'mood'.*sentiment, language"):
        evaluate("mood", tmp_path)


@pytest.mark.parametrize("text", ["", "a" * 100_000, "😀" * 500, "<b>" * 5_000, "\u202eעברית"])
def test_strange_texts_are_rows_like_others(tmp_path: Path, text: str) -> None:
    assert evaluate("sentiment", written(tmp_path, f'{MOODS}"{text}",neutral\n')).n == 5


def test_the_command_prints_json_or_text(tmp_path: Path) -> None:
    file = written(tmp_path, MOODS)
    runner = CliRunner()
    told = runner.invoke(cli.app, ["evaluate", "sentiment", str(file), "--json"])
    assert told.exit_code == 0
    found = json.loads(told.stdout)
    assert {"macro_f1", "accuracy", "per_class", "n", "texts_per_second"} <= set(found)
    assert found["per_class"]["negative"] == {
        "precision": 0.5,
        "recall": 1.0,
        "f1": pytest.approx(0.6667, abs=1e-4),
        "support": 1,
    }
    shown = runner.invoke(cli.app, ["evaluate", "sentiment", str(file)])
    assert "macro-F1" in shown.stdout
    assert "positive 1" in shown.stdout


def test_a_command_that_cannot_say_anything_exits_with_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["luister", "evaluate", "mood", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith("EvaluationError: there is no task 'mood'")
    assert len(told.splitlines()) == 1
