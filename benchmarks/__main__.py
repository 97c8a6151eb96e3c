"""``python -m benchmarks``: the stages of a night; every other module here is run by its name."""

from benchmarks.harness import main

main()
