"""The catalogue of acceptance checks (`docs/requirements/*.toml`) and the tests that demonstrate them: `tools/coverage`.

`requirements` reads the catalogue, `marks` finds what tests say they demonstrate, `page` writes the page, `main` is the
command line. Only the standard library is used, so that the command runs before anything is installed.
"""
