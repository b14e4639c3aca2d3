"""租赁使用 tenancy: contracts of lease from draft to filing and to their end, and the papers that go with them.

Terms: contract registration (登记合同), signing (签约), filing (备案), filing notice (备案通知书), co-resident (同住人),
temporary occupant (临时人), termination at expiry (到期退租), early termination (提前退租), termination request (申退, 待退).
"""
