"""Slow steps are skipped exactly while nothing changed."""

from __future__ import annotations

from pathlib import Path

from tools.devtool import node_packages, stamps


def test_a_step_is_current_only_for_the_value_it_was_done_for(tmp_path: Path) -> None:
    assert not stamps.is_current("web", "a", tmp_path)
    stamps.put("web", "a", tmp_path)
    assert stamps.is_current("web", "a", tmp_path)
    assert not stamps.is_current("web", "b", tmp_path)


def test_the_digest_sees_content_name_and_a_file_more(tmp_path: Path) -> None:
    first = tmp_path / "one.ts"
    first.write_text("1")
    seen = {stamps.digest([first], tmp_path)}
    first.write_text("2")
    seen.add(stamps.digest([first], tmp_path))
    moved = first.rename(tmp_path / "two.ts")
    seen.add(stamps.digest([moved], tmp_path))
    other = tmp_path / "three.ts"
    other.write_text("2")
    seen.add(stamps.digest([moved, other], tmp_path))
    assert len(seen) == 4


def test_the_digest_does_not_depend_on_the_order(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("b", "a")]
    for path in files:
        path.write_text(path.name)
    assert stamps.digest(files, tmp_path) == stamps.digest(files[::-1], tmp_path)


def test_what_a_build_makes_is_no_source(tmp_path: Path) -> None:
    for name in ("office/src/main.ts", "office/dist/index.html", "office/node_modules/vue/index.js", "index.html"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert {str(path.relative_to(tmp_path)) for path in node_packages.sources(tmp_path)} == {
        "office/src/main.ts",
        "index.html",
    }
