"""The reference page, opened in a browser: with and without scripts, searched, linked to and printed."""

import html.parser
import os
import re
import shutil
import unittest

from support import ROOT, environment, fresh, run

PAGE = ROOT / "docs/events/reference.html"
NAMES = ["chromium", "chromium-browser", "google-chrome"]


def browser():
    """Returns the program of a browser, which has to be there: a page that nobody opened is not tested."""
    named = os.environ.get("CHROME")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise AssertionError(
            f"no browser to open the reference page with; install Chromium (on Debian: apt-get install chromium), "
            f"or set CHROME to the program. Looked for {', '.join(NAMES)}"
        )
    return found


class Rows(html.parser.HTMLParser):
    """Collects the rows with an anchor, those that are visible, and other elements that are hidden."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.visible, self.hidden = [], [], set()
        self.section_is_hidden = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if "hidden" in attributes and attributes.get("id"):
            self.hidden.add(attributes["id"])
        if tag == "section":
            self.section_is_hidden = "hidden" in attributes
        if tag == "tr" and "id" in attributes:
            self.rows.append(attributes["id"])
            if not self.section_is_hidden and "hidden" not in attributes:
                self.visible.append(attributes["id"])


class Reference(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = browser()
        cls.work = fresh("reference")
        cls.rows = Rows(PAGE.read_text()).rows

    def open(self, location="", *options, page=PAGE, logs=()):
        """Returns a page as it is after its script has run. What the browser logs of it has to be as expected."""
        command = [self.browser, "--headless", "--disable-gpu", "--disable-background-networking", "--enable-logging=stderr"]
        # Chromium refuses to be sandboxed as root, where CI often runs.
        command += ["--no-sandbox", f"--user-data-dir={self.work / 'profile'}", *options, page.as_uri() + location]
        log = self.work / "log"
        shown = run("sh", "-c", f'"$@" 2>{log}', "sh", *command, env=environment())
        logged = [line for line in log.read_text().splitlines() if "CONSOLE" in line]
        self.assertEqual(len(logged), len(logs), logged)
        for line, expected in zip(logged, logs):
            self.assertIn(expected, line)
        return shown

    def test_all_rows_are_shown_at_first(self):
        page = Rows(self.open("", "--dump-dom"))
        self.assertGreater(len(page.rows), 100)
        self.assertEqual(page.visible, self.rows)
        self.assertNotIn("search", page.hidden)
        self.assertIn("nothing", page.hidden)

    def test_without_scripts_all_rows_are_shown_and_no_search(self):
        policy = "script-src 'unsafe-inline'"
        self.assertEqual(PAGE.read_text().count(policy), 1)
        page = self.work / "without-scripts.html"
        page.write_text(PAGE.read_text().replace(policy, "script-src 'none'"))
        rows = Rows(self.open("?q=bytes", "--dump-dom", page=page, logs=["Content Security Policy"]))
        self.assertEqual(rows.visible, self.rows)
        self.assertIn("search", rows.hidden)

    def test_a_search_shows_the_rows_with_all_of_its_words(self):
        page = self.open("?q=SENT%20bytes", "--dump-dom")
        rows = Rows(page)
        self.assertEqual(rows.visible, ["client-disconnected.sessionBytesIn", "client-disconnected.sessionBytesOut"])
        self.assertRegex(page, r"<output[^>]*>2 rows</output>")
        self.assertIn("nothing", rows.hidden)
        # Names, known values and their meanings are searched too.
        self.assertEqual(Rows(self.open("?q=queryType", "--dump-dom")).visible, ["domain-blocked.queryType"])
        self.assertIn("client-disconnected.sessionDisconnectReason", Rows(self.open("?q=reached+its", "--dump-dom")).visible)

    def test_an_event_that_matches_as_a_whole_is_shown_with_its_fields(self):
        visible = Rows(self.open("?q=threat+signature+flow+matched+cyber", "--dump-dom")).visible
        self.assertIn("traffic-blocked.signatureId", visible)

    def test_a_search_without_results_says_so(self):
        rows = Rows(self.open("?q=%3Cscript%3E", "--dump-dom"))
        self.assertEqual(rows.visible, [])
        self.assertNotIn("nothing", rows.hidden)

    def test_a_link_to_a_row_that_the_search_hides_shows_it(self):
        page = Rows(self.open("?q=queryType#header.timestamp", "--dump-dom"))
        self.assertEqual(page.visible, self.rows)

    def test_it_is_printed_whole(self):
        self.open("", f"--print-to-pdf={self.work / 'page.pdf'}")
        pdf = (self.work / "page.pdf").read_bytes()
        pages = len(re.findall(rb"/Type /Page\b", pdf))
        self.assertTrue(3 <= pages <= 30, pages)
