"""网关: the one door for other systems, and what is behind it.

Terms: 服务 service (a set of operations under one name), 服务分类 class, 接入方 party (an outside system), 接入凭证
credential, 授权 grant, 权限级别 level, 接入角色 party role, 限流 limit, 调用日志 call log, 增量 increment, 订阅
subscription.

Every operation of the API belongs to a service. A party is authenticated at each call, reaches the operations of the
services granted to it and the rows of its scope, and is limited per service; all other packages see it as an `Actor` of
kind `party` and need not know that it is one.
"""
