"""The citizen's side: accounts by telephone, real-name verification, the application draft, cities and notices.

Terms: resident account (居民账号), text-message code (短信验证码), real-name verification (实名认证), application draft
(申请草稿), city (城市), notice (公告). Cases, waiting and contracts answer residents from their own contexts.
"""
