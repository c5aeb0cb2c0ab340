"""Fixtures: the server, and the programs that look after its directories."""

import os

import pytest

from environment import Environment

pytest_plugins = ["cells"]


@pytest.fixture(scope="session")
def dev():
    try:
        environment = Environment.from_variables()
    except (LookupError, OSError) as problem:
        pytest.exit(str(problem), returncode=2)
    # A proxy that the machine may have is not meant for a server on this machine.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "localhost,127.0.0.1"
    return environment


def named(dev, name):
    return next(application for application in dev.applications if application.name == name)


@pytest.fixture(scope="session")
def automation(dev):
    """A daemon of Contoso that may do everything to its directory."""
    return named(dev, "Contoso Automation")


@pytest.fixture(scope="session")
def fabrikam_automation(dev):
    return named(dev, "Fabrikam Automation")


@pytest.fixture(scope="session")
def daemon(dev):
    """A daemon of Contoso that has no permission of Graph."""
    return named(dev, "Contoso Daemon")
