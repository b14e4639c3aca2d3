"""What of construction belongs to organisations (PR-25.1)."""

from anju.identity.holdings import keeps

keeps("construction.LargeEstate", "件", "大居项目核定")
keeps("construction.ArchiveItem", "份", "项目档案")
