"""How a program keeps MSAL Python on the right port.

Before it sends a name and a password, the library asks how the person's domain signs in, at the authority's host but
without its port. On port 443 nothing has to be done; anywhere else the program gives the library an HTTP client that puts
the port back. Nothing else about the request changes, the certificate that is asked for least of all.
"""

from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter


class PutsThePortBack(HTTPAdapter):
    def __init__(self, authority):
        super().__init__()
        self._authority = authority

    def send(self, request, **more):
        request.url = urlunsplit(urlsplit(request.url)._replace(netloc=self._authority))
        return super().send(request, **more)


def session(environment):
    """For MSAL's `http_client`, or the transport of azure-identity."""
    origin = urlsplit(environment.origin)
    client = requests.Session()
    client.mount(f"https://{origin.hostname}/", PutsThePortBack(origin.netloc))
    return client
