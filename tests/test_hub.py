"""The sample hub stays on this machine while its login is one password that everybody knows."""

import runpy
import sys
from types import ModuleType, SimpleNamespace

import pytest
from course import ROOT

CONFIG = ROOT / "hub" / "jupyterhub_config.py"


class Dummy:
    """What the configuration needs of JupyterHub's authenticator, which is not installed here."""

    def __init__(self, parent):
        self.parent = parent


class Settings(SimpleNamespace):
    def __getattr__(self, name):
        setattr(self, name, Settings())
        return getattr(self, name)


@pytest.fixture
def settings(monkeypatch, tmp_path):
    module = ModuleType("jupyterhub.auth")
    module.DummyAuthenticator = Dummy
    monkeypatch.setitem(sys.modules, "jupyterhub", ModuleType("jupyterhub"))
    monkeypatch.setitem(sys.modules, "jupyterhub.auth", module)
    monkeypatch.setenv("HUB_FOLDER", str(tmp_path))
    made = Settings()
    runpy.run_path(str(CONFIG), {"get_config": lambda: made})
    return made.JupyterHub


def start(settings, **changed):
    addresses = {"bind_url": settings.bind_url, "hub_bind_url": settings.hub_bind_url, "hub_ip": ""}
    settings.authenticator_class(parent=SimpleNamespace(**addresses | changed))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:80/hub/", "http://[::1]:8000"])
def test_it_starts_at_an_address_of_this_machine_alone(settings, url):
    start(settings)
    start(settings, bind_url=url)


@pytest.mark.parametrize(
    "changed",
    [
        {"bind_url": "http://0.0.0.0:8000"},
        {"bind_url": "http://:8000"},
        {"bind_url": "https://hub.example.edu"},
        {"bind_url": "http://127.0.0.1.example.edu"},
        {"bind_url": "http://192.168.1.2:8000"},
        {"hub_bind_url": "http://0.0.0.0:8081"},
        {"hub_bind_url": "", "hub_ip": "0.0.0.0"},
        {"bind_url": "http://[::]:8000"},
    ],
)
def test_it_refuses_an_address_that_others_reach(settings, changed):
    with pytest.raises(SystemExit, match=r"expected an address of this machine alone, 127\.0\.0\.1, got "):
        start(settings, **changed)
