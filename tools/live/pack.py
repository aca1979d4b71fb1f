"""Run in Pyodide by `pack.mjs`: makes /out/*.zip of /core and /wheels, without what no chapter uses.

A module that a chapter imports is there as its `.pyc`, which is what a browser would make of it, and takes longest at;
the others are text, which is smaller.
"""

import importlib.util
import io
import marshal
import re
import sys
import zipfile
from pathlib import Path

SITE = "/lib/python3.14/site-packages"
STDLIB = "/lib/python314.zip"
PARTS = {"numpy.zip": ["numpy"], "plots.zip": None}  # None: all the others
UNUSED = re.compile(
    r"\.(pyi|pxd|pxi|h|c|a|typed|pyc)$"
    r"|/(tests?|include|f2py|distutils|sample_data|afm|pdfcorefonts|web_backend|images|sphinxext)/"
    r"|/backend_(cairo|gtk|macosx|nbagg|pdf|pgf|ps|qt|tk|webagg|wx)|/_backend_(gtk|pdf|tk)|/_tkagg|/qt_(compat|editor)"
    r"|^(_pyrepl|sqlite3|wsgiref|xmlrpc)/|^(_pyio|doctest|ftplib|imaplib|mailbox|pdb|poplib|smtplib)\.py"
    r"|/labextension/|dateutil-zoneinfo|\.dist-info/(?!METADATA$)|\.data/"
)
UNCHECKED = (1).to_bytes(4, "little") + bytes(8)  # a .pyc that is taken as it is


def compiled(source, name):
    """The bytes of a .pyc for the module `name`."""
    return importlib.util.MAGIC_NUMBER + UNCHECKED + marshal.dumps(compile(source, name, "exec", dont_inherit=True))


def pack(out, sources, home):
    """Write the archive `out` of `sources`, archives themselves that lie unpacked in `home`."""
    imported = {str(getattr(module, "__file__", "")) for module in sys.modules.values()}
    with zipfile.ZipFile(f"/out/{out}", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for source in sources:
            with zipfile.ZipFile(source) as archive:
                for name in archive.namelist():
                    if name.endswith("/") or UNUSED.search(name):
                        continue
                    data = archive.read(name)
                    if f"{home}/{name}" in imported and name.endswith(".py"):
                        name, data = f"{name}c", compiled(data, name)
                    packed.writestr(plain(name), data)


def plain(name):
    """An entry of an archive that is the same whenever it is made."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def use():
    """Import what chapters and the site import, and draw, for what is imported only then."""
    sys.path += ["/live", "/src"]
    import live

    live.begin()
    live.send = lambda message: None
    import ipywidgets.embed
    import matplotlib.pyplot as plt
    import numpy.testing
    from PIL import ImageDraw, ImageFont

    import softmaxlab.results
    from softmaxlab import data, plots, scratch
    from softmaxlab.widgets import Bars, explore

    plots.use_style()
    for name in ("svg", "png"):
        figure, ax = plt.subplots()
        ax.plot([1, 2], label="$a$")
        ax.imshow([[1, 2]])
        ax.legend()
        figure.savefig(io.BytesIO(), format=name, bbox_inches="tight")
    live.display(explore(lambda x: [x], x=[1.0], view=Bars(["a"])))
    import concurrent.futures
    import hashlib
    import logging
    import lzma
    import pickle
    import tempfile
    import timeit


wheels = sorted(Path("/wheels").glob("*.whl"))
for wheel in wheels:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(SITE)
importlib.invalidate_caches()
use()
for part, names in PARTS.items():
    taken = [one for one in wheels if (one.name.partition("-")[0] in names if names else True)]
    wheels = [one for one in wheels if one not in taken]
    pack(part, taken, SITE)
pack("stdlib.zip", ["/core/python_stdlib.zip"], STDLIB)
