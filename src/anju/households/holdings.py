"""What of the households belongs to organisations (PR-25.1): persons through the offices that deal with them."""

from anju.identity.holdings import keeps

keeps("households.Dealing", "名", "人员")
