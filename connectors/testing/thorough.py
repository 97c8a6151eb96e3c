"""How many generated cases a test tries: a third of them in a hurry, all when there is time."""

import os


def examples(all_of_them: int) -> int:
    """So many generated cases; all when the environment variable LUISTER_THOROUGH is set."""
    return all_of_them if os.environ.get("LUISTER_THOROUGH") else max(10, all_of_them // 3)
