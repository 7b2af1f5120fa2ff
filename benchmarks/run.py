"""``make bench``: every benchmark, each in a process of its own, into one result file."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


def machine() -> dict[str, object]:
    """What the figures were taken on."""
    model = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [x for x in cpuinfo.read_text().splitlines() if x.startswith("model name")]
        model = names[0].split(":", 1)[1].strip() if names else ""
    return {
        "processor": model or platform.processor(),
        "cores": os.cpu_count(),
        "load_before": os.getloadavg(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def main() -> None:
    result: dict[str, object] = {"at": datetime.now(UTC).isoformat(), "machine": machine()}
    for name in ("engines", "pipeline"):
        done = subprocess.run(
            [sys.executable, str(HERE / f"{name}.py"), *sys.argv[1:]]
            if name == "pipeline"
            else [sys.executable, str(HERE / f"{name}.py")],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        result[name] = json.loads(done.stdout[done.stdout.index("{") :])
    folder = ROOT / "outputs" / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"bench-{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    target.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))
    print(f"written to {target}")


if __name__ == "__main__":
    main()
