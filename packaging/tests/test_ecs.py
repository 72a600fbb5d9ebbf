"""What events become in Elastic Common Schema, judged by its own definitions, and by the ingest pipeline that does the same."""

import json
import unittest

from ingest import Pipeline
from judges import JUDGES, converted, judged, lines, node, records
from support import ROOT, environment, fresh, run

ELASTIC = ROOT / "packaging/elastic"


class Ecs(unittest.TestCase):
    def judge(self, path):
        return json.loads(run("node", JUDGES / "ecs/judge.js", path, cwd=node("ecs"), env=environment()))

    def test_problem_07_the_definitions_of_ecs_accept_every_event(self):
        verdict = self.judge(converted("ecs"))
        self.assertEqual(verdict["problems"], {})
        self.assertGreater(verdict["events"], 10_000)
        # Not because little is written.
        self.assertGreater(verdict["fields"], 50)

    def test_the_judge_notices_defects(self):
        event = next(event for event in lines(converted("ecs")) if event["event"]["action"] == "client-disconnected")
        defects = {
            "a field that ECS does not have": lambda event: event["source"].update(uid="1"),
            "an empty address": lambda event: event["source"].update(ip=""),
            "a text as a number": lambda event: event["source"].update(bytes="7"),
            "a category that does not exist": lambda event: event["event"].update(category=["vpn"]),
            "a type that the category does not expect": lambda event: event["event"].update(type=["creation"]),
            "a single value for a list": lambda event: event["related"].update(ip="192.0.2.1"),
            "a list for a single value": lambda event: event["user"].update(name=["a"]),
            "milliseconds as nanoseconds": lambda event: event["event"].update(duration=event["event"]["duration"] // 10**6),
            "a time without its zone": lambda event: event.update({"@timestamp": "2023-12-20T10:45:14"}),
            "no version": lambda event: event.pop("ecs"),
            "an outcome of its own": lambda event: event["event"].update(outcome="ok"),
        }
        work = fresh("ecs-defects")
        for name, spoil in defects.items():
            broken = json.loads(json.dumps(event))
            spoil(broken)
            path = work / "events.jsonl"
            path.write_text(json.dumps(broken) + "\n")
            self.assertTrue(self.judge(path)["problems"], name)

    def test_bulk_requests_create_each_event_under_its_trace_id(self):
        bulk, events = lines(converted("ecs", "--layout", "bulk")), lines(converted("ecs"))
        self.assertEqual(bulk[1::2], events)
        for action, event in zip(bulk[::2], events, strict=True):
            self.assertEqual(action, {"create": {"_id": event["event"]["id"]}})

    def test_the_extract_is_that_of_the_definitions(self):
        extract = run("node", ROOT / "packaging/targets/ecs.js", env=environment(NODE_PATH=node("ecs") / "node_modules"))
        self.assertEqual(extract, (ROOT / "schema/targets/ecs-9.4.0.json").read_text())

    def test_elasticsearch_takes_the_pipeline(self):
        path = ELASTIC / "ingest-pipeline.json"
        found = judged("estceque", path)
        pipeline = json.loads(path.read_text())
        self.assertEqual(found, {"processors": len(pipeline["processors"]), "on_failure": len(pipeline["on_failure"])})
        broken = fresh("pipelines") / "broken.json"
        for change in [{"rename": {"feld": "message"}}, {"rename": {"field": "message"}}, {"move": {"field": "message"}}]:
            broken.write_text(json.dumps(pipeline | {"processors": [change]}))
            with self.assertRaises(AssertionError):
                judged("estceque", broken)

    def test_the_pipeline_makes_the_same_of_each_record(self):
        pipeline = Pipeline(json.loads((ELASTIC / "ingest-pipeline.json").read_text()))
        events = 0
        for record, expected in zip(records().read_text().splitlines(), lines(converted("ecs")), strict=True):
            try:
                document = pipeline.run(record)
            except ValueError as error:
                # RFC 3339 allows more spellings of a time than Elasticsearch reads. The vendor uses one.
                self.assertRegex(str(error), "^date: ")
                self.assertNotRegex(str(error), r"\d\d:\d\d:[0-5]\d\.\d{6}Z$")
                continue
            self.assertEqual(document.pop("_id"), expected["event"]["id"])
            self.assertEqual(document, expected, record)
            events += 1
        self.assertGreater(events, 10_000)
        unused = [pipeline.steps[index][1] for index, used in enumerate(pipeline.used) if used == 0]
        self.assertEqual(unused, [], "nothing tests these processors")

    def test_what_a_shipper_says_about_itself_is_not_in_the_way(self):
        pipeline = Pipeline(json.loads((ELASTIC / "ingest-pipeline.json").read_text()))
        added = {
            "@timestamp": "2026-01-01T00:00:00.000Z",
            "agent": {"type": "filebeat"},
            "ecs": {"version": "8.0.0"},
            "event": {"dataset": "generic"},
            "host": {"name": "shipper", "ip": ["192.0.2.77"]},
        }
        record = next(line for line in records().read_text().splitlines() if "client-disconnected" in line)
        alone = pipeline.run(record)
        self.assertEqual(pipeline.run(record, **json.loads(json.dumps(added))), alone | {"agent": added["agent"]})

    def test_the_template_has_a_type_for_each_field(self):
        template = json.loads((ELASTIC / "index-template.json").read_text())
        properties = template["template"]["mappings"]["properties"]

        def check(value, known, path):
            for key, inner in value.items():
                where = f"{path}.{key}" if path else key
                self.assertIn(key, known, where)
                if known[key].get("type") == "flattened":
                    continue
                if isinstance(inner, dict):
                    check(inner, known[key]["properties"], where)
                else:
                    self.assertIn("type", known[key], where)

        for event in lines(converted("ecs")):
            check(event, properties, "")


if __name__ == "__main__":
    unittest.main()
