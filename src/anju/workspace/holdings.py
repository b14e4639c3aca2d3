"""What of the messages belongs to organisations (PR-25.1)."""

from anju.identity.holdings import keeps

keeps("workspace.Sms", "条", "短信记录")
