"""What of construction belongs to organisations (PR-25.1)."""

from anju.identity.holdings import keeps

keeps("construction.Project", "个", "建设项目")
keeps("construction.LargeEstate", "件", "大居项目核定")
keeps("construction.PreSale", "件", "预售许可申请")
keeps("construction.Permit", "张", "预售许可证")
keeps("construction.PermitUnit", "套", "预售房屋")
keeps("construction.ArchiveItem", "份", "项目档案")
