"""What of the waiting lists belongs to organisations (PR-25.1)."""

from anju.identity.holdings import keeps

keeps("waiting.Entry", "户", "轮候家庭")
keeps("waiting.Batch", "个", "批次")
