"""No log record holds a secret, whoever writes it."""

import logging
from collections.abc import Iterator

import pytest

from pipeline.logs import redact_logs
from pipeline.secrets import Redactor, find_secret


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[logging.Logger]:
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(logging.LogRecord)
    redact_logs(Redactor(["CANARY-1"]))
    caplog.set_level(logging.DEBUG)
    yield logging.getLogger("somebody.else")
    logging.setLogRecordFactory(before)


def test_messages_and_their_arguments(
    log: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    log.info("asked %s with %d", "https://a.example/?access_token=CANARY-2", 1)
    log.info("it is CANARY-1")
    log.info({"token": "CANARY-1"})
    assert "asked https://a.example/?access_token=*** with 1" in caplog.text
    assert "CANARY" not in caplog.text


def test_exceptions_and_what_they_hold(
    log: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        raise ValueError("no: CANARY-1")
    except ValueError:
        log.exception("failed")
    assert "ValueError: no: ***" in caplog.text
    assert "CANARY" not in caplog.text


def test_exceptions_without_secrets_stay_whole(
    log: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        raise ValueError("plain")
    except ValueError:
        log.exception("failed")
    assert caplog.records[0].exc_info is not None
    assert "ValueError: plain" in caplog.text


def test_a_message_that_does_not_fit_its_arguments_is_still_clean(
    log: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    log.info("one %d", "CANARY-1")
    assert "one %d ('***',)" in caplog.text


def test_loggers_that_keep_their_records_to_themselves_are_clean_too(log: logging.Logger) -> None:
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    lonely = logging.getLogger("lonely")
    lonely.propagate = False
    lonely.addHandler(handler)
    lonely.warning("it is %s", "CANARY-1")
    assert said == ["it is ***"]


def test_asking_twice_blanks_once(log: logging.Logger) -> None:
    factory = logging.getLogRecordFactory()
    redact_logs()
    assert logging.getLogRecordFactory() is factory


@pytest.mark.fault(57)
def test_every_secret_this_process_found_is_blanked(caplog: pytest.LogCaptureFixture) -> None:
    redact_logs()
    found = find_secret("LOGGED_TOKEN", {"LOGGED_TOKEN": "CANARY-of-the-log-test"})
    logging.getLogger("anybody").warning("got %s", found)
    assert "got ***" in caplog.text
