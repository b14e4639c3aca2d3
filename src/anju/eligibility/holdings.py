"""What of the eligibility belongs to organisations (PR-25.1)."""

from anju.identity.holdings import keeps

keeps("eligibility.Agency", "个", "受理机构")
keeps("eligibility.Certificate", "份", "资格证")
keeps("eligibility.Publicity", "次", "公示")
keeps("eligibility.DeletionRequest", "件", "删除申请")
