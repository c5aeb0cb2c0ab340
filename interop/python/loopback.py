"""Redirect URIs of native applications: `http://localhost` with a port nobody registered, whichever is free."""

import socket


def free_loopback_uri():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://localhost:{probe.getsockname()[1]}"
