"""The mappings that come with Kept, and the file of any."""

from importlib.resources import files
from pathlib import Path

from kept.errors import MappingError


def shipped() -> tuple[str, ...]:
    """The names of the mappings that come with Kept."""
    folder = files("kept.records").joinpath("mappings")
    return tuple(sorted(Path(item.name).stem for item in folder.iterdir() if item.name.endswith(".yaml")))


def find(path_or_name: str | Path) -> Path:
    """The file of a mapping, given by its path or, for a shipped one, by its name."""
    if str(path_or_name) in shipped():
        return Path(str(files("kept.records").joinpath("mappings", f"{path_or_name}.yaml")))
    if Path(path_or_name).is_file():
        return Path(path_or_name)
    raise MappingError(
        f"There is no mapping {path_or_name}.",
        why="It is neither a file nor the name of a shipped mapping.",
        what_to_do=f"Give the path of a YAML file, or one of: {', '.join(shipped())}.",
    )
