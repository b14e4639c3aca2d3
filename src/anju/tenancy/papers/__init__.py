"""Papers of a tenancy in an office's own words, and who may print which paper (SH-066).

An office keeps contract templates (合同模板) a programme and estate; each has versions, and a contract is printed by the
version of the day. Print rights (打印权限) narrow who may print a kind of paper, by organisation, role and programme.
"""
