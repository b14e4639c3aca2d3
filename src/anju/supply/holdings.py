"""What of the supply belongs to organisations (PR-25.1)."""

from anju.identity.holdings import keeps
from anju.identity.moving import moves_along, moves_by_trigger

keeps("supply.Operator", "个", "运营机构", column="organisation")
keeps("supply.Operator", "个", "运营机构登记")
keeps("supply.Project", "个", "项目")
keeps("supply.Estate", "个", "小区")
keeps("supply.Building", "栋", "楼")
keeps("supply.Unit", "套", "房源")
keeps("supply.Room", "间", "房间")
keeps("supply.Bed", "个", "床位")

moves_along("supply.Unit", "lent_path")
moves_by_trigger("supply.UnitCount")
