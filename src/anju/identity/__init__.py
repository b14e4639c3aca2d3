"""Identity: organisations (机构), accounts (账号), roles (角色), sessions (会话), and the actor behind each request.

Accounts are issued by an administrator (PR-01.1). A role lists rights and how far they reach; the widest reach of an
account's roles counts. Sessions live in the database, so ending one ends it at the next request.
"""
