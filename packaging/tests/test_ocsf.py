"""What events become in OCSF, judged by JSON Schemas and models that others made of its definitions."""

import collections
import json
import unittest

from judges import converted, judged, lines, python
from support import ROOT, fresh, run

VERSIONS = {"1.8.0": "1.8", "1.1.0": "1.1"}


def events(version):
    """Returns a file with the events in a version."""
    return converted("ocsf", "--ocsf-version", version)


class Ocsf(unittest.TestCase):
    def test_problem_07_the_json_schemas_accept_every_event(self):
        for version, short in VERSIONS.items():
            verdict = judged("ocsf", version, events(short))
            self.assertEqual(verdict["problems"], {}, version)
            self.assertGreater(verdict["events"], 10_000)
            self.assertEqual(verdict["kinds"], 6)

    def test_problem_07_the_models_accept_every_event(self):
        for version, short in VERSIONS.items():
            verdict = judged("pydantic-ocsf", version, events(short))
            self.assertEqual(verdict["problems"], {}, version)
            self.assertGreater(verdict["events"], 10_000)

    def test_problem_01_times_are_milliseconds_and_the_version_is_stated(self):
        for version, short in VERSIONS.items():
            for event in lines(events(short)):
                self.assertTrue(10**12 <= event["time"] < 10**13, event["time"])
                self.assertEqual(event["metadata"]["version"], version)

    def test_the_judges_notice_defects(self):
        events_of_1_8 = lines(events("1.8"))
        session = next(event for event in events_of_1_8 if event["metadata"]["event_code"] == "client-disconnected")
        flow = next(event for event in events_of_1_8 if event["metadata"]["event_code"] == "flow-established")
        defects = {
            "a path that the class does not have": (session, lambda event: event.update(query={"hostname": "a"})),
            "seconds as milliseconds": (session, lambda event: event.update(time=event["time"] // 1000)),
            "a time as text": (session, lambda event: event.update(time="2023-12-20T10:45:14Z")),
            "an empty address": (session, lambda event: event["src_endpoint"].update(ip="")),
            "no severity": (session, lambda event: event.pop("severity_id")),
            "another version": (session, lambda event: event["metadata"].update(version="1.7.0")),
            "an activity that does not exist": (session, lambda event: event.update(activity_id=42)),
            "a text that is not that of its number": (session, lambda event: event.update(status="Failure")),
            "a type of another activity": (session, lambda event: event.update(type_uid=401403)),
            "a profile that is not declared": (flow, lambda event: event["metadata"].pop("profiles")),
            "a text as a port": (flow, lambda event: event["dst_endpoint"].update(port="443")),
            "a user without a name": (flow, lambda event: event["actor"].update(user={})),
        }
        work, noticed = fresh("ocsf-defects"), collections.Counter()
        for name, (event, spoil) in defects.items():
            broken = json.loads(json.dumps(event))
            spoil(broken)
            path = work / "events.jsonl"
            path.write_text(json.dumps(broken) + "\n")
            by = [judge for judge in ["ocsf", "pydantic-ocsf"] if judged(judge, "1.8.0", path)["problems"]]
            self.assertTrue(by, name)
            noticed.update(by)
        # Neither would do alone.
        self.assertTrue(all(count < len(defects) for count in noticed.values()), noticed)

    def test_the_extracts_are_those_of_the_definitions(self):
        for version in VERSIONS:
            extract = run(python("ocsf"), "-P", ROOT / "packaging/targets/ocsf.py", version, cwd=fresh("extract"))
            self.assertEqual(extract, (ROOT / f"schema/targets/ocsf-{version}.json").read_text())


if __name__ == "__main__":
    unittest.main()
