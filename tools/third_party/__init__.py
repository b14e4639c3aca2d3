"""Whose work is in Anju and under which licence: `tools/licences` writes THIRD_PARTY.md.

`packages` reads the lock files and what is installed, `data` names what is no package, `page` writes the page. Only the
standard library is used.
"""
