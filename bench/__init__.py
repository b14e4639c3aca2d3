"""The measurement: `./dev bench` fills an installation of its own to a full city and says how fast it answers.

Everything is measured over HTTP as a browser would ask, beside the same statement in bare SQL and, on the same rows in
the same run, Directus. The figures and what they mean stand in docs/performance.md.
"""
