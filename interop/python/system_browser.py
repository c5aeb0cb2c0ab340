"""The browser of the system, as a library opens it that signs people in by itself, with a person at it."""

import threading
import webbrowser
from urllib.parse import parse_qs, urlsplit

from browser import Browser, Person

NAME = "vestibule-interop"


class SystemBrowser(webbrowser.BaseBrowser):
    """`problems` says what went wrong while the library waited: it would only see that nobody came."""

    def __init__(self, environment, user):
        super().__init__(NAME)
        self._environment, self._user = environment, user
        self.problems = []

    def open(self, url, new=0, autoraise=True):
        threading.Thread(target=self._visit, args=(url,), daemon=True).start()
        return True

    def _visit(self, url):
        try:
            redirect_uri = parse_qs(urlsplit(url).query)["redirect_uri"][0]
            browser = Browser(self._environment)
            browser.deliver(Person(browser, self._user).sign_in(url, redirect_uri=redirect_uri))
        except Exception as problem:
            self.problems.append(problem)


def seat(environment, user):
    """Makes `user` the person at whatever browser a library opens from now on."""
    browser = SystemBrowser(environment, user)
    webbrowser.register(NAME, None, browser, preferred=True)
    return browser
