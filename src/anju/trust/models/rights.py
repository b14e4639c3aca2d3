"""Signatures over who holds what: rows of identity's tables, signed in the transaction that wrote them."""

from __future__ import annotations

from django.db import models


class SignedBatch(models.Model):
    """One SM2 signature over the rows that one statement wrote."""

    content = models.BinaryField("所签内容")
    signature = models.BinaryField("签名")
    signed_at = models.DateTimeField("签名时间")


class SignedRow(models.Model):
    """A row that carries a signature: SM3 over its text, and the batch that was signed."""

    table = models.CharField("表", max_length=60)
    row = models.BigIntegerField("行")
    account = models.BigIntegerField("账号", default=0)
    digest = models.BinaryField("摘要", max_length=32)
    batch = models.ForeignKey(SignedBatch, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "row"], name="trust_signed_once")]
        indexes = [models.Index(fields=["account"], name="trust_signed_account")]
