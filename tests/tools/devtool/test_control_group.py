"""What is measured stands in a control group where it can, and leaves none behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools.devtool.control_group import own_group, top


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    """A tree of groups as the kernel shows it, with processors shared out below the top."""
    (tmp_path / "cpu,cpuacct").mkdir()
    (tmp_path / "cgroup.subtree_control").write_text("memory cpu pids\n")
    return tmp_path


def standing(groups: Path, text: str) -> Path:
    """A file that says where this process stands."""
    mine = groups / "mine"
    mine.write_text(text)
    return mine


def test_only_at_the_top_of_the_tree_a_group_is_wanted(groups: Path) -> None:
    assert top(standing(groups, "3:memory:/\n1:cpu,cpuacct:/\n0::/box\n"), groups) == groups / "cpu,cpuacct"
    assert top(standing(groups, "0::/\n"), groups) == groups
    assert top(standing(groups, "1:cpu,cpuacct:/box\n0::/box\n"), groups) is None
    (groups / "cgroup.subtree_control").write_text("memory\n")
    assert top(standing(groups, "0::/\n"), groups) is None
    assert top(groups / "nowhere", groups) is None


def test_this_process_is_put_into_a_group_and_back(groups: Path) -> None:
    mine = standing(groups, "0::/\n")
    (groups / "cgroup.procs").write_text("")
    with own_group(mine, groups) as stands:
        assert stands
        group = groups / f"anju-{os.getpid()}"
        assert (group / "cgroup.procs").read_text() == str(os.getpid())
        (group / "cgroup.procs").unlink()  # the kernel's own files are no obstacle to the end of a group
    assert (groups / "cgroup.procs").read_text() == str(os.getpid())
    assert not group.exists()


def test_where_none_may_be_made_the_measurement_goes_on(groups: Path) -> None:
    with own_group(standing(groups, "1:cpu,cpuacct:/\n"), groups / "nowhere") as stands:
        assert not stands
    with own_group(standing(groups, "0::/box\n"), groups) as stands:
        assert stands
