"""A small browser without JavaScript: cookies, redirects, forms, and a person who fills them in.

It does what a browser does and nothing a browser would not: it submits the forms the server wrote, with the hidden
fields the server put there, and follows redirects one at a time until one leads back to the application.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import requests

TIMEOUT = 20
MOST_REDIRECTS = 15
MOST_PAGES = 8


class Lost(AssertionError):
    """The conversation did not go on as a person would expect."""


@dataclass
class Control:
    kind: str
    id: str | None
    name: str | None
    value: str
    checked: bool
    form_action: str | None


@dataclass
class Form:
    id: str | None
    action: str
    method: str
    controls: list = field(default_factory=list)


class _PageParser(HTMLParser):
    """Keeps forms with their controls, and the words a person reads first: title, heading, alerts."""

    VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms = []
        self.loose = []  # controls that name their form by the `form` attribute
        self.title, self.heading, self.alert = "", "", ""
        self._current = None
        self._open = []

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._current = Form(given.get("id"), given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._current)
        elif tag in ("input", "button"):
            control = Control(
                kind=given.get("type", "text" if tag == "input" else "submit").lower(),
                id=given.get("id"),
                name=given.get("name"),
                value=given.get("value", "on" if given.get("type") in ("checkbox", "radio") else ""),
                checked="checked" in given,
                form_action=given.get("formaction"),
            )
            if "form" in given:
                self.loose.append((given["form"], control))
            elif self._current is not None:
                self._current.controls.append(control)
        if tag not in self.VOID:
            self._open.append((tag, given.get("role")))

    def handle_endtag(self, tag):
        if tag == "form":
            self._current = None
        while any(open_tag == tag for open_tag, _ in self._open):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, text):
        inside = {tag for tag, _ in self._open}
        if "title" in inside:
            self.title += text
        if "h1" in inside:
            self.heading += text
        if any(role == "alert" for _, role in self._open):
            self.alert += text

    def close(self):
        super().close()
        for form_id, control in self.loose:
            for form in self.forms:
                if form.id == form_id:
                    form.controls.append(control)


class Page:
    """A page the server showed."""

    def __init__(self, address, status, markup):
        parser = _PageParser()
        parser.feed(markup)
        parser.close()
        self.address, self.status, self.forms = address, status, parser.forms
        self.title, self.heading, self.alert = (
            " ".join(words.split()) for words in (parser.title, parser.heading, parser.alert)
        )

    def __repr__(self):
        ids = [control.id for form in self.forms for control in form.controls if control.id]
        return (
            f"<page {urlsplit(self.address).path} status {self.status} title {self.title!r} heading {self.heading!r} "
            f"alert {self.alert!r} controls {ids}>"
        )

    def asks_for(self, name):
        """Whether a person can see a field of that name (a hidden one is the server's own memory)."""
        return any(c.name == name and c.kind != "hidden" for form in self.forms for c in form.controls)

    def button(self, button_id):
        for form in self.forms:
            for control in form.controls:
                if control.id == button_id:
                    return form, control
        return None


@dataclass
class Returned:
    """The server's answer to the application, caught on its way to the redirect URI."""

    mode: str
    address: str
    parameters: dict = field(repr=False)


class Browser:
    def __init__(self, environment):
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = environment.ca
        self._session.headers.update({"Accept": "text/html", "Accept-Language": "en", "User-Agent": "vestibule-interop"})
        self._origin = environment.origin

    def open(self, address, *, redirect_uri):
        return self._follow("GET", address, None, redirect_uri, origin=None)

    def press(self, page, button_id, typed, *, redirect_uri):
        """Fills in `typed` and presses a button, as a browser submits the form that button belongs to."""
        found = page.button(button_id)
        if found is None:
            raise Lost(f"There is no #{button_id} on {page!r}.")
        form, button = found
        fields = []
        for control in form.controls:
            if not control.name or control.kind in ("submit", "button", "image", "reset", "file"):
                continue
            if control.kind in ("checkbox", "radio") and not control.checked:
                continue
            visible = control.kind != "hidden"
            fields.append((control.name, typed[control.name] if visible and control.name in typed else control.value))
        if button.name:
            fields.append((button.name, button.value))
        address = urljoin(page.address, button.form_action or form.action)
        if form.method != "post":
            raise Lost(f"A form with an answer in it must be posted: {page!r}.")
        return self._follow("POST", address, fields, redirect_uri, origin=_origin_of(page.address))

    def deliver(self, returned):
        """Hands a caught answer to an application that listens for it."""
        if returned.mode == "form_post":
            answer = self._session.post(
                returned.address, data=returned.parameters, headers={"Origin": self._origin}, timeout=TIMEOUT
            )
        else:
            answer = self._session.get(returned.address, timeout=TIMEOUT)
        answer.raise_for_status()

    def _follow(self, method, address, fields, redirect_uri, *, origin):
        for _ in range(MOST_REDIRECTS):
            if _origin_of(address) != _origin_of(self._origin):
                raise Lost(f"The server sent the browser to {_without_query(address)}, which nobody asked for.")
            answer = self._session.request(
                method,
                address,
                data=fields,
                headers={"Origin": origin} if method == "POST" else {},
                allow_redirects=False,
                timeout=TIMEOUT,
            )
            if answer.status_code in (301, 302, 303):
                method, fields = "GET", None
            elif answer.status_code not in (307, 308):
                page = Page(answer.url, answer.status_code, answer.text)
                return _answer_to_post(page, redirect_uri) or page
            address = urljoin(answer.url, answer.headers["Location"])
            if _same_place(address, redirect_uri):
                return _answer_in_address(address)
        raise Lost(f"More than {MOST_REDIRECTS} redirects in a row, the last to {_without_query(address)}.")


class Person:
    """Somebody in front of the browser: answers one question a page, and stops where a person would."""

    def __init__(self, browser, user, *, stays_signed_in=False):
        self._browser, self._user = browser, user
        self._reply_to_stay = "idSIButton9" if stays_signed_in else "idBtn_Back"

    def sign_in(self, address, *, redirect_uri):
        """Signs in and returns what the application receives."""
        outcome = self.try_to_sign_in(address, redirect_uri=redirect_uri, password=self._user.password)
        if isinstance(outcome, Page):
            raise Lost(f"{self._user.upn} could not sign in; the last page was {outcome!r}.")
        return outcome

    def try_to_sign_in(self, address, *, redirect_uri, password):
        """As `sign_in`, but stops at a page that refuses the password, or that is not a question at all."""
        return self.go_on(self._browser.open(address, redirect_uri=redirect_uri), redirect_uri=redirect_uri, password=password)

    def go_on(self, here, *, redirect_uri, password):
        gave_password, answered_stay = False, False
        for _ in range(MOST_PAGES):
            if isinstance(here, Returned):
                return here
            if here.asks_for("passwd"):
                if gave_password:
                    return here
                gave_password = True
                typed, button = {"loginfmt": self._user.upn, "passwd": password}, "idSIButton9"
            elif here.asks_for("loginfmt"):
                if gave_password or here.alert:
                    return here
                typed, button = {"loginfmt": self._user.upn}, "idSIButton9"
            elif gave_password and not answered_stay and here.button("idSIButton9") and here.button("idBtn_Back"):
                answered_stay = True
                typed, button = {}, self._reply_to_stay
            else:
                return here
            here = self._browser.press(here, button, typed, redirect_uri=redirect_uri)
        raise Lost(f"More than {MOST_PAGES} pages to sign in, the last was {here!r}.")


def _answer_in_address(address):
    parts = urlsplit(address)
    mode = "fragment" if parts.fragment else "query"
    return Returned(mode, address, _single_values(parts.fragment or parts.query))


def _answer_to_post(page, redirect_uri):
    for form in page.forms:
        if form.method == "post" and _same_place(urljoin(page.address, form.action), redirect_uri):
            return Returned(
                "form_post",
                urljoin(page.address, form.action),
                {c.name: c.value for c in form.controls if c.name and c.kind == "hidden"},
            )
    return None


def _single_values(encoded):
    values = parse_qs(encoded, keep_blank_values=True)
    repeated = [name for name, given in values.items() if len(given) > 1]
    if repeated:
        raise Lost(f"The answer repeats {repeated}.")
    return {name: given[0] for name, given in values.items()}


def _same_place(address, redirect_uri):
    one, other = urlsplit(address), urlsplit(redirect_uri)
    return (one.scheme, one.netloc, one.path or "/") == (other.scheme, other.netloc, other.path or "/")


def _origin_of(address):
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _without_query(address):
    return address.split("?")[0].split("#")[0]
