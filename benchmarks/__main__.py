"""Every benchmark, one after the other, each in a process of its own: ``make bench``."""

import subprocess
import sys

for name in ("startup", "load", "enrich", "feeds", "inspecting", "models", "explore"):
    print(f"== {name}", flush=True)
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
