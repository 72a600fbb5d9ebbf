"""Runs the steps of the GitHub Action as a runner would, against a release on the local disk."""

import shutil
import unittest

import yaml

from support import DEMO, REPOSITORY, ROOT, VALID, VERSION, environment, fresh, release, run

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())


class Action(unittest.TestCase):
    def setUp(self):
        self.work = fresh(f"action/{self.id().rsplit('.', 1)[1]}")
        # Each test downloads and installs the release for itself.
        self.addCleanup(shutil.rmtree, self.work / "temp", ignore_errors=True)
        # A checkout, because reports name files relative to its root.
        run("git", "init", "-q", cwd=self.work)
        (self.work / "fixtures").mkdir()
        shutil.copy(DEMO, self.work / "fixtures/broken.jsonl")
        shutil.copy(VALID, self.work / "fixtures/valid.json")
        self.releases = release().as_uri()
        self.path = environment()["PATH"]
        self.server = "https://github.com"
        # A runner may have the real one, which does not know these archives.
        self.gh("exit 0")
        self.system = "Linux", "X64" if "x86_64" in str(list(release().rglob("*.tar.gz"))) else "ARM64"

    def gh(self, verify, help="--signer-workflow string"):
        """Puts a `gh` on the PATH that knows the flags in `help`, and runs `verify` to verify."""
        stub = self.work / "gh/gh"
        stub.parent.mkdir(exist_ok=True)
        stub.write_text(
            "#!/bin/sh\n"
            'case "$*" in\n'
            "--version) echo gh version 2.0.0 ;;\n"
            f"*--help) echo '{help}' ;;\n"
            f'*) printf "%s\\n" "$GH_TOKEN" "$@" >"{self.work}/gh/arguments"\n{verify} ;;\n'
            "esac\n"
        )
        stub.chmod(0o755)
        self.path = f"{stub.parent}:{environment()['PATH']}"

    def step(self, index, inputs, code=0):
        """Runs one step with the given inputs of a workflow, and returns its log and its outputs."""
        step = ACTION["runs"]["steps"][index]
        given = {name: default["default"] for name, default in ACTION["inputs"].items()} | inputs
        values = {f"${{{{ inputs.{name} }}}}": value for name, value in given.items()}
        values |= {"${{ github.action_path }}": str(ROOT), "${{ github.token }}": "the token"}
        files = {name: self.work / name for name in ["GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"]}
        for file in files.values():
            file.write_text("")
        env = environment(
            **{name: values[value] for name, value in step["env"].items()},
            **files,
            CI="true",
            GITHUB_ACTIONS="true",
            GITHUB_SERVER_URL=self.server,
            RUNNER_OS=self.system[0],
            RUNNER_ARCH=self.system[1],
            RUNNER_TEMP=self.work / "temp",
            CCXLOG_RELEASES=self.releases,
            PATH=self.path,
        )
        # This is how composite actions run `shell: bash`.
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        cwd = self.work / values.get(step.get("working-directory"), ".")
        log = run(*command, code=code, env=env, cwd=cwd)
        for added in files["GITHUB_PATH"].read_text().split():
            self.path = f"{added}:{self.path}"
        self.summary = files["GITHUB_STEP_SUMMARY"].read_text()
        return log, dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())

    def install_and_validate(self, code=0, **inputs):
        inputs = {name.replace("_", "-"): value for name, value in inputs.items()}
        self.step(0, inputs)
        return self.step(1, inputs, code=code)

    def test_the_action_installs_its_own_release_by_default(self):
        for version in ["", VERSION, f"v{VERSION}", "latest"]:
            with self.subTest(version):
                _, outputs = self.step(0, {"version": version})
                self.assertEqual(outputs, {"version": VERSION})

    def test_a_wrong_checksum_fails_the_step(self):
        assets = self.work / f"releases/download/v{VERSION}"
        shutil.copytree(release() / f"download/v{VERSION}", assets)
        (archive,) = assets.glob("*.tar.gz")
        archive.write_bytes(archive.read_bytes() + b"!")
        self.releases = (self.work / "releases").as_uri()
        log, outputs = self.step(0, {}, code=2)
        self.assertRegex(log, r"^::error title=ccxlog::.*has the SHA-256 \w{64}, but SHA256SUMS says \w{64}")
        self.assertEqual(outputs, {})
        self.assertFalse((self.work / "temp/ccxlog" / archive.name.removesuffix(".tar.gz")).exists(), "unpacked")

    def test_an_archive_without_a_checksum_fails_the_step(self):
        assets = self.work / f"releases/download/v{VERSION}"
        shutil.copytree(release() / f"download/v{VERSION}", assets)
        (assets / "SHA256SUMS").write_text(f"{'0' * 64}  another.tar.gz\n")
        self.releases = (self.work / "releases").as_uri()
        log, _ = self.step(0, {}, code=2)
        self.assertIn("does not list ccxlog-", log)

    def test_the_attestation_of_the_archive_is_verified(self):
        log, outputs = self.step(0, {})
        (archive,) = (self.work / "temp/ccxlog").glob("*.tar.gz")
        repository = REPOSITORY.removeprefix("https://github.com/")
        workflow = f"{repository}/.github/workflows/release.yml"
        self.assertTrue((ROOT / ".github/workflows/release.yml").is_file())
        arguments = ["attestation", "verify", str(archive), "--repo", repository, "--signer-workflow", workflow]
        self.assertEqual((self.work / "gh/arguments").read_text().splitlines(), ["the token", *arguments])
        self.assertEqual(log, f"The release workflow of {repository} built {archive.name}, as its attestation proves\n")
        self.assertEqual(outputs, {"version": VERSION})

    def test_an_attestation_that_does_not_verify_fails_the_step(self):
        self.gh("echo no attestations found >&2; exit 1")
        log, outputs = self.step(0, {}, code=2)
        self.assertRegex(log, r"no attestations found\n::error title=ccxlog::gh cannot verify that the release workflow of \S+ built")
        self.assertEqual(outputs, {})
        self.assertEqual([path.name for path in (self.work / "temp/ccxlog").iterdir() if path.is_dir()], [], "unpacked")

    def test_without_a_gh_that_can_verify_the_log_says_so(self):
        message = r"^The attestation of ccxlog-\S+ was not verified, only its checksum: "
        self.gh("exit 1", help="")
        log, outputs = self.step(0, {})
        self.assertRegex(log, message + r"gh is too old for it: gh version 2\.0\.0\n$")
        self.assertEqual(outputs, {"version": VERSION})
        # Nothing but what the script calls.
        bare = self.work / "bare"
        bare.mkdir()
        for name in "awk bash curl cut gzip head mkdir rm sed sha256sum tar".split():
            (bare / name).symlink_to(shutil.which(name))
        self.path = str(bare)
        log, outputs = self.step(0, {})
        self.assertRegex(log, message + r"there is no gh on the PATH\n$")
        self.assertEqual(outputs, {"version": VERSION})
        # GitHub Enterprise Server.
        self.gh("exit 1")
        self.server = "https://github.example.com"
        log, outputs = self.step(0, {})
        self.assertRegex(log, message + r"the token of this runner is not for github\.com\n$")
        self.assertEqual(outputs, {"version": VERSION})

    def test_the_token_reaches_only_gh(self):
        seen = self.work / "seen"
        cargo = self.work / "gh/cargo"
        cargo.write_text(f'#!/bin/sh\nenv >"{seen}"\nexit 1\n')
        cargo.chmod(0o755)
        self.step(0, {"install": "cargo"}, code=1)
        self.assertIn("CCXLOG_INSTALL=cargo", seen.read_text())
        self.assertNotIn("the token", seen.read_text())

    def test_an_impossible_installation_is_reported(self):
        for inputs, message in [
            ({"version": "9.9.9"}, "cannot download"),
            ({"version": "main"}, "must be like 1.2.3, or latest, but is `main`"),
            ({"version": "1.2.3\n::set-env name=A::b"}, "1.2.3%0A::set-env name=A::b`"),
            ({"install": "brew"}, "must be release, cargo, binstall or none, but is `brew`"),
        ]:
            with self.subTest(inputs):
                log, _ = self.step(0, inputs, code=2)
                self.assertIn("::error title=ccxlog::", log)
                self.assertIn(message, log)
        self.system = "Linux", "RISCV64"
        self.assertIn("no release has a binary for Linux on RISCV64", self.step(0, {}, code=2)[0])

    def test_findings_become_annotations_and_fail_the_step(self):
        log, outputs = self.install_and_validate(code=1, paths="fixtures/")
        self.assertRegex(log, r"(?m)^::error .*file=fixtures/broken\.jsonl,.*line=8")
        self.assertNotIn("valid.json", log)
        self.assertEqual(outputs, {"exit-code": "1"})
        self.assertIn("wrong-type", self.summary)

    def test_annotations_name_files_relative_to_the_root_of_the_checkout(self):
        log, _ = self.install_and_validate(code=1, working_directory="fixtures", paths="broken.jsonl")
        self.assertRegex(log, r"(?m)^::error .*file=fixtures/broken\.jsonl,.*line=8")

    def test_findings_can_be_left_to_a_later_step(self):
        _, outputs = self.install_and_validate(paths="fixtures/", fail_on_findings="false", sarif_file="out.sarif")
        self.assertEqual(outputs["exit-code"], "1")
        self.assertEqual(outputs["sarif-file"], str(self.work / "out.sarif"))
        self.assertIn('"wrong-type"', (self.work / "out.sarif").read_text())

    def test_an_unreadable_input_always_fails(self):
        _, outputs = self.install_and_validate(code=2, paths="missing.jsonl", fail_on_findings="false")
        self.assertEqual(outputs["exit-code"], "2")

    def test_valid_events_pass(self):
        _, outputs = self.install_and_validate(paths="\n  fixtures/valid.json\r\n\n")
        self.assertEqual(outputs, {"exit-code": "0"})

    def test_without_paths_the_config_file_names_the_inputs(self):
        (self.work / "below").mkdir()
        (self.work / "ccxlog.toml").write_text('inputs = ["fixtures/valid.json"]\n')
        _, outputs = self.install_and_validate(working_directory="below")
        self.assertEqual(outputs, {"exit-code": "0"})

    def test_without_any_inputs_the_step_fails(self):
        # Keeps ccxlog from finding the config file of this repository, which names inputs.
        (self.work / "ccxlog.toml").touch()
        self.install_and_validate(code=2)

    def test_inputs_become_arguments_and_are_never_run_as_shell_code(self):
        arguments = self.work / "arguments"
        stub = self.work / "bin/ccxlog"
        stub.parent.mkdir()
        stub.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >"{arguments}"\n')
        stub.chmod(0o755)
        self.path = f"{stub.parent}:{self.path}"
        evil = '$(touch hacked) `touch hacked`; "touch" \'hacked\' *'
        inputs = {
            "install": "none",
            "paths": f"a b.jsonl\n{evil}\n--help",
            "format": f"human\njunit={evil}",
            "sarif-file": evil,
            "config": evil,
            "baseline": evil,
            "strict": "true",
            "show-values": "true",
            "args": f"--deny=unknown-field\n--exclude={evil}",
        }
        self.step(1, inputs)
        expected = ["validate", "--format", "human", "--format", f"junit={evil}", "--format", f"sarif={evil}"]
        expected += ["--config", evil, "--baseline", evil, "--strict", "--show-values", "--deny=unknown-field"]
        expected += [f"--exclude={evil}", "--", "a b.jsonl", evil, "--help"]
        self.assertEqual(arguments.read_text().splitlines(), expected)
        self.assertFalse((self.work / "hacked").exists())
        for name in ["strict", "show-values", "fail-on-findings"]:
            log, _ = self.step(1, {"install": "none", name: "yes"}, code=2)
            self.assertIn(f"`{name}` must be true or false, but is `yes`", log)

    def test_expressions_reach_scripts_only_through_the_environment(self):
        for step in ACTION["runs"]["steps"]:
            self.assertNotIn("${{", step["run"])
        given = {value for step in ACTION["runs"]["steps"] for value in [*step["env"].values(), step.get("working-directory")]}
        for name in ACTION["inputs"]:
            self.assertIn(f"${{{{ inputs.{name} }}}}", given, "no step uses this input")
