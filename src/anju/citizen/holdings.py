"""What of the residents' side belongs to organisations (PR-25.1)."""

from anju.identity.holdings import keeps

keeps("citizen.Notice", "条", "公告")
keeps("citizen.IdentityVerification", "次", "实名核验")
