"""What of construction belongs to organisations (PR-25.1)."""

from anju.identity.holdings import keeps

keeps("construction.Project", "个", "建设项目")
keeps("construction.LargeEstate", "件", "大居项目核定")
keeps("construction.PreSale", "件", "预售许可申请")
keeps("construction.Permit", "张", "预售许可证")
keeps("construction.PermitUnit", "套", "预售房屋")
keeps("construction.Developer", "件", "建设主体")
keeps("construction.Plan", "件", "建设计划")
keeps("construction.PlanPlot", "块", "计划地块")
keeps("construction.Implementation", "件", "计划实施")
keeps("construction.Agreement", "件", "建设协议")
keeps("construction.Progress", "件", "建设进度")
keeps("construction.BuildingProgress", "幢", "楼幢进度")
keeps("construction.Bridging", "件", "搭桥供应")
keeps("construction.SaleRecognition", "件", "预售认定")
keeps("construction.ArchiveItem", "份", "项目档案")
