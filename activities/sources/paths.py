"""Which files a charter may name: those in the data folder, and in folders that the worker allows besides."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from domain.errors import SourceFailed

# Names of files that a message lists.
_LISTED = 20


def matching(pattern: str, data_root: Path, folders: Sequence[Path] = ()) -> tuple[Path, ...]:
    """Return the files of a path or glob, resolved, in order of their names.

    Args:
        pattern: relative to the data folder, or absolute within one of `folders`.
        data_root: the worker's data folder.
        folders: what else the worker allows to be read.

    Raises:
        SourceFailed: `path_not_allowed` when it leads out of these folders, also by a link;
            `no_such_file` with the nearest name; `empty`.
    """
    roots = tuple(root.resolve() for root in (data_root, *folders))
    base, rest = _divided(pattern, roots)
    named = base / rest
    found = [named] if named.exists() else sorted(base.glob(rest)) if rest else []
    paths = tuple(path.resolve() for path in found if path.is_file())
    if not paths:
        raise SourceFailed("no_such_file", _missing(pattern, named, at_home=base == roots[0]))
    for path in paths:
        if not any(path.is_relative_to(root) for root in roots):
            raise SourceFailed(
                "path_not_allowed",
                f"{pattern}: a link leads out of the worker's data folder. Put the file itself there.",
            )
    if not any(path.stat().st_size for path in paths):
        raise SourceFailed("empty", f"{pattern}: the file has no content. It needs a header and rows.")
    return paths


def _divided(pattern: str, roots: Sequence[Path]) -> tuple[Path, str]:
    """Return the allowed folder that a path begins in, and the rest of it."""
    path = Path(pattern)
    if ".." in path.parts or "://" in pattern:
        raise _refused(pattern, "Write the path relative to it, without `..`.")
    if not path.is_absolute():
        return roots[0], pattern
    for root in roots[1:]:
        if path.is_relative_to(root):
            return root, path.relative_to(root).as_posix()
    # Folders that the worker's owner allows are not told: charters are written by others.
    raise _refused(pattern, f"Write the path relative to it, or let BST_FOLDERS name {path.parent}.")


def _refused(pattern: str, cure: str) -> SourceFailed:
    return SourceFailed(
        "path_not_allowed", f"{pattern}: only files in the worker's data folder can be read. {cure}"
    )


def _missing(pattern: str, named: Path, *, at_home: bool) -> str:
    folder = named.parent
    there = sorted(p.name for p in folder.iterdir() if p.is_file()) if folder.is_dir() else []
    near = get_close_matches(named.name, there, n=1)
    listed = f"there are {', '.join(there[:_LISTED])}" if there else "there are no files"
    meant = f" Did you mean {near[0]}?" if near else ""
    where = " in the worker's data folder" if at_home else ""
    return f"{pattern}: no such file{where}; in that place {listed}.{meant}"
