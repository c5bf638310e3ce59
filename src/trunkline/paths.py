"""Where a project keeps its artefacts and its database.

dbt resolves the two by different rules: artefacts lie under the target path, which is relative to
the project; a relative database path of the profile is relative to the working directory. This
module is the only one that knows both.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, TemplateError

from trunkline.errors import NotBuiltError, TrunklineError

PROJECT_FILE = "dbt_project.yml"
MANIFEST = "manifest.json"
SEMANTIC_MANIFEST = "semantic_manifest.json"


@dataclass(frozen=True)
class ProjectPaths:
    """The places that everything outside dbt reads.

    Attributes:
        project: Folder of ``dbt_project.yml``.
        target: Folder that dbt writes its artefacts to.
        database: The DuckDB file that dbt builds.
    """

    project: Path
    target: Path
    database: Path

    @property
    def manifest(self) -> Path:
        """The manifest: models, columns, lineage, groups."""
        return self.target / MANIFEST


def resolve_paths(
    project: Path | None = None, target: Path | None = None, database: Path | None = None
) -> ProjectPaths:
    """Find the project, its artefacts and its database as dbt would.

    Args:
        project: Folder of ``dbt_project.yml``; default ``DBT_PROJECT_DIR``, else the working
            directory or the nearest folder above it that holds one.
        target: Target folder; default ``DBT_TARGET_PATH``, else the project's ``target-path``.
        database: DuckDB file; default the ``path`` of the profile's target.

    Returns:
        Absolute paths. Target and database need not exist yet.

    Raises:
        NotBuiltError: If there is no project.
        TrunklineError: If the project or profile cannot be understood.
    """
    root = resolve_project(project)
    return ProjectPaths(
        project=root,
        target=resolve_target(root, target),
        database=(database or _profile_database(root)).resolve(),
    )


def resolve_project(project: Path | None = None) -> Path:
    """Find the folder of ``dbt_project.yml``.

    Args:
        project: The folder, if it is known.

    Returns:
        An absolute path.

    Raises:
        NotBuiltError: If there is no project.
    """
    root = (project or _project_folder()).resolve()
    if not (root / PROJECT_FILE).is_file():
        raise NotBuiltError(
            f"There is no {PROJECT_FILE} in {root}. Run the command inside the project or set "
            "DBT_PROJECT_DIR."
        )
    return root


def resolve_target(project: Path | None = None, target: Path | None = None) -> Path:
    """Find the folder of dbt's artefacts, which is relative to the project.

    Args:
        project: Folder of ``dbt_project.yml``; default as ``resolve_project`` finds it.
        target: Target folder; default ``DBT_TARGET_PATH``, else the project's ``target-path``.

    Returns:
        An absolute path. It need not exist yet.

    Raises:
        NotBuiltError: If the path is relative and there is no project.
    """
    chosen = target or (Path(text) if (text := _setting("DBT_TARGET_PATH")) else None)
    if chosen is not None and chosen.is_absolute():
        return chosen.resolve()
    root = resolve_project(project)
    default = _read_yaml(root / PROJECT_FILE).get("target-path", "target")
    return (root / (chosen or default)).resolve()


def running_target() -> Path:
    """Find the target folder of the dbt invocation that runs in this process.

    Returns:
        The folder to which this invocation has written its artefacts.
    """
    from dbt import flags

    chosen: str | None = flags.GLOBAL_FLAGS.TARGET_PATH
    here = Path.cwd()  # dbt moves into the project before it runs a model
    return resolve_target(here, Path(chosen) if chosen else None)


def require_artefact(path: Path) -> Path:
    """Return an artefact's path if dbt has written it.

    Args:
        path: A manifest in the target folder.

    Returns:
        The same path.

    Raises:
        NotBuiltError: If the file is not there.
    """
    if not path.is_file():
        raise NotBuiltError(
            f"{path} does not exist. Run `make build` (or `dbt parse`) first, or set "
            "DBT_TARGET_PATH to the target folder of the build."
        )
    return path


def require_database(path: Path) -> Path:
    """Return the database's path if a build has written it.

    Args:
        path: The DuckDB file.

    Returns:
        The same path.

    Raises:
        NotBuiltError: If the file is not there.
    """
    if not path.is_file():
        raise NotBuiltError(
            f"There is no database at {path}. Run `make build` (or `dbt build`) first, or set "
            "TRUNKLINE_DATABASE to the file."
        )
    return path


def _setting(name: str) -> str | None:
    """Read a dbt setting from the environment, under its newer name first."""
    return os.environ.get(name.replace("DBT_", "DBT_ENGINE_", 1)) or os.environ.get(name)


def _project_folder() -> Path:
    chosen = _setting("DBT_PROJECT_DIR")
    if chosen:
        return Path(chosen)
    here = Path.cwd()
    return next(
        (folder for folder in (here, *here.parents) if (folder / PROJECT_FILE).is_file()), here
    )


def _profile_database(root: Path) -> Path:
    profile_name = str(_read_yaml(root / PROJECT_FILE).get("profile", ""))
    chosen = _setting("DBT_PROFILES_DIR")
    folders = [Path(chosen)] if chosen else [Path.cwd(), root, Path.home() / ".dbt"]
    files = [file for folder in folders if (file := folder / "profiles.yml").is_file()]
    found = {
        file: profile
        for file in files
        if isinstance(profile := _read_yaml(file).get(profile_name), dict)
    }
    if not found:
        raise NotBuiltError(
            f"No profiles.yml in {', '.join(map(str, folders))} has the profile {profile_name!r}. "
            "Set DBT_PROFILES_DIR to the folder of one that has."
        )
    file, profile = next(iter(found.items()))
    name = _render(str(_setting("DBT_TARGET") or profile.get("target", "default")), file)
    output = profile.get("outputs", {}).get(name)
    if not isinstance(output, dict) or output.get("type") != "duckdb":
        raise TrunklineError(
            f"The target {name!r} of {profile_name!r} in {file} is not a DuckDB one."
        )
    return Path(_render(str(output.get("path", ":memory:")), file))


def _render(text: str, file: Path) -> str:
    def env_var(name: str, default: str | None = None) -> str:
        value = os.environ.get(name, default)
        if value is None:
            raise TrunklineError(f"{file} needs the environment variable {name}.")
        return value

    try:
        return Environment().from_string(text).render(env_var=env_var)
    except TemplateError as error:
        raise TrunklineError(f"{file}: {text!r} cannot be rendered ({error}).") from error


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise TrunklineError(f"{path} is not valid YAML ({error}).") from error
    return content if isinstance(content, dict) else {}
