"""Fixtures: the server, its two organisations, and the applications and people in them."""

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
    os.environ["REQUESTS_CA_BUNDLE"] = environment.ca
    return environment


@pytest.fixture(scope="session")
def contoso(dev):
    return dev.tenant("contoso.test")


@pytest.fixture(scope="session")
def fabrikam(dev):
    return dev.tenant("fabrikam.test")


@pytest.fixture(scope="session")
def alice(dev):
    return dev.user("alice@contoso.test")


@pytest.fixture(scope="session")
def bob(dev):
    return dev.user("bob@contoso.test")


@pytest.fixture(scope="session")
def carol(dev):
    return dev.user("carol@fabrikam.test")


@pytest.fixture(scope="session")
def api(dev, contoso):
    return dev.application("api", contoso)


@pytest.fixture(scope="session")
def daemon(dev, contoso):
    return dev.application("daemon", contoso)


@pytest.fixture(scope="session")
def native(dev, contoso):
    return dev.application("native", contoso)


@pytest.fixture(scope="session")
def web(dev, contoso):
    return dev.application("web", contoso)


@pytest.fixture(scope="session")
def saas(dev):
    return dev.application("saas")
