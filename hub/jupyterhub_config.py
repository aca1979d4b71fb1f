"""A JupyterHub on this machine alone, for `make hub` and `make hub-load`: anybody may sign in with the password
`course`.

A real hub has a proxy, single-user servers and limits as this one has; another spawner and another login. See
README.md.
"""

import os
import sys
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from jupyterhub.auth import DummyAuthenticator

c = get_config()  # noqa: F821
folder = Path(os.environ["HUB_FOLDER"])  # of the database, and of the students' homes
port = int(os.environ.get("HUB_PORT", "8000"))
binaries = Path(sys.executable).parent

c.JupyterHub.bind_url = f"http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{port + 1}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{port + 2}"
proxy = binaries.parent / "node_modules" / ".bin" / "configurable-http-proxy"
c.ConfigurableHTTPProxy.command = [str(proxy)]
c.JupyterHub.db_url = f"sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = str(folder / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(folder / "proxy.pid")


class HereAlone(DummyAuthenticator):
    """One password for all, known to everybody: a hub that others can reach does not start with it."""

    def __init__(self, **options):
        super().__init__(**options)
        addresses = self.parent.bind_url, self.parent.hub_bind_url or self.parent.hub_ip
        for address in filter(None, addresses):
            host = urlsplit(address if "//" in address else f"//{address}").hostname
            if host != "localhost" and not (host and is_loopback(host)):
                sys.exit(
                    f"hub/jupyterhub_config.py: expected an address of this machine alone, 127.0.0.1, got {address}:"
                    " its login is one password that everybody knows. For others to reach a hub, take another"
                    " authenticator, as hub/README.md says."
                )


def is_loopback(host):
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


c.JupyterHub.authenticator_class = HereAlone
c.HereAlone.password = "course"
c.Authenticator.allow_all = True

c.JupyterHub.spawner_class = "simple"  # a process, where a cluster would start a container
c.SimpleLocalProcessSpawner.home_dir_template = f"{folder}/home/{{username}}"
c.Spawner.cmd = [str(binaries / "jupyterhub-singleuser")]
c.Spawner.args = ["--allow-root"] if os.geteuid() == 0 else []
c.Spawner.default_url = "/lab"
c.Spawner.environment = {
    "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
    "OMP_NUM_THREADS": "1",  # as in values.yaml: a class shares the cores
}
c.Spawner.start_timeout = 600  # seconds; twenty at once take their time on two cores
c.Spawner.http_timeout = 600
c.JupyterHub.concurrent_spawn_limit = 10  # the next ones are told to come again: HTTP 429
