"""Passwords an account had: the newest of them may not come back."""

from __future__ import annotations

from django.db import models

from anju.identity.models.accounts import Account


class OldPassword(models.Model):
    """A hash that an account had until `replaced_at`."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="old_passwords", verbose_name="账号")
    password = models.CharField("密码", max_length=200)
    replaced_at = models.DateTimeField("停用时间")

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="identity_old_password")]
