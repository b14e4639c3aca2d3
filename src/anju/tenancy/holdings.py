"""What of the tenancies belongs to organisations (PR-25.1)."""

from anju.identity.holdings import keeps

keeps("tenancy.Contract", "份", "合同")
