"""Reads buckets of moto, a server independent of the one in the tests of the crates, and runs the recipes of docs/s3.md."""

import gzip
import json
import re
import unittest

from support import DEMO, ROOT, VALID, Moto, binary, fresh, run

# Runs a command, and stops it once its state file names the three objects of `fill`.
STOPPED = """\
#!/bin/sh
"$@" &
for _ in $(seq 600); do
    test "$(grep -c my-cloud bucket.state)" -ge 3 && break
    sleep 0.1
done
kill -TERM $!
wait $!
"""


def fill(client, bucket="my-logs", sample=VALID, count=3):
    client.create_bucket(Bucket=bucket)
    event = json.dumps(json.loads(sample.read_text())).encode() if sample == VALID else sample.read_bytes().strip()
    for number in range(count):
        body = gzip.compress(event + b"\n")
        client.put_object(Bucket=bucket, Key=f"CloudConnexa/my-cloud/{number:05}.jsonl.gz", Body=body)
    client.put_object(Bucket=bucket, Key="CloudConnexa/my-cloud/archive.zip", Body=b"PK")
    client.put_object(Bucket=bucket, Key="CloudConnexa/", Body=b"")


class Buckets(unittest.TestCase):
    def test_a_listing_of_three_pages_is_read_completely(self):
        with Moto() as moto:
            fill(moto.client(), count=2100)
            work = fresh("buckets/pages")
            output = run(binary(), "validate", "s3://my-logs/CloudConnexa/", cwd=work, env=moto.environment())
            self.assertRegex(output, r"(?m)^2,100 events in 2,100 inputs: all valid, 1 other file left out ")

    def test_a_scheduled_run_reads_only_what_is_new(self):
        with Moto() as moto:
            client = moto.client()
            fill(client)
            work = fresh("buckets/state")
            command = [binary(), "validate", "--state", "bucket.state", "s3://my-logs/CloudConnexa/my-cloud"]
            self.assertIn("3 events in 3 inputs", run(*command, cwd=work, env=moto.environment()))
            self.assertIn("3 inputs read before", run(*command, cwd=work, env=moto.environment()))
            key = "CloudConnexa/my-cloud/ü & +.jsonl"
            client.put_object(Bucket="my-logs", Key=key, Body=DEMO.read_bytes())
            output = run(*command, cwd=work, env=moto.environment(), code=1)
            self.assertIn(key, output)
            self.assertIn("4 inputs read before", run(*command, cwd=work, env=moto.environment()))

    def test_an_object_of_many_chunks_is_read_like_a_file(self):
        with Moto() as moto:
            client = moto.client()
            client.create_bucket(Bucket="my-logs")
            work = fresh("buckets/large")
            run(binary(), "sample", "--events", 60000, "-o", "events.jsonl", cwd=work)
            client.upload_file(str(work / "events.jsonl"), "my-logs", "events.jsonl")
            local = run(binary(), "validate", "events.jsonl", cwd=work)
            remote = run(binary(), "validate", "s3://my-logs/events.jsonl", cwd=work, env=moto.environment())
            self.assertEqual(remote.split(" MB,")[0], local.split(" MB,")[0])

    def test_missing_buckets_and_objects_are_reported(self):
        with Moto() as moto:
            fill(moto.client())
            work = fresh("buckets/missing")
            for input, text in [
                ("s3://my-logs/Nothing/", "no logs in `s3://my-logs/Nothing/`"),
                ("s3://other-logs/", "there is no such bucket"),
                ("s3://my-logs/none.jsonl", "there is no such object"),
                (f"{moto.url}/my-logs/none.jsonl", "there is no such object"),
            ]:
                with self.subTest(input):
                    self.assertIn(text, run(binary(), "validate", input, cwd=work, env=moto.environment(), code=2))

    def test_a_presigned_address_is_read(self):
        with Moto() as moto:
            client = moto.client()
            fill(client)
            object = {"Bucket": "my-logs", "Key": "CloudConnexa/my-cloud/00000.jsonl.gz"}
            url = client.generate_presigned_url("get_object", Params=object)
            output = run(binary(), "validate", url, cwd=fresh("buckets/signed"), env=moto.environment())
            self.assertRegex(output, r"(?m)^1 event in 1 input: all valid")

    def test_the_recipes_of_the_docs_work(self):
        text = (ROOT / "docs/s3.md").read_text()
        blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)
        self.assertEqual({kind for kind, _ in blocks}, {"sh", "json"})
        for kind, block in blocks:
            if kind == "json":
                actions = {action for statement in json.loads(block)["Statement"] for action in statement["Action"]}
                self.assertEqual(actions, {"s3:ListBucket", "s3:GetObject"})
        recipes = [block for kind, block in blocks if kind == "sh"]
        self.assertGreater(len(recipes), 3)
        for sample, code in [(VALID, 0), (DEMO, 1)]:
            for index, recipe in enumerate(recipes):
                with self.subTest(recipe, code=code), Moto() as moto:
                    fill(moto.client(), sample=sample)
                    work = fresh(f"buckets/recipe-{code}-{index}")
                    (work / "bin").mkdir()
                    (work / "bin/ccxlog").symlink_to(binary())
                    env = moto.environment()
                    env["PATH"] = f"{work / 'bin'}:{env['PATH']}"
                    recipe = recipe.replace("https://s3.example.com", moto.url)
                    # Following goes on until the process receives a signal.
                    (work / "bin/stopped").write_text(STOPPED)
                    (work / "bin/stopped").chmod(0o755)
                    recipe = recipe.replace("ccxlog validate --follow", "stopped ccxlog validate --follow")
                    run("bash", "-euo", "pipefail", "-c", recipe, cwd=work, env=env, code=code)
