"""The sandbox: stands in for the departments outside the platform, over their real protocol, with invented people.

It is a stranger to the platform: it imports nothing of it, and shares only the written protocol (`envelope.py`) and the
agreed key. The platform does not know whether the sandbox or the real department answers; only the address differs.

Which facts a person has follows from the identity number, so that the same person always gets the same answer and a
demonstration can pick people. Digits are counted from the left of the 18; the 18th is the check digit:

    15th  housing     0 1 2 none · 3 a small flat of one's own · 4 half of a flat · 5 a large flat · 6 public housing
                      7 resettlement flat · 8 a flat sold again · 9 the registry mixes in another person's record
    16th  marriage    0 1 2 9 never married · 3 4 5 6 married · 7 divorced · 8 widowed; two persons are married to each
                      other when both are married and their 16th digits are the same
    17th  insurance   0-3 paid every month · 4 5 with gaps · 6 7 gaps made up later · 8 9 none (odd: man, even: woman)

Documents that are no identity number take three digits of their digest instead. Minors own nothing and pay nothing.
A bank card ending in 0 is not the person's, one ending in 9 is reported lost, every other one matches.
`POST /control/people/{id_number}` overrides any of it for one person.
"""
