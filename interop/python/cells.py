"""Says which cells of the table of libraries and flows a test shows: `@pytest.mark.shows("MSAL Python", "code")`.

A test that ran appends a line for each of its cells to the file that VESTIBULE_INTEROP_RESULTS names, if it names one.
"""

import json
import os
from importlib.metadata import version

import pytest

# What a library is called in the table, and the package that says which version it is.
PACKAGES = {
    "ADAL Python": "adal",
    "MSAL Python": "msal",
    "azure-identity (Python)": "azure-identity",
    "msgraph-sdk (Python)": "msgraph-sdk",
}


def pytest_configure(config):
    config.addinivalue_line("markers", 'shows(library, *flows, dialect="v2.0"): the cells of the table that a test shows')


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    # What is skipped shows nothing; what fails while it is prepared or cleaned up fails.
    if report.failed or (report.when == "call" and report.passed):
        for cell in cells(item, "fails" if report.failed else "passes"):
            record(cell)
    return report


def cells(item, outcome):
    for mark in item.iter_markers("shows"):
        library, *flows = mark.args
        for flow in flows:
            dialect = mark.kwargs.get("dialect", "v2.0")
            yield dict(library=library, version=version(PACKAGES[library]), dialect=dialect, flow=flow, outcome=outcome)


def record(cell):
    results = os.environ.get("VESTIBULE_INTEROP_RESULTS")
    if results:
        with open(results, "a", encoding="utf-8") as file:
            file.write(json.dumps(cell) + "\n")
