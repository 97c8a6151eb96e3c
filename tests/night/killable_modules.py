"""Read before any night of ``tests.night.killable`` is begun: what all of them need."""

import pipeline.alerts.telling
import pipeline.moods
import pipeline.report.page
import pipeline.retention
import pipeline.stories
import pipeline.understand  # noqa: F401
from tests.night.killable import read_all

read_all()
