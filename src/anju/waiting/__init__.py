"""轮候配租 waiting: from the certificate to the choice of a unit.

Terms: intention form (意向表), waiting entry (轮候登记), place (位次), batch (批次), batch period (批次周期), unit request
(要房申请), viewing appointment (预约看房), choice (选房). A household leaves the queue on signing, on exit or on removal;
being called does not take its place away (ruling SH-051/053).
"""
