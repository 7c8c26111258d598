"""A virtual environment of its own, beside this one: what is installed into it is gone after."""

from __future__ import annotations

import os
import subprocess
import sysconfig
import venv
from pathlib import Path


class FreshEnvironment:
    """Sees what is installed here; ``pip install`` goes into ``folder``, and asks no network."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False)
        self.python = folder / "bin" / "python"
        here = sysconfig.get_paths()["purelib"]
        inside = self.run("-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])")
        # Not the path alone: what is installed here in turn by .pth files is to be seen too.
        line = f"import site; site.addsitedir({here!r})\n"
        (Path(inside.stdout.strip()) / "outer.pth").write_text(line)

    def run(self, *arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """``python ARGUMENTS``."""
        command = [str(self.python), *map(str, arguments)]
        variables = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        return subprocess.run(
            command, cwd=cwd, env=variables, capture_output=True, text=True, check=False
        )

    def install(self, project: Path) -> None:
        """``pip install -e PROJECT``, with what is here in the place of the registry."""
        offline = ("--no-deps", "--no-build-isolation", "--disable-pip-version-check")
        ended = self.run("-m", "pip", "install", "-q", *offline, "-e", ".", cwd=project)
        assert ended.returncode == 0, ended.stdout + ended.stderr

    def ebmbench(self, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
        """``ebmbench ARGUMENTS``."""
        return self.run("-m", "ebmbench", *arguments, cwd=cwd)
