"""Tests the container image as far as possible without a daemon: its contents run in an otherwise empty file system."""

import os
import re
import shutil
import subprocess
import unittest

from support import DEMO, ROOT, VERSION, binary, environment, fresh, run

DOCKERFILE = (ROOT / "Dockerfile").read_text()


class Image(unittest.TestCase):
    def test_the_binary_is_static(self):
        headers = run("readelf", "--wide", "--program-headers", "--dynamic", binary(), env=environment(LC_ALL="C"))
        self.assertNotIn("INTERP", headers)
        self.assertNotIn("(NEEDED)", headers)
        self.assertEqual(run(binary(), "--version"), f"ccxlog {VERSION}\n")

    def test_the_binary_runs_in_an_otherwise_empty_file_system(self):
        image = fresh("scratch")
        (entry,) = re.findall(r'^ENTRYPOINT \["/(.+)"\]$', DOCKERFILE, re.M)
        (user,) = re.findall(r"^USER (\d+:\d+)$", DOCKERFILE, re.M)
        (data,) = re.findall(r"^WORKDIR /(\w+)$", DOCKERFILE.split("FROM scratch")[-1], re.M)
        self.assertNotIn("0", user.split(":"))
        self.assertIn(f"COPY --from=binary /ccxlog /{entry}", DOCKERFILE)
        (image / entry).parent.mkdir(parents=True)
        shutil.copy(binary(), image / entry)
        (image / data).mkdir()
        shutil.copy(DEMO, image / data)
        (image / data / DEMO.name).chmod(0o644)
        # Every container has these devices. Creating devices is not allowed everywhere, so use files of random bytes.
        (image / "dev").mkdir()
        for device in ["random", "urandom"]:
            (image / "dev" / device).write_bytes(os.urandom(64))
        if os.geteuid() == 0:
            chroot = ["chroot", f"--userspec={user}"]
        else:
            # Others can be root of a namespace of their own, where the system allows that, and it has no other users.
            chroot = ["unshare", "--map-root-user", "chroot"]
            allowed = subprocess.run([*chroot, "/", "true"], capture_output=True, text=True, check=False)
            if allowed.returncode != 0:
                self.skipTest(f"neither root nor allowed to be root of a namespace: {allowed.stderr.strip()}")
        log = run(*chroot, image, f"/{entry}", "validate", f"/{data}/{DEMO.name}", code=1)
        self.assertIn(f"{DEMO.name}:8:473", log)

    def test_a_release_puts_binaries_where_the_image_expects_them(self):
        workflow = (ROOT / ".github/workflows/release.yml").read_text()
        self.assertIn("COPY dist/${TARGETARCH}/ccxlog /ccxlog", DOCKERFILE)
        self.assertIn("for pair in amd64:x86_64 arm64:aarch64; do", workflow)
        self.assertIn('-C "dist/${pair%:*}" --strip-components=1', workflow)
        self.assertIn("--build-arg BINARY=released", workflow)
