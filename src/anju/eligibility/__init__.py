"""资格审核 eligibility: from an application (申请) to the admission certificate (准入资格证), or to a reasoned refusal.

Terms: acceptance (受理), check (核查), preliminary review (初审), second review (复审), approval (核定), publicity (公示),
admission (准入), supplement (补件), case store (办件库).
"""
