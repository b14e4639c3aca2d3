"""What of the messages belongs to organisations (PR-25.1)."""

from anju.identity.holdings import keeps

keeps("workspace.Sms", "条", "短信记录")
keeps("workspace.Mail", "封", "邮件记录")
keeps("workspace.OfficeNotice", "条", "公告")
keeps("workspace.Task", "件", "待办任务")
