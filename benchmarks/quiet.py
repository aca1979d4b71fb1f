"""What measured seconds depend on; and a busy machine is refused, for its seconds would be those of other programs."""

import datetime
import os
import platform
import time
from pathlib import Path

import psutil

MOST = 0.3  # processes that want a core, for each core, in the minute before


def machine():
    """What the seconds depend on."""
    names = [platform.processor() or platform.machine()]
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text().splitlines()
        names = [line.split(": ")[1] for line in lines if line.startswith("model name")] or names
    return {
        "processor": names[0],
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "load_before": round(psutil.getloadavg()[0], 2),
        "date": datetime.date.today().isoformat(),
    }


def is_busy(machine):
    """Whether `machine`, as `machine()` gives it, had more to do than this run."""
    return machine["load_before"] > MOST * machine["cores"]


def refuse_busy(machine):
    """`machine` itself, if it was quiet; otherwise the program ends and says what to do."""
    if is_busy(machine):
        raise SystemExit(
            f"a load of at most {MOST} a core is needed, so {MOST * machine['cores']:.1f} on these {machine['cores']} "
            f"cores; it was {machine['load_before']} on {machine['date']}. Close what else is running, wait a minute, "
            "and measure anew."
        )
    return machine


def settled(patience=300, pause=5):
    """A quiet `machine()`; what ran just before, such as the build, has `patience` seconds to fade."""
    for _ in range(patience // pause):
        if not is_busy(machine()):
            break
        time.sleep(pause)
    return refuse_busy(machine())
